"""Uploads in parts that nobody will finish: what a killed server leaves hidden in an object store.

The library can neither list nor end them, so these two requests are made and signed here (AWS Signature Version 4).
"""

import hashlib
import hmac
import re
import ssl
import time
from collections.abc import Mapping
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from remotehandsd.kit.files.address import Address
from remotehandsd.kit.files.bucket_faults import reason
from remotehandsd.kit.files.face import FilesAway

NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")
"""A key of ours, behind the prefix."""
SECONDS = 10
"""How long each request may take."""
EMPTY = hashlib.sha256().hexdigest()


class Key(msgspec.Struct, frozen=True):
    """What requests are signed with."""

    id: str
    secret: str
    token: str

    def __repr__(self) -> str:
        return "Key"


def key_of(address: Address, environment: Mapping[str, str]) -> Key | None:
    """Return the key of the URL or of the environment; None when the machine's own is used: it is the library's."""
    if address.access_key_id:
        return Key(address.access_key_id, address.secret_access_key, "")
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    found = Key(*(environment.get(name, "") for name in names))
    return found if found.id and found.secret else None


def clear_unfinished(address: Address, environment: Mapping[str, str], before: float) -> int:
    """End the uploads of ours that began before this moment; return how many there were. It blocks."""
    key = key_of(address, environment)
    if key is None:
        return 0
    prefix = f"{address.prefix}/" if address.prefix else ""
    cleared = 0
    query = {"uploads": "", "prefix": prefix}
    while True:
        page = _ask(address, key, "GET", query=query)
        for name, id_ in _old(page, prefix, before):
            _ask(address, key, "DELETE", name, query={"uploadId": id_})
            cleared += 1
        if _text(page, "IsTruncated") != "true":
            return cleared
        query |= {
            "key-marker": _text(page, "NextKeyMarker"),
            "upload-id-marker": _text(page, "NextUploadIdMarker"),
        }


def _text(xml: str, tag: str) -> str:
    found = re.search(rf"<{tag}>([^<]*)</{tag}>", xml)
    return found[1] if found else ""


def _old(page: str, prefix: str, before: float) -> list[tuple[str, str]]:
    found = []
    for upload in re.findall(r"<Upload>.*?</Upload>", page, re.DOTALL):
        name = _text(upload, "Key")
        began = datetime.fromisoformat(_text(upload, "Initiated"))
        if name.startswith(prefix) and NAME.fullmatch(name.removeprefix(prefix)) and began.timestamp() < before:
            found.append((name, _text(upload, "UploadId")))
    return found


def _ask(address: Address, key: Key, method: str, name: str = "", *, query: Mapping[str, str]) -> str:
    parts = urlsplit(address.url)
    path = quote(f"{parts.path}/{name}" if name else parts.path or "/", safe="/~")
    asked = urlencode(sorted(query.items()), quote_via=quote, safe="~")
    headers = signed(key, address.region, f"{method}\n{path}\n{asked}", {"host": parts.netloc})
    connection: HTTPConnection
    if parts.scheme == "https":
        trusted = ssl.create_default_context(cafile=address.ca_file or None)
        connection = HTTPSConnection(parts.netloc, timeout=SECONDS, context=trusted)
    else:
        connection = HTTPConnection(parts.netloc, timeout=SECONDS)
    try:
        connection.request(method, f"{path}?{asked}", headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
    except (OSError, HTTPException):
        raise FilesAway("The object store cannot be reached.") from None
    finally:
        connection.close()
    if answer.status not in {200, 204, 404} or (method == "GET" and answer.status == 404):
        raise FilesAway(reason(Exception(f"status code: {answer.status} {text}")))
    return text


def signed(key: Key, region: str, request: str, headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers and those that sign a request without a body: its method, path and query, a line each."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    sent = dict(headers) | {"x-amz-content-sha256": EMPTY, "x-amz-date": stamp}
    if key.token:
        sent["x-amz-security-token"] = key.token
    names = ";".join(sorted(sent))
    lines = "".join(f"{name}:{sent[name]}\n" for name in sorted(sent))
    whole = hashlib.sha256(f"{request}\n{lines}\n{names}\n{EMPTY}".encode()).hexdigest()
    scope = f"{stamp[:8]}/{region}/s3/aws4_request"
    secret = f"AWS4{key.secret}".encode()
    for part in scope.split("/"):
        secret = hmac.digest(secret, part.encode(), "sha256")
    signature = hmac.digest(secret, f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{whole}".encode(), "sha256").hex()
    credential = f"Credential={key.id}/{scope}, SignedHeaders={names}, Signature={signature}"
    return sent | {"authorization": f"AWS4-HMAC-SHA256 {credential}"}
