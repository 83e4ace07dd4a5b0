"""HTTP to strangers: where it never goes, whom it believes, and how long it waits."""

import asyncio
import ssl
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any

import pytest
import trustme

from receiver import OK, Hang, Receiver, Reset, Sent, answer
from remotehandsd.kit.outbound import Answer, BadAddress, NotAnswered, Outbound, read_url
from remotehandsd.kit.outbound import lines as lines_module
from remotehandsd.kit.outbound import posting as posting_module
from remotehandsd.kit.outbound.addresses import Address, is_of_the_house, is_public
from remotehandsd.kit.outbound.resolving import Resolver, Unknown

PUBLIC = "93.184.215.14"


class Names:
    """A resolver that answers each time with the next list of addresses, and with the last for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, name: str, port: int) -> list[Address]:
        self.asked.append(name)
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if not found:
            raise Unknown
        return [ip_address(one) for one in found]


class Connects:
    """Every address that this process asks the system to connect to, whoever asks for it."""

    def __init__(self) -> None:
        self.seen: list[Any] = []
        self.is_on = False
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect" and self.is_on:
            self.seen.append(arguments[1])


CONNECTS = Connects()


@pytest.fixture
def connects() -> Iterator[list[Any]]:
    CONNECTS.seen.clear()
    CONNECTS.is_on = True
    yield CONNECTS.seen
    CONNECTS.is_on = False


LITERALS = [
    "127.0.0.1",
    "127.255.255.254",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.254",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "0.1.2.3",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:8.8.8.8]",
    "[::127.0.0.1]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::169.254.169.254]",
    "[64:ff9b:1::1]",
    "[2002:7f00:1::]",
    "[2002:c0a8:101::1]",
    "[2001:0:53aa:64c::1]",
    "[2001:db8::1]",
    "[3fff::1]",
    "[100::1]",
    "[fc00::1]",
    "[fd12:3456:789a::1]",
    "[fe80::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[5f00::1]",
]
"""Addresses that are nobody's on the internet."""
ODD = [
    "2130706433",
    "0x7f000001",
    "017700000001",
    "0177.0.0.1",
    "0x7f.0.0.1",
    "127.1",
    "127.0.1",
    "127.0.0.1.",
    "0",
    "127.0.0.01",
    "localhost",
    "LOCALHOST",
    "sub.localhost",
    "localhost.",
    "%31%32%37.0.0.1",
    "127。0。0。1",
    "①②⑦.0.0.1",
    "[fe80::1%25lo]",
    "[::1%lo]",
    "[127.0.0.1]",
    "::1",
    "user@127.0.0.1",
    "user:password@example.com",
    "@example.com",
    "example.com@127.0.0.1",
    "example.com#@127.0.0.1",
    "example.com\\@127.0.0.1",
    "example.com\t.127.0.0.1",
    "127.0.0.1\r\nHost: example.com",
    "",
    "bücher.example",
    "ex_ample..com",
    "-.example",
]
"""Hosts that somebody might read as something else."""
WHOLE = [
    "http://example.com/",
    "HTTP://example.com/",
    "//example.com/",
    "example.com",
    "https:example.com",
    "https:/example.com",
    "https:\\\\example.com",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "https+unix://example.com/",
    "javascript:alert(1)",
    "https://example.com/#part",
    "https://example.com/a b",
    "https://example.com/ü",
    "https://example.com/\0",
    "https://example.com:0/",
    "https://example.com:65536/",
    "https://example.com:/",
    "https://example.com:-1/",
    " https://example.com/",
    "https://example.com/\n",
    "https://example.com/" + "x" * 2048,
]
"""URLs that are wrong as a whole."""
LEADS_TO = {
    "loopback.example": ["127.0.0.1"],
    "loopback6.example": ["::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "private.example": ["10.1.2.3"],
    "metadata.example": ["169.254.169.254"],
    "nat64.example": ["64:ff9b::a00:1"],
    "teredo.example": ["2001:0:4136:e378:8000:63bf:3fff:fdd2"],
    "one-of-two.example": [PUBLIC, "127.0.0.1"],
    "the-last.example": [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "fd00::1"],
    "nowhere.example": [],
}
"""Names, and what they lead to."""
HOSTILE = [f"https://{host}:{{port}}/" for host in [*LITERALS, *ODD, *LEADS_TO]] + WHOLE


def test_there_are_enough_of_them() -> None:
    assert len(set(HOSTILE)) == len(HOSTILE) >= 60


@pytest.mark.parametrize("url", HOSTILE)
async def test_no_connection_is_made(url: str, connects: list[Any]) -> None:
    async with Receiver() as receiver:
        url = url.replace("{port}", str(receiver.port))
        host = url.partition("//")[2].partition(":")[0]
        names = Names(LEADS_TO.get(host, ["127.0.0.1"]))
        with pytest.raises(NotAnswered) as refused:
            await Outbound(may_be_private=False, resolve=names).post(url, {}, b"{}")
        assert refused.value.sentence
        assert connects == []
        assert receiver.connections == 0


@pytest.mark.parametrize("url", [*(f"https://{host}/" for host in [*LITERALS, *ODD]), *WHOLE])
async def test_what_can_never_be_called_is_said_beforehand(url: str) -> None:
    with pytest.raises(BadAddress):
        Outbound(may_be_private=False).check(url)


async def test_the_machines_own_resolver_is_not_believed_either(connects: list[Any]) -> None:
    async with Receiver() as receiver:
        assert [str(one) for one in await Resolver()("localhost", 80)] in (["127.0.0.1"], ["::1", "127.0.0.1"])
        url = f"https://localhost:{receiver.port}/"
        with pytest.raises(NotAnswered, match="not a public one"):
            await Outbound(may_be_private=False).post(url, {}, b"")
        with pytest.raises(Unknown):
            await Resolver()("no-such-name.invalid", 80)
        assert connects == []


async def test_a_name_is_looked_up_once(monkeypatch: pytest.MonkeyPatch, connects: list[Any]) -> None:
    """Who changes his mind after the check gets the address that was checked, or nothing."""
    async with Receiver() as receiver:
        names = Names(["127.0.0.1"], ["127.0.0.2"])
        outbound = Outbound(may_be_private=True, resolve=names)
        assert await outbound.post(f"http://changes.example:{receiver.port}/", {}, b"") == Answer(200)
        assert names.asked == ["changes.example"]
        assert connects == [("127.0.0.1", receiver.port)]
        assert receiver.got[0].headers["host"] == f"changes.example:{receiver.port}"
        # And where only public addresses will do: it never comes to the second answer.
        monkeypatch.setattr(posting_module, "SECONDS", 0.3)
        names = Names([PUBLIC], ["127.0.0.1"])
        with pytest.raises(NotAnswered):
            await Outbound(may_be_private=False, resolve=names).post(
                f"https://changes.example:{receiver.port}/", {}, b""
            )
        assert names.asked == ["changes.example"]
        assert connects[1:] == [(PUBLIC, receiver.port)]
        assert receiver.connections == 1


PUBLIC_ONES = [
    PUBLIC,
    "1.1.1.1",
    "192.0.1.1",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::1111",
    "2a00:1450::1",
    "64:ff9b::101:101",
]


@pytest.mark.parametrize("text", PUBLIC_ONES)
def test_public_addresses_are(text: str) -> None:
    assert is_public(ip_address(text))
    assert not is_of_the_house(ip_address(text))


@pytest.mark.parametrize("text", LITERALS)
def test_the_others_are_not(text: str) -> None:
    assert not is_public(ip_address(text.strip("[]")))


@pytest.mark.parametrize("text", ["127.0.0.1", "10.0.0.1", "100.64.0.1", "172.20.0.1", "192.168.0.1", "::1", "fd00::1"])
def test_what_the_operator_may_let_through(text: str) -> None:
    assert is_of_the_house(ip_address(text))


@pytest.mark.parametrize(
    "text", ["169.254.169.254", "fe80::1", "0.0.0.0", "::", "224.0.0.1", "255.255.255.255", "::ffff:127.0.0.1"]
)
async def test_what_nobody_can_let_through(text: str, connects: list[Any]) -> None:
    with pytest.raises(NotAnswered, match="not a public one"):
        await Outbound(may_be_private=True, resolve=Names([text])).post("http://odd.example:8080/", {}, b"")
    assert connects == []


@pytest.mark.parametrize(
    ("url", "host", "port", "path", "origin"),
    [
        ("https://example.com", "example.com", 443, "/", "https://example.com"),
        ("HTTPS://Example.COM/Hook?a=B&c[]=%20", "example.com", 443, "/Hook?a=B&c[]=%20", "https://example.com"),
        ("https://example.com?x", "example.com", 443, "/?x", "https://example.com"),
        ("https://a_b.example.com:8443/", "a_b.example.com", 8443, "/", "https://a_b.example.com:8443"),
        ("https://1.1.1.1:25/a@b", "1.1.1.1", 25, "/a@b", "https://1.1.1.1:25"),
        ("https://[2606:4700:0::1111]/", "2606:4700::1111", 443, "/", "https://[2606:4700::1111]"),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example", 443, "/", "https://xn--bcher-kva.example"),
    ],
)
def test_what_is_read(url: str, host: str, port: int, path: str, origin: str) -> None:
    target = read_url(url, may_be_private=False)
    assert (target.host, target.port, target.path, target.origin) == (host, port, path, origin)


@pytest.mark.parametrize(("port", "is_possible"), [(25, False), (80, True), (443, False), (1024, True), (65535, True)])
def test_plain_http_keeps_away_from_other_protocols(port: int, is_possible: bool) -> None:
    url = f"http://10.0.0.1:{port}/"
    if is_possible:
        assert read_url(url, may_be_private=True).port == port
    else:
        with pytest.raises(BadAddress, match="port"):
            read_url(url, may_be_private=True)


async def test_what_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    async with Receiver() as receiver:
        url = f"{receiver.url}hook?a=b"
        assert await Outbound(may_be_private=True).post(url, {"X-One": "1"}, b'{"a": 1}') == Answer(200)
    [sent] = receiver.got
    assert sent.line == "POST /hook?a=b HTTP/1.1"
    assert sent.body == b'{"a": 1}'
    assert sent.headers == {
        "host": f"127.0.0.1:{receiver.port}",
        "connection": "close",
        "content-length": "8",
        "x-one": "1",
    }


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(status: int) -> None:
    async with Receiver() as second, Receiver(lambda sent: answer(status, f"Location: {second.url}")) as first:
        assert (await Outbound(may_be_private=True).post(first.url, {}, b"")).status == status
        assert (first.connections, second.connections) == (1, 0)


async def test_retry_after_is_told() -> None:
    async with Receiver(lambda sent: answer(503, "Retry-After: 120")) as receiver:
        assert await Outbound(may_be_private=True).post(receiver.url, {}, b"") == Answer(503, "120")


def _raises(error: type[Exception]) -> Any:
    def behave(sent: Sent) -> bytes:
        raise error

    return behave


ENDLESS_HEAD = b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000
NO_ANSWERS = {
    "garbage": (lambda sent: b"\x00\x01garbage\r\n\r\n", "no HTTP answer"),
    "nothing": (lambda sent: b"", "no HTTP answer"),
    "half a head": (lambda sent: b"HTTP/1.1 200 OK\r\nX", "no HTTP answer"),
    "an endless head": (lambda sent: ENDLESS_HEAD, "larger than 64 KiB"),
    "many heads": (lambda sent: b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000, "larger than 64 KiB"),
    "a reset": (_raises(Reset), "broke off"),
    "hanging": (_raises(Hang), "within 10 seconds"),
}


@pytest.mark.parametrize("how", NO_ANSWERS)
async def test_no_answer(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting_module, "SECONDS", 0.5)
    behaviour, sentence = NO_ANSWERS[how]
    async with Receiver(behaviour) as receiver:
        with pytest.raises(NotAnswered, match=sentence):
            await Outbound(may_be_private=True).post(receiver.url, {}, b"")
        assert len(receiver.got) == 1


async def test_nobody_listens() -> None:
    async with Receiver() as receiver:
        url = receiver.url
    with pytest.raises(NotAnswered, match="No connection"):
        await Outbound(may_be_private=True).post(url, {}, b"")


@pytest.mark.parametrize(
    "body",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 1_000_000,
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno chunk",
    ],
)
async def test_the_status_counts_whatever_follows_it(body: bytes) -> None:
    async with Receiver(lambda sent: body) as receiver:
        assert await Outbound(may_be_private=True).post(receiver.url, {}, b"") == Answer(200)


async def test_only_so_much_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read = 0
    original = lines_module.Stream.read

    async def counted(self: Any, max_bytes: int, timeout: float | None = None) -> bytes:
        nonlocal read
        got = await original(self, max_bytes, timeout)
        read += len(got)
        return got

    monkeypatch.setattr(lines_module.Stream, "read", counted)
    async with Receiver(lambda sent: OK[:-2].replace(b": 2", b": 9999999") + b"x" * 9_999_999) as receiver:
        assert await Outbound(may_be_private=True).post(receiver.url, {}, b"") == Answer(200)
    assert 0 < read <= lines_module.MOST_BYTES


async def test_everything_together_has_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting_module, "SECONDS", 0.2)

    async def slow(name: str, port: int) -> list[Address]:
        await asyncio.sleep(5)
        return [ip_address("127.0.0.1")]

    began = asyncio.get_running_loop().time()
    with pytest.raises(NotAnswered, match="within 10 seconds"):
        await Outbound(may_be_private=True, resolve=slow).post("http://slow.example:8080/", {}, b"")
    assert asyncio.get_running_loop().time() - began < 2


async def test_a_dead_address_leaves_time_for_the_next() -> None:
    async with Receiver() as receiver:
        outbound = Outbound(may_be_private=True, resolve=Names(["127.0.0.2", "::1", "127.0.0.1"]))
        assert await outbound.post(f"http://several.example:{receiver.port}/", {}, b"") == Answer(200)


# TLS


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def _trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def _as(certificate: trustme.LeafCert, names: list[str | None] | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    if names is not None:
        context.sni_callback = lambda sock, name, _: names.append(name)
    return context


async def test_the_right_certificate(authority: trustme.CA) -> None:
    heard: list[str | None] = []
    tls = _as(authority.issue_cert("hooks.example"), heard)
    async with Receiver(tls=tls) as receiver:
        outbound = Outbound(may_be_private=True, resolve=Names(["127.0.0.1"]), trust=_trusting(authority))
        assert await outbound.post(f"https://Hooks.example:{receiver.port}/", {}, b"x") == Answer(200)
        assert heard == ["hooks.example"]
        assert receiver.got[0].body == b"x"


async def test_an_addresss_own_certificate(authority: trustme.CA) -> None:
    async with Receiver(tls=_as(authority.issue_cert("127.0.0.1"))) as receiver:
        outbound = Outbound(may_be_private=True, trust=_trusting(authority))
        assert await outbound.post(f"https://127.0.0.1:{receiver.port}/", {}, b"") == Answer(200)


async def _refused(tls: ssl.SSLContext, trust: ssl.SSLContext | None) -> str:
    async with Receiver(tls=tls) as receiver:
        outbound = Outbound(may_be_private=True, resolve=Names(["127.0.0.1"]), trust=trust)
        with pytest.raises(NotAnswered) as refused:
            await outbound.post(f"https://hooks.example:{receiver.port}/", {}, b"secret")
        assert receiver.got == []
    return refused.value.sentence


async def test_another_hosts_certificate(authority: trustme.CA) -> None:
    for name in ("other.example", "127.0.0.1", "sub.hooks.example", "*.example.com"):
        sentence = await _refused(_as(authority.issue_cert(name)), _trusting(authority))
        assert sentence.startswith("The certificate is not valid for this host"), sentence


async def test_a_certificate_that_is_over(authority: trustme.CA) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    certificate = authority.issue_cert("hooks.example", not_before=yesterday - timedelta(days=9), not_after=yesterday)
    assert "expired" in await _refused(_as(certificate), _trusting(authority))


async def test_a_certificate_of_nobody_known(authority: trustme.CA) -> None:
    tls = _as(authority.issue_cert("hooks.example"))
    assert "The certificate is not valid" in await _refused(tls, None)
    assert "The certificate is not valid" in await _refused(tls, _trusting(trustme.CA()))


async def test_no_tls_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection whose greeting nobody answers is closed when its time is over: the receiver sees its end."""
    monkeypatch.setattr(posting_module, "SECONDS", 0.5)
    async with Receiver(lambda sent: OK) as receiver:
        outbound = Outbound(may_be_private=True, resolve=Names(["127.0.0.1"]))
        with pytest.raises(NotAnswered, match="within 10 seconds"):
            await outbound.post(f"https://hooks.example:{receiver.port}/", {}, b"secret")
