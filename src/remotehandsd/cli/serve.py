"""`remotehandsd serve`: one process that serves everything and ends well."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress

import structlog
import uvicorn

from remotehandsd import access
from remotehandsd.app import Connection, Health, front_door, opened_house, working
from remotehandsd.cli.faults import Exit, fail, say
from remotehandsd.cli.playground import Playground, made_playground
from remotehandsd.house import House
from remotehandsd.kit import log
from remotehandsd.settings import Settings

FINISH_SECONDS = 20
"""How long running requests may take to end after SIGTERM."""
LINGER_SECONDS = 1.0
"""How long a server that is asked to end still says so on /readyz, so that a load balancer can hear it."""
KEEP_ALIVE_SECONDS = 65


def serve_all(
    settings: Settings, *, host: str, port: int, workers: int, playground: bool, with_worker: bool
) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    if workers > 1 and settings.database_url.startswith("sqlite:"):
        raise fail(Exit.WRONG_USAGE, "--workers: more than one process needs PostgreSQL.")
    listening = _listen(host, port)
    port = listening.getsockname()[1]
    log.start(settings.log)
    runner = asyncio.Runner(loop_factory=_new_loop())
    with runner, listening:
        runner.run(_serve(settings, listening, host, port, playground=playground, with_worker=with_worker))


def _new_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    with suppress(ImportError):
        import uvloop  # noqa: PLC0415 - not on every system

        return uvloop.new_event_loop
    return None


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.socket(family)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(2048)
    except OSError as error:
        raise fail(Exit.FAILED, f"Cannot listen on {host}:{port}: {error.strerror or error}.") from None
    return listening


async def _serve(
    settings: Settings, listening: socket.socket, host: str, port: int, *, playground: bool, with_worker: bool
) -> None:
    async with opened_house(settings) as house:
        await house.db.migrate()
        shown = await made_playground(house) if playground else None
        health = Health()
        door = front_door(house, health, shown.credential if shown else None)
        # A first token must not wait for a key to be made.
        await access.Keys(house).signing()
        server = uvicorn.Server(
            uvicorn.Config(
                door,
                http=Connection,
                lifespan="off",
                access_log=False,
                log_config=None,
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=FINISH_SECONDS,
                proxy_headers=False,
                ws="none",
            )
        )
        await _run(house, server, listening, health, _greeting(host, port, shown), with_worker, playground)


async def _run(
    house: House,
    server: uvicorn.Server,
    listening: socket.socket,
    health: Health,
    greeting: list[str],
    with_worker: bool,
    playground: bool,
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    # uvicorn's own handling of signals would end the process with the signal's status, not with 0.
    serving = loop.create_task(server._serve([listening]))
    background = loop.create_task(working(house, stop, with_robot=playground)) if with_worker else None
    while not server.started and not serving.done():
        await asyncio.sleep(0.01)
    say(*greeting)
    stopping = loop.create_task(stop.wait())
    await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
    await _drain(server, health)
    await serving
    stopping.cancel()
    if background:
        await background


async def _drain(server: uvicorn.Server, health: Health) -> None:
    """Say 503 on /readyz while what runs is finished, then let the server end."""
    health.is_draining = True
    structlog.get_logger("serve").info("draining", requests=len(server.server_state.tasks))
    deadline = asyncio.get_running_loop().time() + FINISH_SECONDS
    await asyncio.sleep(LINGER_SECONDS)
    while server.server_state.tasks and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.05)
    server.config.timeout_graceful_shutdown = 1
    server.should_exit = True


def _greeting(host: str, port: int, shown: Playground | None) -> list[str]:
    named = f"[{host}]" if ":" in host else host
    base = f"http://{named}:{port}"
    lines = [f"Remotehands serves on {base}", f"  front page     {base}/"]
    lines += [f"  API documents  {base}/openapi.json  {base}/operator/openapi.json"]
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
