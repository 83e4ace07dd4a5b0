"""`make bench-telling`: creates a second without and with mail and webhooks, while people and programs are told.

Without: the worker rests, so that nothing reads the events. With: the worker runs, every ticket names two recipients,
every account has a webhook, there is no limit, and a mail server and a receiver on loopback take everything. It is
driven for more than the minute of a burst before it is timed, so that every part is at work. Tables grow meanwhile:
what is without is measured before and afterwards, and the mean is what the others are held against.
"""

import argparse
import asyncio
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import msgspec
from aiosmtpd.smtp import SMTP, Envelope, Session

from benchmarks import servers
from benchmarks.calls import MANY, TICKETS, Customer, Measured, add_people, signed_in
from benchmarks.driver import Tally
from benchmarks.driving import CONNECTIONS, drive, machine, rate, verdict
from benchmarks.homes import embedded, on_postgres, running
from benchmarks.servers import Home, Program

LEAST = 0.8
"""The share of creates a second that telling must leave."""
BURST_SECONDS = 65
"""The minute after which the first notice is due, and a little."""
RECIPIENTS = "one@example.com, two@example.com"


class Office:
    """A mail server that takes everything and counts."""

    def __init__(self) -> None:
        self.taken = 0
        self.port = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a message."""
        self.taken += 1
        return "250 OK"


@contextmanager
def open_office() -> Iterator[Office]:
    """Run the mail server in a thread of its own; the benchmark itself only waits meanwhile."""
    office, is_open, loop = Office(), threading.Event(), asyncio.new_event_loop()

    async def listen() -> None:
        server = await loop.create_server(lambda: SMTP(office, loop=loop, hostname="bench"), "127.0.0.1", 0)
        office.port = server.sockets[0].getsockname()[1]
        is_open.set()

    thread = threading.Thread(target=lambda: (loop.create_task(listen()), loop.run_forever()), daemon=True)
    thread.start()
    is_open.wait()
    yield office
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.telling", description="Measure what telling costs who creates.")
    parser.add_argument("--engine", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--seconds", type=float, default=15, help="timed seconds of each drive")
    options = parser.parse_args()
    servers.end_in_order()
    print(f"{CONNECTIONS} keep-alive connections over loopback, {machine()}\n")
    for engine in ("sqlite", "postgres"):
        if options.engine in {engine, "both"}:
            with tempfile.TemporaryDirectory(prefix="remotehands-bench-") as folder, ExitStack() as stack:
                Path(folder).chmod(0o755)
                bench(engine, Path(folder), stack, options.seconds)


def bench(engine: str, folder: Path, stack: ExitStack, seconds: float) -> None:
    """Measure one engine."""
    home = embedded(folder / "home")
    if engine == "postgres":
        home = on_postgres(folder / "home", stack.enter_context(running(folder / "postgres")), "bench")
    servers.run(home, "fabricate", "--tickets", "1000", "--accounts", str(MANY.stop))
    add_people(home)
    receiver = Program(home, "receiver", sys.executable, "-m", "benchmarks.receiver")
    stack.callback(receiver.end)
    before = measure(ready(home, "before", "--no-worker"), seconds)
    office = stack.enter_context(open_office())
    server = ready(telling(home, office), "with")
    add_webhooks(server, receiver)
    gathered = measure(server, seconds, end=False)
    measure(server, max(1.0, BURST_SECONDS - seconds), end=False)
    began, counted = time.monotonic(), taken(office, receiver)
    told = measure(server, seconds)
    spent, now = time.monotonic() - began, taken(office, receiver)
    after = measure(ready(home, "after", "--no-worker"), seconds)
    mails, deliveries = ((new - old) / spent for new, old in zip(now, counted, strict=True))
    print(f"{engine}: creates a second; meanwhile {mails:.0f} mails and {deliveries:.0f} deliveries a second went out")
    print(f"{'':30}{'req/s':>8}{'of it':>7}{'CPU us':>8}")
    without = (rate([before]) + rate([after])) / 2
    rows = {"nobody is told": before, "events are gathered": gathered, "mails go out": told, "again nobody": after}
    for name, tally in rows.items():
        share = rate([tally]) / without
        cells = f"{name:30}{rate([tally]):8,.0f}{share:7.2f}{tally.server_cpu / tally.answers * 1e6:8.0f}"
        print(cells if tally in (before, after) else f"{cells}  {verdict(share >= LEAST, f'>= {LEAST}')}")
    print()


def taken(office: Office, receiver: Program) -> tuple[int, int]:
    """Return how many mails and how many deliveries have come."""
    return office.taken, int(httpx.get(receiver.url).text.split()[1])


def add_webhooks(server: Program, receiver: Program) -> None:
    """Give each account a webhook that is told of its new tickets."""
    token = signed_in(server.url)
    for number, place in enumerate(MANY):
        webhook = {"url": f"{receiver.url}/{number}", "events": ["ticket.created"]}
        Customer(server.url, token, place).does("POST", "/api/webhooks", webhook)


def ready(home: Home, name: str, *options: str) -> Program:
    """Start a server and wait until it serves."""
    server = servers.serve(home, name, *options)
    server.wait_until_ready()
    return server


def telling(home: Home, office: Office) -> Home:
    """Return the home with mail and webhooks."""
    settings = {
        "REMOTEHANDS_SMTP_URL": f"smtp://127.0.0.1:{office.port}",
        "REMOTEHANDS_MAIL_FROM": "hands@example.com",
        "REMOTEHANDS_MAIL_LIMIT": "none",
        "REMOTEHANDS_MAIL_PLAYGROUND": "yes",
        "REMOTEHANDS_WEBHOOK_PRIVATE": "yes",
    }
    return msgspec.structs.replace(home, settings=home.settings | settings)


def measure(server: Program, seconds: float, *, end: bool = True) -> Tally:
    """Measure creates, each connection on an account of its own."""
    token = signed_in(server.url)
    customers = [Customer(server.url, token, place) for place in MANY]
    bodies = [one.opening() | {"notificationRecipients": RECIPIENTS} for one in customers]
    requests = [one.request("POST", TICKETS, body) for one, body in zip(customers, bodies, strict=True)]
    created = drive(server, Measured("create", requests, 201), seconds)
    if end:
        server.end()
    return created


if __name__ == "__main__":
    main()
