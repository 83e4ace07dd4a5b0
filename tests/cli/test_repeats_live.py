"""Requests that are sent again to a real server: many at once, and across its death between commit and answer."""

import asyncio
import json
import random
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx

from cast import OPENING, Server
from remotehandsd.house import House

KEYS, DUPLICATES, AT_ONCE = 1000, 8, 12
KILLS = 20
PAIR = {"Master-Account-Id": "100123", "Account-Id": "0011A00001AaAB1ABC"}
FORM = {
    "grant_type": "client_credentials",
    "client_id": "ada",
    "client_secret": "secret-of-ada-0123456789abcdef-0123",
}
BODY = json.dumps(OPENING).encode()
PATH = "/v1/remotehands-tickets"

Serve = Callable[..., Server]
Command = Callable[..., subprocess.CompletedProcess[str]]


def token_of(server: Server) -> str:
    return str(httpx.post(f"{server.url}/v2/auth/token", data=FORM).raise_for_status().json()["access_token"])


def total(server: Server) -> int:
    headers = {"Authorization": f"Bearer {token_of(server)}", **PAIR}
    answer = httpx.get(f"{server.url}{PATH}?size=1", headers=headers).raise_for_status()
    return int(answer.json()["pageable"]["totalElements"])


class Line:
    """One connection that orders tickets, with as little of our own time as can be."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str) -> None:
        self._reader = reader
        self._writer = writer
        headers = {"Host": "x", "Authorization": f"Bearer {token}", **PAIR, "Content-Type": "application/json"}
        self._head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())

    async def order(self, key: str) -> tuple[int, bytes]:
        head = f"POST {PATH} HTTP/1.1\r\n{self._head}Idempotency-Key: {key}\r\nContent-Length: {len(BODY)}\r\n\r\n"
        self._writer.write(head.encode() + BODY)
        answered = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(answered.partition("content-length: ")[2].partition("\r\n")[0])
        return int(answered.split(" ", 2)[1]), await self._reader.readexactly(length)

    def close(self) -> None:
        self._writer.close()


@asynccontextmanager
async def lines(server: Server, number: int) -> AsyncIterator[list[Line]]:
    address, token = urlsplit(server.url), token_of(server)
    opened = [Line(*await asyncio.open_connection(address.hostname, address.port), token) for _ in range(number)]
    yield opened
    for line in opened:
        line.close()


def test_a_thousand_keys_eight_times_each_at_once(house: House, serve: Serve, engine: str) -> None:
    server = serve("--no-worker", *(("--workers", "2") if engine == "postgres" else ()))
    statuses: Counter[int] = Counter()

    async def order(line: Line, key: str) -> bytes:
        while True:
            status, body = await line.order(key)
            statuses[status] += 1
            if status != 409:
                assert status == 201, body
                return body
            await asyncio.sleep(0.01)

    async def one_key_after_another(own: list[Line], keys: list[str]) -> list[list[bytes]]:
        return [await asyncio.gather(*(order(line, key) for line in own)) for key in keys]

    async def everything() -> list[list[bytes]]:
        keys = [f"key-{number}" for number in range(KEYS)]
        async with lines(server, AT_ONCE * DUPLICATES) as opened:
            groups = [
                one_key_after_another(opened[number * DUPLICATES : (number + 1) * DUPLICATES], keys[number::AT_ONCE])
                for number in range(AT_ONCE)
            ]
            return [answers for group in await asyncio.gather(*groups) for answers in group]

    answers = asyncio.run(everything())
    assert len(answers) == KEYS
    assert all(len(set(of_key)) == 1 for of_key in answers), "all duplicates got the same bytes"
    assert len({of_key[0] for of_key in answers}) == KEYS
    assert total(server) == KEYS
    assert statuses.keys() <= {201, 409}
    assert statuses[201] == KEYS * DUPLICATES


def test_killed_between_commit_and_answer(house: House, serve: Serve) -> None:
    """Whatever was in flight when the server died is sent again: one ticket for each key, the one that was made."""
    random.seed(4)
    answered: dict[str, bytes] = {}
    asked: set[str] = set()
    unanswered_but_done = 0
    for round_ in range(KILLS):
        server = serve("--no-worker")
        before = total(server)
        open_keys = sorted(asked - answered.keys())
        # What was asked for and not answered, but is there: killed between commit and answer.
        unanswered_but_done += before - len(answered)
        asyncio.run(_until_killed(server, round_, open_keys, asked, answered))
    server = serve("--no-worker")
    unanswered_but_done += total(server) - len(answered)
    asyncio.run(_send_all(server, sorted(asked), answered))
    assert len(set(answered.values())) == len(asked) == len(answered)
    assert total(server) == len(asked)
    assert unanswered_but_done > 0, "no kill came between commit and answer: this run says nothing"


async def _until_killed(
    server: Server, round_: int, open_keys: list[str], asked: set[str], answered: dict[str, bytes]
) -> None:
    async with lines(server, 16) as opened:

        async def ordering(number: int, line: Line) -> None:
            mine = open_keys[number::16] + [f"{round_}-{number}-{count}" for count in range(10_000)]
            for key in mine:
                asked.add(key)
                await _order(line, key, answered)

        running = [asyncio.create_task(ordering(number, line)) for number, line in enumerate(opened)]
        await asyncio.sleep(0.05 + random.random() * 0.1)
        server.kill()
        ended = await asyncio.gather(*running, return_exceptions=True)
    for error in ended:
        assert isinstance(error, asyncio.IncompleteReadError | OSError), error


async def _order(line: Line, key: str, answered: dict[str, bytes]) -> None:
    status, body = await line.order(key)
    assert status == 201, body
    assert answered.setdefault(key, body) == body, "another ticket than was answered before"


async def _send_all(server: Server, keys: list[str], answered: dict[str, bytes]) -> None:
    async with lines(server, 8) as opened:

        async def sending(number: int, line: Line) -> None:
            for key in keys[number::8]:
                await _order(line, key, answered)

        await asyncio.gather(*(sending(number, line) for number, line in enumerate(opened)))
