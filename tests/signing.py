"""How people of the cast get a password, and sign in with it."""

import pytest
from argon2 import PasswordHasher

from remotehandsd import accounts, people
from remotehandsd.act import Act, By, Environment
from remotehandsd.house import House
from remotehandsd.kit.db import Tx
from remotehandsd.people import passwords

PASSWORD = "correct horse battery"
HERE = "192.0.2.1"


def act_in(house: House, tx: Tx, environment: Environment) -> Act:
    return Act(tx, By(name="tests", environment=environment), house.now())


async def act_of(house: House, tx: Tx, email: str, environment: Environment = Environment.PLAYGROUND) -> Act:
    """An act by somebody of the cast, on the default account."""
    row = await tx.one("SELECT key FROM people WHERE email = :email", email=email)
    assert row is not None
    caller = await accounts.caller_of_person(tx, row[0], environment)
    assert caller is not None
    default = next(iter(caller.acting.values()), caller.by)
    return Act(tx, default, house.now())


async def with_password(house: House, email: str, password: str = PASSWORD) -> int:
    """Give somebody a password, by an invitation; return the person."""
    async with house.db.write() as tx:
        token = await people.invite_by_command(tx, email, now=house.now())
    return await people.set_password(house, token, password)


async def signs_in(house: House, email: str, password: str = PASSWORD, *, address: str = HERE, badge: str = "") -> str:
    return await people.sign_in(house, email, password, address=address, device="tests", badge=badge)


@pytest.fixture(autouse=True)
def cheap(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash with little memory: the same library, the same way through. A test that asks for `dear` is as in life."""
    if "dear" not in request.fixturenames:
        monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        monkeypatch.setattr(passwords, "DECOY", passwords._decoy())


@pytest.fixture
def dear() -> None:
    """Passwords cost what they cost in life."""
