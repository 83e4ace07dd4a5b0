"""Numbers in memory that processes share."""

import os

import pytest

from remotehandsd.kit import sheets
from remotehandsd.kit.sheets import NAME_BYTES, Sheet


def test_what_is_counted_stands_in_its_row() -> None:
    sheet = Sheet(3)
    assert list(sheet.rows()) == []
    sheet.row("first")[0] += 1
    sheet.row("second")[2] += 0.5
    sheet.row("first")[0] += 1
    assert list(sheet.rows()) == [("first", [2.0, 0.0, 0.0]), ("second", [0.0, 0.0, 0.5])]


def test_whoever_takes_it_next_goes_on_with_it() -> None:
    sheet = Sheet(1)
    assert sheet.times_taken == 0
    for times in (1, 2, 3):
        sheet.take()
        sheet.row("answers")[0] += 1
        assert list(sheet.rows()) == [("answers", [times])]
        assert sheet.times_taken == times
        assert sheet.pid == os.getpid()


def test_a_full_sheet_keeps_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "ROWS", 3)
    sheet = Sheet(1)
    for number in range(3):
        sheet.row(str(number) * NAME_BYTES)[0] = number
    sheet.row("one too many")[0] += 1
    sheet.row("0" * NAME_BYTES)[0] += 1
    assert [(name[0], numbers) for name, numbers in sheet.rows()] == [("0", [1.0]), ("1", [1.0]), ("2", [2.0])]
