"""Mail as the operator sets it up: settings that cannot be, and `check`."""

import asyncio
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from postoffice import HOST, NOT_LOOPBACK, PASSWORD, USER, Certificates, post_office
from remotehandsd.settings import Settings, WrongSetting, read_settings

Command = Callable[..., subprocess.CompletedProcess[str]]

FROM = {"REMOTEHANDS_MAIL_FROM": "hands@operator.example"}


@pytest.fixture
async def checked(command: Command) -> Callable[..., object]:
    """Run `check` on a migrated database, beside the test's own mail server."""
    assert (await asyncio.to_thread(command, "migrate")).returncode == 0

    async def check(**more: str) -> subprocess.CompletedProcess[str]:
        return await asyncio.to_thread(command, "check", **more)

    return check


async def test_check_signs_in_and_sends_nothing(checked: Callable[..., object], tmp_path: Path) -> None:
    authority = Certificates()
    authority.write(str(tmp_path / "ca.pem"))
    trust = {"SSL_CERT_FILE": str(tmp_path / "ca.pem")}
    async with post_office(starttls=authority.for_host(NOT_LOOPBACK), wants_sign_in=True) as office:
        where = f"{NOT_LOOPBACK}:{office.port}"
        url = f"smtp://{USER}:{quote(PASSWORD, safe='')}@{where}"
        good = await checked(REMOTEHANDS_SMTP_URL=url, **FROM, **trust)  # type: ignore[misc]
        assert (good.returncode, good.stderr) == (0, "")
        assert f"mail: good, smtp://{where} as {USER}\n" in good.stdout
        assert office.passwords[-1] == PASSWORD.encode()
        wrong = await checked(REMOTEHANDS_SMTP_URL=f"smtp://{USER}:wrong-one@{where}", **FROM, **trust)  # type: ignore[misc]
        assert wrong.returncode == 1
        assert wrong.stderr == "mail: The mail server does not take our user and password (535).\n"
        nobody_knows = await checked(REMOTEHANDS_SMTP_URL=url, **FROM)  # type: ignore[misc]
        assert nobody_knows.returncode == 1
        assert "CERTIFICATE_VERIFY_FAILED" in nobody_knows.stderr
        assert office.received == []


async def test_check_says_what_keeps_mail_from_going(checked: Callable[..., object]) -> None:
    none = await checked()  # type: ignore[misc]
    assert none.returncode == 0
    assert "mail: good, no server: recipients and subjects are logged\n" in none.stdout
    away = await checked(REMOTEHANDS_SMTP_URL=f"smtp://{HOST}:1", **FROM)  # type: ignore[misc]
    assert away.returncode == 1
    assert away.stderr.startswith("mail: The mail server cannot be used: ")
    async with post_office() as office:
        bare = await checked(REMOTEHANDS_SMTP_URL=f"smtp://u:p@{NOT_LOOPBACK}:{office.port}", **FROM)  # type: ignore[misc]
        assert bare.returncode == 1
        assert bare.stderr == (
            f"mail: The mail server {NOT_LOOPBACK} does not offer STARTTLS: the password is not sent in the clear.\n"
        )
        assert office.passwords == []


def settings(**given: str) -> Settings:
    return read_settings({f"REMOTEHANDS_{name}": value for name, value in given.items()})


def test_a_server_needs_a_sender() -> None:
    with pytest.raises(WrongSetting, match=r"^REMOTEHANDS_MAIL_FROM: must be given with REMOTEHANDS_SMTP_URL\.$"):
        settings(SMTP_URL="smtp://mail.example")
    assert settings(MAIL_FROM="hands@operator.example").smtp_url == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_URL", "smtp://u:hush/hush@mail.example"),
        ("SMTP_URL", "http://u:hush@mail.example"),
        ("MAIL_FROM", "hush"),
        ("MAIL_DOMAINS", "example.com; other.example"),
        ("MAIL_DOMAINS", "*@example.com"),
        ("MAIL_DOMAINS", "*example.com"),
        ("MAIL_DOMAINS", ","),
        ("MAIL_LIMIT", "500"),
        ("MAIL_LIMIT", "500/second"),
        ("MAIL_LIMIT", "-1/hour"),
        ("MAIL_PLAYGROUND", "true"),
        ("MAIL_DESK", "hush"),
        ("MAIL_DESK", "desk@operator.example; hush@operator.example"),
        ("MAIL_DESK", "desk@operator.example, hush\r\nBcc: x@operator.example"),
    ],
)
def test_settings_that_cannot_be(name: str, value: str) -> None:
    with pytest.raises(WrongSetting) as raised:
        settings(**{name: value})
    assert str(raised.value).startswith(f"REMOTEHANDS_{name}: must ")
    assert "hush" not in str(raised.value)


def test_the_policys_settings() -> None:
    usual = settings()
    assert (usual.mail_domains, usual.mail_limit, usual.mail_playground) == (("*",), (500, 3600), False)
    other = settings(MAIL_DOMAINS="Example.com, *.partner.example", MAIL_LIMIT="7/day", MAIL_PLAYGROUND="yes")
    assert (other.mail_domains, other.mail_limit) == (("example.com", "*.partner.example"), (7, 86_400))
    assert settings(MAIL_LIMIT="none").mail_limit is None
    assert usual.mail_desk == ()
    desk = settings(MAIL_DESK="desk@operator.example, on-call@Operator.example,desk@operator.example").mail_desk
    assert desk == ("desk@operator.example", "on-call@Operator.example")
