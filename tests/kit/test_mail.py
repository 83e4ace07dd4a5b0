"""Mail by SMTP against a real server, well-behaved or not; and messages that no text breaks out of."""

import asyncio
import time
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from postoffice import HOST, NOT_LOOPBACK, PASSWORD, USER, Certificates, PostOffice, post_office
from remotehandsd.kit.mail import Letter, Mail, MailAway, MailRefused, Passage, deliverable, open_mail, plain_host
from remotehandsd.kit.mail import smtp as smtp_module
from remotehandsd.kit.mail.address import Sender, read_sender, read_smtp_url
from remotehandsd.kit.mail.message import message_of
from remotehandsd.kit.mail.smtp import LETTERS_A_LINE

FROM = "Remote hands <hands@operator.example>"
PUBLIC = "https://hands.operator.example"
SIGNED_IN = f"{USER}:{quote(PASSWORD, safe='')}@"

LETTER = Letter(
    to="ada@example.com",
    subject="[WO1000001] Reboot the firewall",
    id="WO1000001.7",
    thread="WO1000001",
    greeting="WO1000001 is New.",
    passages=(Passage("Ada wrote:", "2030-05-26 14:07 MST (21:07 UTC)", "Hello.\nPlease <b>hurry</b>."),),
    facts=(("Site", "PHX015, Phoenix"), ("Location", "Cage 12")),
    link="https://hands.operator.example/portal/tickets/WO1000001",
    ending=("Do not answer.",),
    labels=(("X-Remotehands-Ticket", "WO1000001"),),
)


def to(address: str) -> Letter:
    return msgspec.structs.replace(LETTER, to=address)


@pytest.fixture(scope="module")
def certificates() -> Certificates:
    return Certificates()


@pytest.fixture
def trusted(certificates: Certificates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Certificates:
    """The tests' authority, trusted as an operator would have his own trusted."""
    file = tmp_path / "ca.pem"
    certificates.write(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return certificates


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with post_office() as office:
        yield office


@pytest.fixture
async def mail(office: PostOffice) -> AsyncIterator[Mail]:
    mail = open_mail(f"smtp://{HOST}:{office.port}", FROM, PUBLIC)
    yield mail
    await mail.close()


async def test_a_letter_arrives_as_text_and_html(mail: Mail, office: PostOffice) -> None:
    await mail.send(LETTER)
    [received] = office.received
    message = received.message
    assert (received.sender, received.to) == ("hands@operator.example", ["ada@example.com"])
    assert message["From"] == FROM
    assert message["To"] == "ada@example.com"
    assert message["Subject"] == LETTER.subject
    assert message["Message-ID"] == "<WO1000001.7@hands.operator.example>"
    assert message["In-Reply-To"] == message["References"] == "<WO1000001@hands.operator.example>"
    assert abs(message["Date"].datetime.timestamp() - time.time()) < 10
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Remotehands-Ticket"] == "WO1000001"
    assert received.text == (
        "WO1000001 is New.\n\nAda wrote:\n2030-05-26 14:07 MST (21:07 UTC)\n> Hello.\n> Please <b>hurry</b>.\n\n"
        "Site:     PHX015, Phoenix\nLocation: Cage 12\n\n"
        "https://hands.operator.example/portal/tickets/WO1000001\n\n-- \nDo not answer.\n"
    )
    assert "Please &lt;b&gt;hurry&lt;/b&gt;." in received.html
    assert max(map(len, received.raw.split(b"\r\n"))) <= 998
    assert received.raw.isascii()


async def test_the_first_of_a_thread_answers_nothing(mail: Mail, office: PostOffice) -> None:
    await mail.send(msgspec.structs.replace(LETTER, id="WO1000001"))
    message = office.received[0].message
    assert message["Message-ID"] == "<WO1000001@hands.operator.example>"
    assert message["In-Reply-To"] is None
    assert message["References"] is None


async def test_a_burst_goes_over_one_connection(mail: Mail, office: PostOffice) -> None:
    for _ in range(LETTERS_A_LINE):
        await mail.send(LETTER)
    assert office.connections == 1
    await mail.send(LETTER)
    assert (office.connections, len(office.received)) == (2, LETTERS_A_LINE + 1)


async def test_a_connection_that_rests_is_given_up(
    mail: Mail, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_module, "REST_SECONDS", 0.05)
    await mail.send(LETTER)
    await asyncio.sleep(0.3)
    await mail.send(LETTER)
    assert office.connections == 2


async def test_a_connection_that_died_in_its_rest_is_no_fault(mail: Mail, office: PostOffice) -> None:
    await mail.send(LETTER)
    office.cut()
    await mail.send(LETTER)
    assert (office.connections, len(office.received)) == (2, 2)


async def test_starttls_and_sign_in(trusted: Certificates) -> None:
    async with post_office(starttls=trusted.for_host(NOT_LOOPBACK), wants_sign_in=True) as office:
        mail = open_mail(f"smtp://{SIGNED_IN}{NOT_LOOPBACK}:{office.port}", FROM, PUBLIC)
        await mail.check()
        assert office.received == []
        await mail.send(LETTER)
        await mail.close()
        assert office.received[0].is_secret
        assert office.received[0].user
        assert mail.place == f"smtp://{NOT_LOOPBACK}:{office.port} as {USER}"


async def test_tls_from_the_first_byte(trusted: Certificates) -> None:
    async with post_office(tls=trusted.for_host(NOT_LOOPBACK)) as office:
        mail = open_mail(f"smtps://{NOT_LOOPBACK}:{office.port}", FROM, PUBLIC)
        await mail.send(LETTER)
        await mail.close()
        assert office.received[0].is_secret


async def test_a_wrong_password_is_said_without_the_password(trusted: Certificates) -> None:
    async with post_office(starttls=trusted.for_host(NOT_LOOPBACK), wants_sign_in=True) as office:
        mail = open_mail(f"smtp://{USER}:not-it@{NOT_LOOPBACK}:{office.port}", FROM, PUBLIC)
        with pytest.raises(MailAway, match=r"does not take our user and password \(535\)") as raised:
            await mail.send(LETTER)
        assert "not-it" not in str(raised.value)
        assert office.passwords


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize("is_known", [True, False])
async def test_no_password_for_a_certificate_that_is_wrong(
    scheme: str,
    is_known: bool,
    certificates: Certificates,
    request: pytest.FixtureRequest,
) -> None:
    """Of another host, or of an authority that nobody knows."""
    if is_known:
        request.getfixturevalue("trusted")
    context = certificates.for_host("other.example" if is_known else NOT_LOOPBACK)
    how = {"tls": context} if scheme == "smtps" else {"starttls": context}
    async with post_office(**how, wants_sign_in=True) as office:
        mail = open_mail(f"{scheme}://{SIGNED_IN}{NOT_LOOPBACK}:{office.port}", FROM, PUBLIC)
        with pytest.raises(MailAway, match="CERTIFICATE_VERIFY_FAILED"):
            await mail.send(LETTER)
        assert office.passwords == []
        assert office.received == []


async def test_no_password_without_starttls() -> None:
    async with post_office(wants_sign_in=True) as office:
        mail = open_mail(f"smtp://{SIGNED_IN}{NOT_LOOPBACK}:{office.port}", FROM, PUBLIC)
        with pytest.raises(MailAway, match="does not offer STARTTLS: the password is not sent in the clear"):
            await mail.send(LETTER)
        assert office.passwords == []
        on_loopback = open_mail(f"smtp://{SIGNED_IN}{HOST}:{office.port}", FROM, PUBLIC)
        await on_loopback.send(LETTER)
        await on_loopback.close()
        assert len(office.received) == 1


async def test_words_for_good_and_for_now(mail: Mail, office: PostOffice) -> None:
    office.answers = {"full@example.com": "452 4.2.2 full", "gone@example.com": "550 5.1.1 no such user"}
    with pytest.raises(MailAway, match=r"answered 452 4\.2\.2 full\."):
        await mail.send(to("full@example.com"))
    with pytest.raises(MailRefused, match=r"answered 550 5\.1\.1 no such user\."):
        await mail.send(to("gone@example.com"))
    office.after_data = ["451 4.3.0 busy", "554 5.7.1 spam"]
    with pytest.raises(MailAway, match="451"):
        await mail.send(LETTER)
    with pytest.raises(MailRefused, match="554"):
        await mail.send(LETTER)
    await mail.send(LETTER)
    assert [received.to for received in office.received] == [["ada@example.com"]]


@pytest.mark.parametrize("answer", ["530 5.7.0 sign in first", "535 no", "421 4.7.0 going down"])
async def test_words_about_ourselves_are_never_final(mail: Mail, office: PostOffice, answer: str) -> None:
    office.answers = {"ada@example.com": answer}
    with pytest.raises(MailAway):
        await mail.send(LETTER)
    office.answers = {}
    await mail.send(LETTER)


@pytest.mark.parametrize("place", ["greeting", "EHLO", "MAIL", "RCPT", "DATA", "after DATA"])
async def test_a_server_that_closes_in_the_middle(mail: Mail, office: PostOffice, place: str) -> None:
    office.closes_in = place
    with pytest.raises(MailAway, match="cannot be used"):
        await mail.send(LETTER)
    office.closes_in = ""
    await mail.send(LETTER)


@pytest.mark.parametrize("place", ["greeting", "EHLO", "MAIL", "RCPT", "DATA", "after DATA"])
async def test_a_server_that_hangs_is_left_and_holds_up_nothing_else(
    mail: Mail, office: PostOffice, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_module, "LETTER_SECONDS", 0.4)
    office.hangs_in = place
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - before)

    watching = asyncio.create_task(watch())
    began = time.monotonic()
    with pytest.raises(MailAway, match="did not answer in time"):
        await mail.send(LETTER)
    assert time.monotonic() - began < 2
    watching.cancel()
    assert longest < 0.3
    office.hangs_in = ""
    await mail.send(LETTER)


async def test_a_server_that_drips_is_left_in_time(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of its words comes within the time for one; all of them together do not."""
    monkeypatch.setattr(smtp_module, "LETTER_SECONDS", 0.5)

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing() and not reader.at_eof():
            writer.write(b"220-still here\r\n")
            await asyncio.sleep(0.05)
        writer.close()

    server = await asyncio.start_server(drip, HOST, 0)
    port = server.sockets[0].getsockname()[1]
    began = time.monotonic()
    with pytest.raises(MailAway):
        await open_mail(f"smtp://{HOST}:{port}", FROM, PUBLIC).send(LETTER)
    assert time.monotonic() - began < 2
    server.close()
    await asyncio.sleep(0.2)


@pytest.mark.parametrize("words", [b"220 \xff\xfe\r\n500\r\n", b"hello\r\n", b"220 x" * 200_000, b"\r\n\r\n"])
async def test_a_server_that_is_none(words: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_module, "LETTER_SECONDS", 1.0)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(words)
        await asyncio.sleep(0)
        writer.close()

    server = await asyncio.start_server(answer, HOST, 0)
    with pytest.raises(MailAway) as raised:
        await open_mail(f"smtp://{HOST}:{server.sockets[0].getsockname()[1]}", FROM, PUBLIC).send(LETTER)
    assert len(str(raised.value)) < 300
    assert str(raised.value).isprintable()
    server.close()


async def test_nobody_listens() -> None:
    with pytest.raises(MailAway, match="cannot be used"):
        await open_mail(f"smtp://{HOST}:1", FROM, PUBLIC).check()


async def test_without_a_server_recipient_and_subject_are_logged_and_no_more(
    capsys: pytest.CaptureFixture[str],
) -> None:
    mail = open_mail("", "", PUBLIC)
    await mail.check()
    await mail.send(LETTER)
    logged = capsys.readouterr()
    text = logged.out + logged.err
    assert "ada@example.com" in text
    assert "Reboot the firewall" in text
    assert "hurry" not in text
    assert "Cage" not in text


HOSTILE = [
    "x\r\nBcc: eve@example.org",
    "x\nBcc: eve@example.org\n\nbody",
    "x\rBcc: eve@example.org",
    "x\0y",
    "x\u2028Bcc: eve@example.org\u2029y\x85z",
    "lone \ud800 surrogate \udfff",
    "=?utf-8?q?=0D=0ABcc:_eve=40example.org?=",
    "\u202etxt.exe",
    "a" * 5000,
    "ä" * 5000,
    "a, b; c <d@e.example> \u201a\uff0c\u02cc",
    "\t \v\f\x1b[31m",
    "--===============1==\r\nContent-Type: text/html\r\n\r\n<script>",
    "</blockquote><script>alert(1)</script><a href='javascript:x'>",
    "{{ 7 * 7 }} {% raw %} {by}",
    ".\r\n.\r\nMAIL FROM:<eve@example.org>",
]


def parsed(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def hostile(text: str) -> Letter:
    return Letter(
        to="ada@example.com",
        subject=text,
        id="WO1",
        thread="WO1",
        greeting=text,
        passages=(Passage(text, text, text),),
        facts=((text, text),),
        link="https://x.example",
        ending=(text,),
        labels=(("X-Remotehands-Ticket", text),),
    )


def check_message(text: str) -> None:
    raw = message_of(hostile(text), Sender("Remote hands", "hands@operator.example"), "hands.operator.example")
    message = parsed(raw)
    assert message.keys() == [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "X-Remotehands-Ticket",
        "MIME-Version",
        "Content-Type",
    ]
    assert message["To"] == "ada@example.com"
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert raw.isascii()
    assert b"\0" not in raw
    lines = raw.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 998
    html = str(message.get_body(("html",)).get_content())  # type: ignore[union-attr]
    assert "<script" not in html
    assert "<a href='javascript" not in html


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_out_of_a_message(text: str) -> None:
    check_message(text)


@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_no_text_at_all_breaks_out_of_a_message(text: str) -> None:
    check_message(text)


async def test_hostile_texts_arrive_whole(mail: Mail, office: PostOffice) -> None:
    for text in HOSTILE:
        await mail.send(hostile(text))
    assert [received.to for received in office.received] == [["ada@example.com"]] * len(HOSTILE)
    assert office.received[-1].text.count("> MAIL FROM:<eve@example.org>") == 1
    assert "\n> .\n" in office.received[-1].text


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("ada@example.com", "ada@example.com"),
        ("Ada+x'y@EXAMPLE.com", "Ada+x'y@EXAMPLE.com"),
        ("ada@exämple.com", "ada@xn--exmple-cua.com"),
        ("ada@xn--exmple-cua.com", "ada@xn--exmple-cua.com"),
        ("a,b@example.com", None),
        ("a\uff0cb@example.com", None),
        ("ada@example\uff0ecom", None),
        ("ada@\uff45xample.com", None),
        ("ada@straße.example", None),
        ("ädä@example.com", None),
        ("a b@example.com", None),
        ("ada@example.com\r\nRCPT TO:<eve@example.org>", None),
        ("ada@example.com\n", None),
        ("ada@example.com>", None),
        ("ada@@example.com", None),
        ("ada\0@example.com", None),
        ("ada\ud800@example.com", None),
        ("ada@\ud800.example", None),
        ("ada@[127.0.0.1]", None),
        ("ada@127.0.0.1", None),
        ("ada@localhost", None),
        ("ada@-x.example", None),
        ("ada@x..example", None),
        (".ada@example.com", None),
        ('"a"@example.com', None),
        ("a(b)@example.com", None),
        ("a" * 65 + "@example.com", None),
        ("a@" + "x" * 64 + ".example", None),
        ("@example.com", None),
        ("", None),
    ],
)
def test_where_mail_can_go(address: str, form: str | None) -> None:
    assert deliverable(address) == form


@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_what_is_deliverable_is_one_plain_address(text: str) -> None:
    for candidate in (text, f"{text}@example.com", f"a@{text}", f"a@{text}.example"):
        form = deliverable(candidate)
        assert form is None or (form.isascii() and form.count("@") == 1 and not set(form) & set(' ,;<>()"\\\r\n\t\0'))


@pytest.mark.parametrize(
    ("url", "relay"),
    [
        ("smtp://mail.example", ("mail.example", 25, False, "", "")),
        ("smtp://u:p@mail.example", ("mail.example", 587, False, "u", "p")),
        ("smtps://u%40x:p%2F%23@mail.example:4650", ("mail.example", 4650, True, "u@x", "p/#")),
        ("smtps://[::1]", ("::1", 465, True, "", "")),
    ],
)
def test_mail_servers(url: str, relay: tuple[object, ...]) -> None:
    found = read_smtp_url(url)
    assert (found.host, found.port, found.is_tls, found.user, found.password) == relay
    assert "p" not in repr(found).removeprefix("Relay(").removeprefix("mail.example") or found.password not in {"p/#"}


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.example",
        "smtp://",
        "smtp://u@mail.example",
        "smtp://:secret@mail.example",
        "smtp://u:secret/x@mail.example",
        "smtp://u:secret@mail.example/path",
        "smtp://u:secret@mail.example?x=1",
        "smtp://u:secret@mail.example:99999",
        "smtp://u:sec%0D%0Aret@mail.example",
        "mail.example:25",
    ],
)
def test_no_mail_servers(url: str) -> None:
    with pytest.raises(ValueError, match=r"must be|must have|has a") as raised:
        read_smtp_url(url)
    assert "secret" not in str(raised.value)


def test_senders() -> None:
    assert read_sender("hands@operator.example") == Sender("", "hands@operator.example")
    assert read_sender("Händs, Inc".replace(",", "") + " <hands@operator.example>").name == "Händs Inc"
    for text in ("hands", "a@b.example, c@d.example", "A <a@b.example>, c@d.example", "A\r\nB: <a@b.example>", "<>"):
        with pytest.raises(ValueError, match="must be an address"):
            read_sender(text)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://hands.operator.example/x", "hands.operator.example"),
        ("http://127.0.0.1:8000", "[127.0.0.1]"),
        ("http://[::1]:8000", "[IPv6:::1]"),
        ("https://hände.example", "xn--hnde-loa.example"),
        ("http://a_b", "localhost"),
    ],
)
def test_our_own_host(url: str, host: str) -> None:
    assert plain_host(url) == host


def test_loopback_is_told_by_name_or_number() -> None:
    hosts = {
        "localhost": True,
        "127.0.0.1": True,
        "127.9.9.9": True,
        "[::1]": True,
        "0.0.0.0": False,
        "10.0.0.1": False,
    }
    assert {host: read_smtp_url(f"smtp://{host}").is_loopback for host in hosts} == hosts
    assert not read_smtp_url("smtp://localhost.example").is_loopback
