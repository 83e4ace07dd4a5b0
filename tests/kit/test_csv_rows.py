"""CSV that a spreadsheet shows and never runs."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remotehandsd.kit.csv_rows import csv_rows, may_be_formula


def _written(*rows: list[object]) -> bytes:
    return b"".join(csv_rows(["id", "title"], rows))  # type: ignore[arg-type]


def test_bytes() -> None:
    assert _written(["WO1000001", 'Say "hello", please;\r\nthen go'], [-5, None]) == (
        b'\xef\xbb\xbf"id","title"\r\n"WO1000001","Say ""hello"", please;\r\nthen go"\r\n"-5",""\r\n'
    )
    assert _written(["東京", "\ud800"]).decode("utf-8-sig").endswith('"東京","?"\r\n')


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\tplain",
    "  =1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "\x01=1",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff20x",
    "\ufe661",
    "\u207a1",
    "\u22121",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_could_be_a_formula_is_guarded(text: str) -> None:
    [_, [cell]] = csv.reader(io.StringIO(_written([text]).decode("utf-8-sig"), newline=""))
    assert cell == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", " ", "plain", "a=b", "7 = 7", "'=1", "%x", "|x", '"=1"', "2026-11-25 10:00:00", "é", "(1)"]
)
def test_what_is_none_stays(text: str) -> None:
    [_, [cell]] = csv.reader(io.StringIO(_written([text]).decode("utf-8-sig"), newline=""))
    assert cell == text


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), min_size=1, max_size=4))
def test_what_is_read_is_what_was_written(cells: list[str]) -> None:
    [_, read] = csv.reader(io.StringIO(_written(list(cells)).decode("utf-8-sig"), newline=""), strict=True)
    assert read == [f"'{cell}" if may_be_formula(cell) else cell for cell in cells]
