"""Files in a bucket, on a real store that checks signatures."""

import asyncio
import hashlib
import os
import re
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from remotehandsd.kit.files import Files, FilesAway, Kept, open_files
from remotehandsd.kit.files.bucket_incoming import LONGEST_UPLOAD_SECONDS, PART
from swift import InBucket, Line, Swift

HOUR = 3600


class Clock:
    """Real time, moved by as much as a test says."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def files(bucket: InBucket, clock: Clock) -> Files:
    return open_files(bucket.url(), 0, clock)


@pytest.fixture
def files_by_line(bucket: InBucket, line: Line, clock: Clock) -> Files:
    """The same, over a line that can be cut."""
    return open_files(bucket.url(endpoint=line.endpoint), 0, clock)


async def keep(files: Files, content: bytes, step: int = 300_000) -> Kept:
    incoming = files.receive()
    for start in range(0, len(content), step):
        await incoming.write(content[start : start + step])
    assert incoming.size == len(content)
    return await incoming.finish()


async def read(files: Files, name: str, start: int, length: int) -> bytes:
    return b"".join([piece async for piece in files.open(name, start, length)])


async def old(files: Files, seconds: float) -> list[str]:
    return [name async for names in files.older_than(seconds) for name in names]


@pytest.mark.parametrize("size", [0, 1, 5_000, PART - 1, PART, PART + 1, 2 * PART, 3 * PART + 12_345])
async def test_what_goes_in_comes_out(files: Files, bucket: InBucket, size: int) -> None:
    content = os.urandom(size)
    kept = await keep(files, content)
    assert kept == Kept(kept.name, size, hashlib.sha256(content).hexdigest())
    assert re.fullmatch("[0-9a-f]{32}", kept.name)
    assert bucket.kept() == [f"{kept.name[:2]}/{kept.name}"]
    assert bucket.unfinished() == []
    assert await read(files, kept.name, 0, size) == content
    await files.delete(kept.name)
    await files.delete(kept.name)
    assert bucket.kept() == []


async def test_any_range(files: Files) -> None:
    content = os.urandom(2 * PART + 100)
    kept = await keep(files, content)
    for start, length in ((0, 1), (5, 10), (PART - 1, 2), (PART - 3, PART), (2 * PART + 99, 1), (1, 2 * PART + 98)):
        assert await read(files, kept.name, start, length) == content[start : start + length]


async def test_a_file_that_is_not_there_or_shorter_is_no_empty_answer(files: Files, bucket: InBucket) -> None:
    kept = await keep(files, b"0123456789")
    for start, length in ((0, 11), (5, 6)):
        with pytest.raises(OSError, match="shorter than its row says"):
            await read(files, kept.name, start, length)
    with pytest.raises(FileNotFoundError):
        await read(files, "0" * 32, 0, 1)


async def test_nobody_measures_a_bucket(files: Files) -> None:
    await files.room(10**18)


async def test_wrong_keys_and_buckets_are_clear_sentences(bucket: InBucket) -> None:
    for changed, words in (
        ({"secret_access_key": "wrong"}, "SignatureDoesNotMatch: the key or its secret is wrong"),
        ({"access_key_id": "tests:nobody"}, "(SignatureDoesNotMatch|InvalidAccessKeyId): the key "),
        ({"bucket": "nowhere"}, "NoSuchBucket: there is no such bucket"),
    ):
        files = open_files(bucket.url(**changed), 0, time.time)
        for asked in (
            keep(files, b"x"),
            keep(files, bytes(PART + 1)),
            read(files, "0" * 32, 0, 1),
            files.delete("0" * 32),
            old(files, 0),
            files.is_empty(),
            files.clear_unfinished(0),
        ):
            with pytest.raises(FilesAway, match=words) as fault:
                await asked
            told = "".join(traceback.format_exception(fault.value))
            assert "<Error>" not in told, "nothing of the exchange goes into a log"
    assert bucket.kept() == []


async def test_a_store_that_is_not_there(bucket: InBucket) -> None:
    files = open_files(bucket.url(endpoint="http://127.0.0.1:1"), 0, time.time)
    began = time.monotonic()
    with pytest.raises(FilesAway, match="cannot be reached"):
        await keep(files, b"x")
    with pytest.raises(FilesAway, match="cannot be reached"):
        await read(files, "0" * 32, 0, 1)
    files = open_files(bucket.url(endpoint="http://store.invalid"), 0, time.time)
    with pytest.raises(FilesAway, match="its name is not known"):
        await keep(files, b"x")
    assert time.monotonic() - began < 10


async def test_an_upload_that_breaks_off_leaves_nothing(files: Files, bucket: InBucket) -> None:
    for size in (0, 1000, PART, 3 * PART):
        incoming = files.receive()
        await incoming.write(bytes(size))
        if size > PART:
            await until(lambda: bucket.unfinished() != [])
        await incoming.discard()
        await incoming.discard()
        assert bucket.kept() == []
        assert bucket.unfinished() == []


async def test_an_upload_that_is_refused_at_the_end_leaves_nothing(files: Files, bucket: InBucket) -> None:
    for size in (1000, 2 * PART):
        incoming = files.receive()
        await incoming.write(bytes(size))
        await incoming.finish()
        assert len(bucket.kept()) == 1
        await incoming.discard()
        assert bucket.kept() == []


async def test_an_upload_that_is_cancelled_leaves_nothing(files: Files, bucket: InBucket) -> None:
    incoming = files.receive()

    async def sends_for_ever() -> None:
        while True:
            await incoming.write(bytes(1 << 20))

    task = asyncio.create_task(sends_for_ever())
    await until(lambda: bucket.unfinished() != [])
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await incoming.discard()
    assert bucket.kept() == []
    assert bucket.unfinished() == []


async def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not await asyncio.to_thread(is_so):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


async def test_a_store_that_goes_away_in_the_middle_of_an_upload(
    files_by_line: Files, bucket: InBucket, line: Line, clock: Clock
) -> None:
    incoming = files_by_line.receive()
    await incoming.write(bytes(PART + 1))
    await until(lambda: bucket.unfinished() != [])
    line.cut()
    with pytest.raises(FilesAway):
        for _ in range(100):
            await incoming.write(bytes(1 << 20))
    await incoming.discard()
    assert bucket.kept() == []
    line.mend()
    kept = await keep(files_by_line, b"again")
    assert await read(files_by_line, kept.name, 0, 5) == b"again"
    # Nobody could tell the store that the rest would not come: the sweep does, once nobody can still be sending.
    assert len(bucket.unfinished()) == 1
    clock.ahead = LONGEST_UPLOAD_SECONDS
    assert await files_by_line.clear_unfinished(HOUR) == 0
    clock.ahead = LONGEST_UPLOAD_SECONDS + HOUR + 60
    assert await files_by_line.clear_unfinished(HOUR) == 1
    assert bucket.unfinished() == []
    assert len(bucket.kept()) == 1


async def test_a_store_that_goes_away_at_the_end_of_an_upload(
    files_by_line: Files, bucket: InBucket, line: Line
) -> None:
    for size in (1000, PART + 1000):
        incoming = files_by_line.receive()
        await incoming.write(bytes(size))
        line.cut()
        with pytest.raises(FilesAway):
            await incoming.finish()
        await incoming.discard()
        line.mend()
        assert bucket.kept() == []


async def test_a_store_that_goes_away_in_the_middle_of_a_download(
    files_by_line: Files, bucket: InBucket, line: Line
) -> None:
    kept = await keep(files_by_line, bytes(2 * PART))
    got = 0
    with pytest.raises(FilesAway):
        async for piece in files_by_line.open(kept.name, 0, kept.size):
            got += len(piece)
            line.cut_after = 100_000
    assert 0 < got < kept.size
    line.mend()
    assert len(await read(files_by_line, kept.name, 0, kept.size)) == kept.size


async def test_a_store_that_falls_silent(files_by_line: Files, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every call has its deadline, and afterwards all is as before."""
    monkeypatch.setattr(files_by_line, "_answer_seconds", 1)
    kept = await keep(files_by_line, b"content")
    line.state = "silent"
    for asked in (read(files_by_line, kept.name, 0, 7), files_by_line.delete(kept.name), old(files_by_line, 0)):
        began = time.monotonic()
        with pytest.raises(FilesAway, match="does not answer in time"):
            await asked
        assert time.monotonic() - began < 2
    line.cut()
    line.mend()
    assert await old(files_by_line, -60) in ([kept.name], [])
    await keep(files_by_line, b"more")


async def test_the_loop_goes_on_while_the_store_is_slow(files_by_line: Files, line: Line) -> None:
    line.state = "silent"
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            began = time.monotonic()
            await asyncio.sleep(0.005)
            longest = max(longest, time.monotonic() - began)

    watching = asyncio.create_task(watch())
    sending = asyncio.create_task(keep(files_by_line, bytes(4 * PART), step=PART))
    await asyncio.sleep(1)
    line.mend()
    kept = await sending
    await read(files_by_line, kept.name, 0, kept.size)
    watching.cancel()
    assert longest < 0.2


async def test_age_is_what_the_store_says(files: Files, bucket: InBucket, clock: Clock) -> None:
    first = await keep(files, b"first")
    large = await keep(files, bytes(PART + 1))
    assert await old(files, HOUR) == []
    clock.ahead = HOUR - 60
    assert await old(files, HOUR) == []
    clock.ahead = HOUR + 60
    assert await old(files, HOUR) == [first.name], "a large one may be dated by the beginning of its upload"
    clock.ahead = LONGEST_UPLOAD_SECONDS + HOUR + 60
    assert sorted(await old(files, HOUR)) == sorted([first.name, large.name])


async def test_only_names_of_ours_are_looked_at(files: Files, bucket: InBucket, clock: Clock) -> None:
    """What somebody else put beside them is not the sweep's."""
    for name in ("read.me", f"{bucket.PREFIX}/read.me", f"{bucket.PREFIX}/ab/{'c' * 31}"):
        assert bucket.swift.ask("PUT", f"{bucket.name}/{name}").status_code == 200
    clock.ahead = 24 * HOUR
    assert await old(files, HOUR) == []
    assert not await files.is_empty()


async def test_pages_of_names(files: Files, bucket: InBucket, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("remotehandsd.kit.files.bucket.PAGE", 3)
    names = [(await keep(files, b"x")).name for _ in range(7)]
    clock.ahead = 2 * HOUR
    pages = [page async for page in files.older_than(HOUR)]
    assert max(len(page) for page in pages) <= 3
    assert sorted(name for page in pages for name in page) == sorted(names)


async def test_no_request_depends_on_a_condition(files_by_line: Files, line: Line) -> None:
    """Not every store knows them. Nor does anything of a customer's, or the secret, stand in a request."""
    small, large = await keep(files_by_line, b"x"), await keep(files_by_line, bytes(PART + 1))
    for kept in (small, large):
        await read(files_by_line, kept.name, 0, kept.size)
        await files_by_line.delete(kept.name)
    await files_by_line.clear_unfinished(0)
    heads = bytes(line.sent).lower()
    assert heads.count(b"aws4-hmac-sha256") > 8
    assert re.findall(rb"\r\n(if-[a-z-]+|x-amz-copy-source[a-z-]*):", heads) == []
    assert b"of-the=store" not in heads
    assert b"transfer-encoding" not in heads


async def test_a_copy_in_a_folder_and_back(files: Files, bucket: InBucket, tmp_path: Path) -> None:
    contents = [os.urandom(size) for size in (1, 1000, PART + 5, 0, 70_000, 12)]
    kept = [await keep(files, content) for content in contents]
    names = [one.name for one in kept]
    assert not await files.is_empty()
    (tmp_path / "copy").mkdir()
    await files.copy_to(tmp_path / "copy", names)
    for one, content in zip(kept, contents, strict=True):
        assert (tmp_path / "copy" / one.name[:2] / one.name).read_bytes() == content
    other = open_files(InBucket(bucket.swift).url(), 0, time.time)
    assert await other.is_empty()
    await other.take_from(tmp_path / "copy")
    for one, content in zip(kept, contents, strict=True):
        assert await read(other, one.name, 0, len(content)) == content
    with pytest.raises(FileNotFoundError):
        await files.copy_to(tmp_path / "copy", ["0" * 32])


async def test_more_large_uploads_than_there_is_memory_for(
    files: Files, bucket: InBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ones above the limit wait, and are told so; small files do not wait for them."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    monkeypatch.setattr("remotehandsd.kit.files.bucket_incoming.STEP_SECONDS", 1)
    monkeypatch.setattr(files, "_uploading", ThreadPoolExecutor(1))
    first = files.receive()
    await first.write(bytes(PART + 1))
    second = files.receive()
    with pytest.raises(FilesAway, match="too many large uploads"):
        for _ in range(12):
            await second.write(bytes(1 << 20))
    await keep(files, b"small")
    discarding = asyncio.create_task(second.discard())
    await first.finish()
    await discarding
    assert len(bucket.kept()) == 2
    assert bucket.unfinished() == []


async def test_the_key_may_come_from_the_environment(bucket: InBucket, monkeypatch: pytest.MonkeyPatch) -> None:
    from swift import KEY_ID, SECRET  # noqa: PLC0415

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY_ID)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
    files = open_files(bucket.url(access_key_id="", secret_access_key=""), 0, time.time)
    kept = await keep(files, b"x")
    assert await read(files, kept.name, 0, 1) == b"x"
    assert await files.clear_unfinished(0) == 0


async def test_the_key_of_the_url_comes_before_the_environments(
    bucket: InBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ENDPOINT", "AWS_REGION"):
        monkeypatch.setenv(name, "something-else")
    monkeypatch.setenv("AWS_SKIP_SIGNATURE", "true")
    files = open_files(bucket.url(region="us-east-1"), 0, time.time)
    kept = await keep(files, b"x")
    assert await read(files, kept.name, 0, 1) == b"x"


async def test_a_killed_store_comes_back(files: Files, swift: Swift) -> None:
    """Its front process is killed and started again; service returns by itself."""
    kept = await keep(files, b"before")
    swift.kill("proxy")
    try:
        with pytest.raises(FilesAway, match="cannot be reached"):
            await read(files, kept.name, 0, 6)
        with pytest.raises(FilesAway):
            await keep(files, b"during")
    finally:
        swift.start_one("proxy")
        swift.wait()
    assert await read(files, kept.name, 0, 6) == b"before"
    await keep(files, b"after")
