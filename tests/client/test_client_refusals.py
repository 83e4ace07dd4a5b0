"""How answers that are no success, and servers that are none, become clear lines."""

import datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from odd import CUT, Family, Reply, refused, serving
from remotehands import (
    ApiError,
    CertificateRefused,
    Client,
    ConnectionFailed,
    ConnectionLost,
    Invalid,
    NotAllowed,
    NotAServer,
    NotFound,
    NotSignedIn,
    Refused,
    RemotehandsError,
)

PAGE = Reply(200, b"<!doctype html><title>Welcome</title>", {"Content-Type": "text/html"})


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (refused(400, "Payload 'title' has exceeded the maximum length of 160."), Invalid),
        (refused(400, "The requested operation is not permitted for the status 'Completed'."), Refused),
        (refused(401, "The requested operation is not permitted for the user."), NotAllowed),
        (refused(403, "No."), NotAllowed),
        (refused(404, "Resource not found."), NotFound),
        (refused(409, "Something else."), Refused),
        (refused(500, "There was an unexpected system error."), ApiError),
    ],
)
def test_the_familys_envelope(family: Family, client: Client, reply: Reply, kind: type[ApiError]) -> None:
    family.before = [reply]
    with pytest.raises(RemotehandsError) as caught:
        client.tickets.get("WO1000000")
    error = caught.value
    assert type(error) is kind
    assert isinstance(error, ApiError)
    told = reply.body["error"]
    assert (error.status, error.message, error.correlation_id) == (reply.status, told["message"], told["correlationId"])
    assert str(error) == told["message"]


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(404, {"timestamp": "t", "path": "/", "status": 404, "error": "Not Found", "message": "None."}), "None."),
        (Reply(413, b""), "status 413 and no message"),
        (Reply(413, b"<html>nginx", {"Content-Type": "text/html"}), "status 413 and no message"),
        (Reply(400, b"<error/>", {"Content-Type": "application/xml"}), "status 400 and no message"),
        (refused(500, ""), "status 500 and no message"),
        (Reply(500, b"Internal Server Error"), "status 500 and no message"),
    ],
)
def test_other_envelopes_of_the_record(family: Family, client: Client, reply: Reply, said: str) -> None:
    family.before = [reply]
    with pytest.raises(ApiError, match=said):
        client.tickets.get("WO1000000")


@pytest.mark.parametrize(
    "reply",
    [
        PAGE,
        Reply(404, PAGE.body, PAGE.headers),
        Reply(401, b"Who goes there?"),
        Reply(301, b"", {"Location": "https://elsewhere.example/"}),
        Reply(200, b"[1, 2"),
        Reply(200, [1]),
        Reply(200, {"title": "a ticket without an id"}),
        Reply(200, {"id": 5}),
        Reply(200, {"id": "WO1", "createdOn": "yesterday"}),
        Reply(200, b"null"),
    ],
)
def test_what_is_no_such_server(family: Family, client: Client, reply: Reply) -> None:
    family.before = [reply]
    with pytest.raises(NotAServer) as caught:
        client.tickets.get("WO1000000")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "reply", [Reply(200, {}), Reply(200, {"content": [{"id": "WO1"}]}), Reply(200, {"content": {}, "pageable": {}})]
)
def test_a_list_that_is_none(family: Family, client: Client, reply: Reply) -> None:
    family.before = [reply]
    with pytest.raises(NotAServer):
        list(client.tickets.list())


def test_a_server_of_web_pages() -> None:
    with serving(lambda _: PAGE) as url, Client(url, "id", "secret") as client, pytest.raises(NotAServer, match="JSON"):
        client.sites()


def test_a_redirect_is_not_followed_with_the_secret() -> None:
    seen = []
    with serving(lambda request: seen.append(request) or PAGE) as elsewhere:
        moved = Reply(307, b"", {"Location": f"{elsewhere}/v2/auth/token"})
        with serving(lambda _: moved) as url, Client(url, "id", "secret") as client:
            with pytest.raises(NotAServer, match=f"redirect .307. to {elsewhere}/v2/auth/token"):
                client.sites()
    assert seen == []


def test_a_wrong_secret() -> None:
    wrong = refused(401, "Unauthorized. Client credentials are invalid.")
    with serving(lambda _: wrong) as url, Client(url, "id", "secret") as client:
        with pytest.raises(NotSignedIn, match="Client credentials are invalid"):
            client.sites()


def test_something_that_is_not_http(family: Family, client: Client) -> None:
    family.before = [CUT] * 4
    with pytest.raises(ConnectionLost, match=r"^The connection to 127\.0\.0\.1:[0-9]+ broke: "):
        client.tickets.get("WO1000000")


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[str, str]:
    """A certificate that nobody signed, for another host."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hands.example")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hands.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = tmp_path / "certificate.pem", tmp_path / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return str(files[0]), str(files[1])


def test_a_certificate_that_nobody_signed(family: Family, certificate: tuple[str, str]) -> None:
    with serving(family, certificate) as url, Client(url, "id", "secret") as client:
        with pytest.raises(
            CertificateRefused, match=r"^The certificate of 127\.0\.0\.1:\d+ cannot be trusted: self.signed"
        ):
            client.sites()
    assert family.seen == []


def test_a_certificate_of_another_host(
    family: Family, certificate: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", certificate[0])
    with serving(family, certificate) as url, Client(url, "id", "secret") as client:
        with pytest.raises(CertificateRefused, match=r"cannot be trusted: .*127"):
            client.sites()
    assert family.seen == []


def test_tls_where_there_is_none(address: str) -> None:
    with Client(address.replace("http:", "https:"), "id", "secret", attempts=1) as client:
        said = r"^127\.0\.0\.1:\d+ does not speak https; a server without it is written http://127\.0\.0\.1:\d+\.$"
        with pytest.raises(ConnectionFailed, match=said):
            client.sites()
