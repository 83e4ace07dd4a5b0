"""`remotehandsd serve`: a server that serves everything and ends well, in one process or in several."""

import asyncio
import gc
import signal
import socket
import sys
from contextlib import ExitStack
from functools import partial

import msgspec
import structlog
import uvicorn

from remotehandsd import access
from remotehandsd.app import Connection, Door, Health, Measures, counting, front_door, opened_house, sheets_for, working
from remotehandsd.cli.alone import only_server_of
from remotehandsd.cli.faults import Exit, fail, say
from remotehandsd.cli.listening import listen
from remotehandsd.cli.looping import new_loop
from remotehandsd.cli.playground import Playground, made_playground
from remotehandsd.cli.process import END, HURRY, Place, next_word
from remotehandsd.cli.processes import part
from remotehandsd.kit import log
from remotehandsd.kit.db import is_embedded
from remotehandsd.settings import Settings, is_given

FINISH_SECONDS = 18
"""How long running requests may take to end after SIGTERM; with what comes after, 20 in all."""
LINGER_SECONDS = 1.0
"""How long a server that is asked to end still says so on /readyz, so that a load balancer can hear it."""
KEEP_ALIVE_SECONDS = 65
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - looked for, not listened on
"""What is listened on where every address of the machine is; nobody can go there."""
GARBAGE_THRESHOLD = 10_000
"""New objects after which the collector looks for circles among them; Python's own 700 is for small programs."""


def serve_all(settings: Settings, *, host: str, port: int, workers: int, playground: bool, with_worker: bool) -> None:
    """Serve until SIGTERM or Ctrl-C, in one process or in several."""
    if workers > 1 and is_embedded(settings.database_url):
        raise fail(Exit.WRONG_USAGE, "--workers: more than one process needs PostgreSQL.")
    sockets = listen(host, port, workers)
    base, port = f"http://{f'[{host}]' if ':' in host else host}", sockets[0].getsockname()[1]
    if playground and not is_given("PUBLIC_URL"):
        # Whoever tries it out on another port is to find links and tokens of that port.
        reached = "http://127.0.0.1" if host in EVERYWHERE else base
        settings = msgspec.structs.replace(settings, public_url=f"{reached}:{port}")
    base = f"{base}:{port}"
    with ExitStack() as held:
        if is_embedded(settings.database_url):
            held.enter_context(only_server_of(settings.data))
        log.start(settings.log)
        shown = asyncio.run(_prepared(settings, playground))
        greet = partial(say, *_greeting(base, shown))
        place = part(sockets, greet) if workers > 1 else Place(sockets[0], sheets_for(1), greet)
        with asyncio.Runner(loop_factory=new_loop()) as runner:
            runner.run(_serve(settings, place, shown, with_worker=with_worker))


async def _prepared(settings: Settings, playground: bool) -> Playground | None:
    """Do what is done once, however many processes follow; what it opens is closed before they part."""
    async with opened_house(settings) as house:
        await house.db.migrate()
        shown = await made_playground(house) if playground else None
        # A first token must not wait for a key to be made.
        await access.Keys(house).signing()
        return shown


class Signals:
    """What tells the server to end: SIGTERM, Ctrl-C, its parent's word, or that the parent is gone.

    The first asks it to end, a second signal to hurry. One signal may be heard twice, where whoever sends it sends it
    to parent and processes alike: the parent's word asks again for what was asked before, and says when to hurry.
    The HTTP server's own handling would end the process with the signal's status, not with 0.
    """

    def __init__(self, line: socket.socket | None) -> None:
        self.stop = asyncio.Event()
        self.is_hurried = False
        self.linger = 0.0
        self._loop = asyncio.get_running_loop()
        self._loop.add_signal_handler(signal.SIGTERM, self._heard, LINGER_SECONDS)
        self._loop.add_signal_handler(signal.SIGINT, self._heard, 0.0)
        if line:
            self._loop.add_reader(line, self._told, line)

    def _heard(self, linger: float) -> None:
        self.is_hurried = self.stop.is_set()
        self._end(linger)

    def _told(self, line: socket.socket) -> None:
        word = next_word(line)
        if not word:
            self._loop.remove_reader(line)
        self.is_hurried = self.is_hurried or word == HURRY
        self._end(LINGER_SECONDS if word == END else 0.0)

    def _end(self, linger: float) -> None:
        if not self.stop.is_set():
            self.linger = linger
            self.stop.set()


async def _serve(settings: Settings, place: Place, shown: Playground | None, *, with_worker: bool) -> None:
    async with opened_house(settings) as house:
        health = Health(Measures(place.sheets, place.number))
        door = front_door(house, health, shown.credential if shown else None)
        server = _server(door)
        # What is loaded by now stays: the collector need not look at it again and again.
        gc.freeze()
        gc.set_threshold(GARBAGE_THRESHOLD)
        signals = Signals(place.line)
        serving = asyncio.create_task(server._serve([place.listening]))
        served = asyncio.Event()
        background = [asyncio.create_task(counting(door, served))]
        if with_worker:
            background.append(asyncio.create_task(working(house, signals.stop, with_robot=shown is not None)))
        while not server.started and not serving.done():
            await asyncio.sleep(0.01)
        place.say_serving()
        stopping = asyncio.create_task(signals.stop.wait())
        await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
        await _drain(server, health, signals)
        await serving
        signals.stop.set()
        served.set()
        await asyncio.gather(*background)


def _server(door: Door) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            door,
            http=Connection,
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=1,
        )
    )


async def _drain(server: uvicorn.Server, health: Health, signals: Signals) -> None:
    """Say 503 on /readyz while what runs is finished, then let the server end."""
    health.is_draining = True
    structlog.get_logger("serve").info("draining", requests=len(server.server_state.tasks))
    now = asyncio.get_running_loop().time
    lingering, deadline = now() + signals.linger, now() + FINISH_SECONDS
    while not signals.is_hurried and now() < deadline and (server.server_state.tasks or now() < lingering):
        await asyncio.sleep(0.05)
    server.should_exit = True


def _greeting(base: str, shown: Playground | None) -> list[str]:
    lines = [f"Remotehands serves on {base}", f"  front page     {base}/"]
    lines += [f"  API documents  {base}/openapi.json  {base}/api/openapi.json  {base}/operator/openapi.json"]
    if shown:
        credential = shown.credential
        lines += [
            "",
            "The playground is ready:",
            f"  client id          {credential.client_id}",
            f"  client secret      {credential.client_secret}",
            f"  Master-Account-Id  {credential.master_account_id}",
            f"  Account-Id         {credential.account_id}",
            f"  everybody else     {shown.file}",
            "",
            "Try it:",
            f"  curl -s {base}/v2/auth/token -d grant_type=client_credentials \\",
            f"    -d client_id={credential.client_id} -d client_secret={credential.client_secret}",
        ]
    if not sys.stdout.isatty():
        return lines
    return [*lines, "", "Ctrl-C ends it."]
