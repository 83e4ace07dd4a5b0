"""`remotehandsd work`: the timers without a server."""

import asyncio
import signal

from remotehandsd.app import working
from remotehandsd.house import House
from remotehandsd.kit import log


async def work_alone(house: House) -> None:
    """Run the timers until SIGTERM or Ctrl-C; what has begun is finished."""
    log.start(house.settings.log)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await working(house, stop, with_robot=False)
