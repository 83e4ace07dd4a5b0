"""Signing in with an address and a password."""

from remotehandsd import accounts
from remotehandsd.act import Environment
from remotehandsd.errors import NotSignedIn
from remotehandsd.house import House
from remotehandsd.kit.db import Tx
from remotehandsd.people import passwords
from remotehandsd.people.address import is_email, kept_form
from remotehandsd.people.guessing import guess
from remotehandsd.people.knowing import is_known
from remotehandsd.people.session import Session, hash_of, new_secret, printable
from remotehandsd.people.store import people as store
from remotehandsd.people.store import sessions as sessions_store

WRONG = "Address or password is wrong."


async def sign_in(house: House, email: str, password: str, *, address: str, device: str, badge: str = "") -> str:
    """Begin a session and return its secret, the cookie's value.

    `address` is where the request comes from, `device` what the browser says of itself, `badge` what it shows for
    having signed in before. NotSignedIn with one sentence, after the same time, for a wrong password, an unknown
    address, a person without a password and one who is retired everywhere; Limited after too many attempts. The
    session begins in the environment that the person used last, or else in production, the sandbox, the playground,
    whichever there is.
    """
    email = kept_form(email)
    known = f"browsers of {email}" if is_known(house, badge, email) else ""
    with guess(house, email, address, known) as attempt:
        person, kept = await _found(house, email)
        if not await passwords.is_right(kept, password):
            raise NotSignedIn(WRONG)
        assert person is not None
        assert kept is not None
        form = passwords.shaped(password)
        assert form is not None
        hash_ = await passwords.hashed(form) if passwords.is_outdated(kept) else kept
        async with house.db.write() as tx:
            # The password may have been set anew meanwhile, which ends all sessions: this one must not slip by.
            if not await store.replace_hash(tx, person, was=kept, hash=hash_):
                raise NotSignedIn(WRONG)
            environment = await _first_environment(tx, person)
            if environment is None:
                raise NotSignedIn(WRONG)
            secret = await _begin(tx, person, environment, device=device, now=house.now())
        attempt.was_right = True
    return secret


async def _found(house: House, email: str) -> tuple[int | None, str | None]:
    # What can be no address is asked for, too: it takes as long.
    async with house.db.glance() as tx:
        return await store.find(tx, email if is_email(email) else "") or (None, None)


async def _first_environment(tx: Tx, person: int) -> Environment | None:
    there = await accounts.environments_of_person(tx, person)
    last = await sessions_store.newest_environment(tx, person)
    return next((one for one in there if one == last), there[0] if there else None)


async def _begin(tx: Tx, person: int, environment: Environment, *, device: str, now: int) -> str:
    secret = new_secret()
    began = Session(0, person, environment, False, now, now, printable(device))
    await sessions_store.add(tx, hash_of(secret), began)
    return secret
