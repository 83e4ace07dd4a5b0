"""One clear line, the right exit code, no traceback."""

import json
import os
import subprocess
from collections.abc import Callable

import pytest

from cast import Server
from live import SECRET
from odd import Family, Reply, refused, serving
from remotehands.cli.faults import Exit
from terminal import COMMAND, Done, Environment, typed

pytestmark = pytest.mark.engine("sqlite")
PAGE = Reply(200, b"<!doctype html><title>Welcome</title>", {"Content-Type": "text/html"})
SHOW = ("ticket", "show", "WO1000000")


def user_of(user: Environment, url: str) -> Environment:
    return user | {"REMOTEHANDS_URL": url, "REMOTEHANDS_CLIENT_ID": "a", "REMOTEHANDS_CLIENT_SECRET": "b"}


def fault(done: Done, code: Exit) -> str:
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    (line,) = done.stderr.splitlines()
    return line


def test_a_wrong_secret(user: Environment, live: Server) -> None:
    wrong = user_of(user, live.url) | {"REMOTEHANDS_CLIENT_ID": "ada"}
    assert fault(typed(wrong, "sites"), Exit.NOT_ALLOWED) == "Unauthorized. Client credentials are invalid."


def test_no_permission(user: Environment, live: Server) -> None:
    eve = user_of(user, live.url) | {"REMOTEHANDS_CLIENT_ID": "eve", "REMOTEHANDS_CLIENT_SECRET": SECRET.format("eve")}
    assert fault(typed(eve, *SHOW), Exit.NOT_ALLOWED) == "The requested operation is not permitted for the user."


def test_an_account_of_somebody_else(hands: Callable[..., Done]) -> None:
    line = fault(hands("--account", "0022B00002CcEF3GHI", "sites"), Exit.NOT_ALLOWED)
    assert line.startswith("This credential may not act for the account 0022B00002CcEF3GHI; it may for 0011A")


def test_a_wrong_host(user: Environment) -> None:
    line = fault(typed(user_of(user, "https://hands.invalid"), "sites"), Exit.UNAVAILABLE)
    assert line.startswith("hands.invalid cannot be reached: ")


def test_a_wrong_address(hands: Callable[..., Done]) -> None:
    assert fault(hands("--url", "ftp://x", "sites"), Exit.FAILED).startswith("'ftp://x' is no address of a server")


def test_what_is_no_text(hands: Callable[..., Done]) -> None:
    odd = os.fsdecode(b"\xff")
    for arguments in (("ticket", "show", odd), ("locations", odd), ("ticket", "comment", "WO1", odd)):
        line = fault(hands(*arguments), Exit.WRONG_USAGE)
        assert line == "Something that was typed, or a file's name, is no text in UTF-8."


def test_a_server_of_web_pages(user: Environment) -> None:
    with serving(lambda _: PAGE) as url:
        assert "no JSON" in fault(typed(user_of(user, url), "sites"), Exit.FAILED)


def test_tls_where_there_is_none(user: Environment, live: Server) -> None:
    wrong = user_of(user, live.url.replace("http:", "https:"))
    assert f"a server without it is written {live.url}." in fault(typed(wrong, "sites"), Exit.UNAVAILABLE)


@pytest.mark.parametrize(
    ("reply", "code", "said"),
    [
        (refused(404, "Resource not found."), Exit.NOT_FOUND, "Resource not found."),
        (refused(400, "Request is invalid."), Exit.WRONG_USAGE, "Request is invalid."),
        (
            refused(400, "The requested operation is not permitted for the status 'Completed'."),
            Exit.REFUSED,
            "The requested operation is not permitted for the status 'Completed'.",
        ),
        (refused(429, "Too many requests.", **{"Retry-After": "3600"}), Exit.UNAVAILABLE, "Too many requests."),
        (refused(503, "Away.", **{"Retry-After": "3600"}), Exit.UNAVAILABLE, "Away. (correlation id "),
        (
            refused(500, "There was an unexpected system error."),
            Exit.FAILED,
            "There was an unexpected system error. (corr",
        ),
        (refused(404, "evil\x1b[31m\r\nsecond"), Exit.NOT_FOUND, "evil\\x1b[31m"),
        (
            Reply(301, b"", {"Location": "https://elsewhere.example/"}),
            Exit.FAILED,
            "The server answered with a redirect",
        ),
    ],
)
def test_what_servers_say(user: Environment, reply: Reply, code: Exit, said: str) -> None:
    family = Family()
    family.before = [reply]
    with serving(family) as url:
        done = typed(user_of(user, url), *SHOW)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(said)
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",), ("ticket", "nonsense"), ("ticket", "show"), ("sites", "-o", "xml"), ("ticket", "list", "--limit", "0"),
        ("--nonsense",),
    ],
)  # fmt: skip
def test_wrong_usage(user: Environment, arguments: tuple[str, ...]) -> None:
    done = typed(user, *arguments)
    assert (done.returncode, done.stdout) == (2, "")


def test_a_reader_who_has_seen_enough(hands: Callable[..., Done], ada_there: Environment) -> None:
    process = subprocess.Popen([*COMMAND, "categories"], env=ada_there, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    process.stdout.close()
    assert process.stderr
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(20) == 0


def test_a_terminal_that_cannot_show_everything(hands: Callable[..., Done]) -> None:
    done = hands("ticket", "list", "-o", "table", "--limit", "1", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 0
    assert json.loads(hands("sites", PYTHONIOENCODING="ascii").stdout)
