"""`migrate`, `rotate-keys`, `check`."""

import asyncio

from remotehandsd import access
from remotehandsd.app import opened_house
from remotehandsd.cli.faults import Exit, fail, say
from remotehandsd.house import House
from remotehandsd.kit.db import Unavailable, WrongDatabase
from remotehandsd.kit.files import Files, FilesAway, NoRoom
from remotehandsd.kit.mail import MailAway
from remotehandsd.kit.sealing import WrongKey
from remotehandsd.settings import Settings


async def migrate_schema(house: House) -> None:
    """Migrate and say what was done."""
    done = await house.db.migrate()
    say(*(f"{name}: done" for name in done) if done else ("The schema is of the newest version.",))


async def rotate_signing_key(house: House) -> None:
    """Make a new signing key and say its id."""
    kid = await access.rotate(house)
    say(f"New signing key {kid}: published now, signs in {access.PUBLISHED_BEFORE} seconds.")


def check_all(settings: Settings) -> None:
    """Check one thing after the other and say how each is; leave with 1 if one is not usable."""
    say("settings: good")
    faults = asyncio.run(_faults(settings))
    if faults:
        raise fail(Exit.FAILED, *faults)


async def _faults(settings: Settings) -> list[str]:
    faults = []
    try:
        async with opened_house(settings) as house:
            have, want = await house.db.version()
            if have == want:
                await house.db.check()
                say(f"database: good, version {have}")
            else:
                faults.append(f"database: of version {have}, this program needs {want}; run `remotehandsd migrate`.")
            try:
                await access.Keys(house).known() if have == want else None
            except WrongKey as error:
                faults.append(f"master key: {error}")
            try:
                await _try_out(house.files)
                say(f"files: good, {house.files.place}")
            except (NoRoom, FilesAway, OSError) as error:
                faults.append(f"files: {str(error).rstrip('.')}.")
            try:
                await house.mail.check()
                say(f"mail: good, {house.mail.place}")
            except MailAway as error:
                faults.append(f"mail: {error}")
    except FilesAway as error:
        faults.append(f"files: {error}")
    except WrongKey as error:
        faults.append(f"master key: {error}")
    except (WrongDatabase, Unavailable, OSError) as error:
        faults.append(f"database: {error}")
    return faults


async def _try_out(files: Files) -> None:
    """Write a file, read it back and delete it."""
    await files.room(0)
    incoming = files.receive()
    try:
        await incoming.write(b"check")
        kept = await incoming.finish()
        read = b"".join([piece async for piece in files.open(kept.name, 0, kept.size)])
        await files.delete(kept.name)
    finally:
        await incoming.discard()
    if read != b"check":
        raise OSError("what was written comes back changed")
