"""Deliveries to webhooks: how fast one worker sends what has piled up, and what that takes of memory."""

import sys
import time
from contextlib import ExitStack
from pathlib import Path

import httpx

from benchmarks import servers
from benchmarks.calls import MANY, TICKETS, Customer, add_people, signed_in
from benchmarks.driving import verdict
from benchmarks.homes import embedded
from benchmarks.servers import Home, Program

DELIVERIES, WEBHOOKS, OF_ONE_ACCOUNT = 10_000, 50, 2
MOST_SECONDS, MOST_MB = 60, 50
GIVE_UP_SECONDS = 600


def bench(folder: Path, stack: ExitStack) -> None:
    """Let 10,000 deliveries to 50 webhooks pile up on the embedded engine, start a server, and print how it goes."""
    plain = embedded(folder / "webhooks")
    home = Home(plain.folder, plain.settings | {"REMOTEHANDS_WEBHOOK_PRIVATE": "yes", "REMOTEHANDS_LOG": "warning"})
    receiver = Program(home, "receiver", sys.executable, "-m", "benchmarks.receiver")
    stack.callback(receiver.end)
    pile_up(home, receiver.url)
    began = time.perf_counter()
    worker = servers.serve(home, "worker")
    stack.callback(worker.end)
    worker.wait_until_ready()
    least = worker.resident()
    most, requests = least, 0
    arrived = 0
    while arrived < DELIVERIES and time.perf_counter() - began < GIVE_UP_SECONDS:
        time.sleep(0.25)
        arrived, requests = map(int, httpx.get(receiver.url).text.split())
        most = max(most, worker.resident())
    seconds, growth = time.perf_counter() - began, most - least
    print(f"\n{arrived:,} deliveries to {WEBHOOKS} webhooks by one worker, {requests - arrived} of them twice")
    is_quick, is_small = seconds < MOST_SECONDS, growth < MOST_MB
    print(f"time from its start                  {seconds:6.1f} s    {verdict(is_quick, f'< {MOST_SECONDS}')}")
    print(f"growth of its memory                 {growth:6.0f} MB   {verdict(is_small, f'< {MOST_MB}')}")


def pile_up(home: Home, receiver: str) -> None:
    """Make webhooks and open tickets while no worker runs."""
    servers.run(home, "fabricate", "--tickets", "1000", "--accounts", str(MANY.stop))
    add_people(home)
    server = Program(home, "server", servers.remotehandsd(), "serve", "--port", "0", "--no-worker")
    server.wait_until_ready()
    token = signed_in(server.url)
    customers = [Customer(server.url, token, place) for place in MANY][: WEBHOOKS // OF_ONE_ACCOUNT]
    for number, customer in enumerate(customers * OF_ONE_ACCOUNT):
        customer.does("POST", "/api/webhooks", {"url": f"{receiver}/{number}", "events": ["ticket.created"]})
    with httpx.Client() as web:
        for customer in customers:
            opening = customer.opening()
            for _ in range(DELIVERIES // WEBHOOKS):
                customer.does("POST", TICKETS, opening, web)
    server.end()
