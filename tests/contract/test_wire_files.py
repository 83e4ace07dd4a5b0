"""Files through the client (contract.md sections 15.4 to 15.6)."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from cast import Server
from live import NEW, SECRET
from remotehands import AsyncClient, Client, Invalid, NotFound, Refused

CONTENT = os.urandom(3_000_000)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "rack 7 (Grüße).png"
    file.write_bytes(CONTENT)
    return file


@pytest.fixture
def there(tmp_path: Path) -> Path:
    folder = tmp_path / "there"
    folder.mkdir()
    return folder


def test_up_and_down(customer: Client, photo: Path, there: Path, raw: Callable[..., httpx.Client]) -> None:
    id_ = customer.tickets.create(**NEW).id
    attached = customer.tickets.attach(id_, photo)
    assert (attached.filename, attached.created_by) == (photo.name, "Ada Example")
    assert attached.hash == hashlib.sha256(CONTENT).hexdigest()
    other = customer.tickets.attach(id_, photo, name="../other.bin")
    assert customer.tickets.attachments(id_) == [attached, other]
    assert customer.tickets.download(id_, attached.id, there) == there / photo.name
    assert customer.tickets.download(id_, other.id, there) == there / "other.bin"
    assert (there / photo.name).read_bytes() == (there / "other.bin").read_bytes() == CONTENT
    sent = raw("ada").get(f"/v1/attachments/{id_}/file/{attached.id}")
    assert (sent.headers["content-type"], sent.content) == ("image/png", CONTENT)


async def test_under_asyncio(live: Server, photo: Path, there: Path) -> None:
    async with AsyncClient(live.url, "ada", SECRET.format("ada")) as customer:
        id_ = (await customer.tickets.create(**NEW)).id
        attached = await customer.tickets.attach(id_, photo)
        assert (await customer.tickets.download(id_, attached.id, there)).read_bytes() == CONTENT


def test_refusals(customer: Client, stranger: Client, photo: Path, there: Path) -> None:
    id_ = customer.tickets.create(**NEW).id
    empty = there / "empty"
    empty.touch()
    with pytest.raises(Invalid, match=r"^Mandatory payload 'file' is null or empty\.$"):
        customer.tickets.attach(id_, empty)
    with pytest.raises(Invalid, match="'file_name'"):
        customer.tickets.attach(id_, photo, name="x" * 256)
    for call in (
        lambda: stranger.tickets.attach(id_, photo),
        lambda: stranger.tickets.attachments(id_),
        lambda: customer.tickets.attach("WO7568", photo),
        lambda: customer.tickets.download(id_, "0" * 32, there),
    ):
        with pytest.raises(NotFound):
            call()
    assert customer.tickets.attachments(id_) == []


def test_on_a_closed_ticket(customer: Client, photo: Path, dora_does: Callable[[str, str], None]) -> None:
    id_ = customer.tickets.create(**NEW).id
    dora_does("cancel", id_)
    with pytest.raises(Refused, match="'Cancelled'"):
        customer.tickets.attach(id_, photo)


def test_an_interrupted_upload_leaves_nothing(customer: Client, tmp_path: Path) -> None:
    id_ = customer.tickets.create(**NEW).id
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(50_000_000)

    def interrupt(done: int, _: int | None) -> None:
        if done > 10_000_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        customer.tickets.attach(id_, large, progress=interrupt)
    assert customer.tickets.attachments(id_) == []
    assert customer.tickets.attach(id_, large).filename == "large", "the client goes on"
