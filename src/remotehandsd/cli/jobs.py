"""`remotehandsd jobs` and `retry`: what waits or was set aside, and trying one again."""

import time

from remotehandsd import jobs
from remotehandsd.cli.faults import number_of, say
from remotehandsd.house import House
from remotehandsd.jobs import Waiting

MOST = 1000


async def list_jobs(house: House) -> None:
    """Say what was set aside, and then what waits, the next due first; at most a thousand."""
    async with house.db.read() as tx:
        found = await jobs.waiting(tx, most=MOST)
    if not found:
        say("Nothing waits, and nothing was set aside.")
        return
    now = house.now()
    say(*(_line(job, now) for job in found))
    aside = sum(job.set_aside_at is not None for job in found)
    if aside:
        say("", f"{number_of(aside, 'job')} set aside; `remotehandsd retry JOB` tries one again.")


async def retry_job(house: House, key: int) -> None:
    """Have a job tried again now; a running worker takes it up within a second."""
    async with house.db.write() as tx:
        await jobs.retry(tx, key, now=house.now())
    say(f"Job {key} is due now.")


def _line(job: Waiting, now: int) -> str:
    if job.set_aside_at is not None:
        state = f"set aside {_when(job.set_aside_at)}"
    elif job.holder and job.due_at > now:
        state = f"in hand of {job.holder}"
    else:
        state = f"due {_when(job.due_at)}"
    fault = f": {job.fault}" if job.fault else ""
    return f"{job.key}  {job.kind} {job.about}, {state}, {number_of(job.tries, 'try').replace('trys', 'tries')}{fault}"


def _when(at: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(at))
