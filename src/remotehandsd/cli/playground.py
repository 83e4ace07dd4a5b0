"""`serve --playground`: a made-up world with made-up secrets, written once into the data folder."""

import os
import re
import secrets
import tomllib
from importlib.resources import files
from pathlib import Path

import msgspec

from remotehandsd import world
from remotehandsd.act import Act, By, Environment
from remotehandsd.app import Credential
from remotehandsd.cli.faults import Exit, fail
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.world import WrongWorld

FILE = "playground.toml"


class Playground(msgspec.Struct, frozen=True):
    """The playground's world file, and the credential that everybody may see."""

    file: Path
    credential: Credential


async def made_playground(house: House) -> Playground:
    """Write the world file the first time (mode 0600), and load it: what it names is there."""
    file = house.settings.data / FILE
    if not file.exists():
        _write(file)
    try:
        wanted = world.read_world(file)
        if wanted.environment is not Environment.PLAYGROUND:
            raise WrongWorld([f"{file}: environment: must be playground."])
        async with house.db.write(EVERY_TENANT) as tx:
            act = Act(tx, By(name="remotehandsd serve", environment=Environment.PLAYGROUND), house.now())
            await world.apply(act, await world.plan(act, wanted))
    except WrongWorld as error:
        raise fail(Exit.FAILED, *error.faults) from None
    return Playground(file, _first_credential(file))


def _write(file: Path) -> None:
    text = files("remotehandsd.cli").joinpath("playground.toml").read_text(encoding="utf-8")
    filled = re.sub(r"\{[a-z]+\}", lambda _: secrets.token_hex(32), text)
    part = file.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as writing:
        writing.write(filled)
    part.rename(file)


def _first_credential(file: Path) -> Credential:
    """Return the first app of a customer's that the file gives whole, with its person's default account."""
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    masters = {
        account["id"]: master["id"] for master in table["master_accounts"] for account in master.get("accounts", [])
    }
    users = {user["email"]: user.get("accounts", []) for user in table["users"]}
    for app in table["apps"]:
        of_user = users.get(app["user"], [])
        if of_user and of_user[0] in masters and "client_id" in app and "client_secret" in app:
            return Credential(app["client_id"], app["client_secret"], masters[of_user[0]], of_user[0])
    raise fail(Exit.FAILED, f"{file}: has no customer's app with client id and secret.")
