"""Signing in as one of the playground's people, without a password, to try the pages out."""

from enum import StrEnum

import msgspec

from remotehandsd.act import Act, Environment, Role
from remotehandsd.errors import NotAllowed
from remotehandsd.kit.db import Tx
from remotehandsd.people.session import Session, hash_of, new_secret, printable
from remotehandsd.people.store import playground as store
from remotehandsd.people.store import sessions as sessions_store

ROBOT = "robot@operator.example"
"""The staff member of the playground whom the robot acts as; without him it rests."""
TRIED_SECONDS = 180
"""So long after its last page a session of "sign in as" counts as being in use."""


class Kind(StrEnum):
    """Whom a newcomer can be in the playground."""

    USER = "user"
    ACCOUNT_ADMINISTRATOR = "account administrator"
    TECHNICIAN = "technician"
    DISPATCHER = "dispatcher"
    ADMINISTRATOR = "administrator"


class Offered(msgspec.Struct, frozen=True):
    """One of the playground's people as whom anybody may sign in."""

    kind: Kind
    person: int
    email: str
    name: str


async def offered(act: Act) -> list[Offered]:
    """Return one person of each kind that there is in the playground; NotAllowed in any other environment.

    The first that were loaded. Nobody who has a password, or who is known in another environment: those are people
    of flesh and blood.
    """
    if act.by.environment is not Environment.PLAYGROUND:
        raise NotAllowed("This is possible in the playground only.")
    found = {
        Kind.USER: await store.first_user(act, administrator=False),
        Kind.ACCOUNT_ADMINISTRATOR: await store.first_user(act, administrator=True),
        Kind.TECHNICIAN: await store.first_of_staff(act, Role.TECHNICIAN),
        Kind.DISPATCHER: await store.first_of_staff(act, Role.DISPATCHER),
        Kind.ADMINISTRATOR: await store.first_of_staff(act, Role.ADMINISTRATOR),
    }
    return [Offered(kind, *row) for kind, row in found.items() if row]


async def of_flesh_and_blood(act: Act) -> frozenset[str]:
    """Return the addresses of real people: with a password, invited to set one, or known in another environment.

    Whoever is somebody of the playground for a while sees and changes none of them, and has none of them written to.
    """
    return frozenset(row[0] for row in await store.known_beyond(act))


async def is_tried(tx: Tx, *, now: int) -> bool:
    """Tell whether somebody tries the playground's pages out just now: then the robot leaves the work to him."""
    return await sessions_store.borrowed_since(tx, now - TRIED_SECONDS)


async def sign_in_as(act: Act, kind: Kind, *, device: str) -> str:
    """Begin a session as the offered person of a kind; return its secret, the cookie's value.

    It is bound to the playground. NotAllowed where there is nobody of the kind, and in any other environment.
    Whether the server was started with the playground is for the door to know.
    """
    person = next((one.person for one in await offered(act) if one.kind == kind), None)
    if person is None:
        raise NotAllowed("The playground has nobody of this kind.")
    secret = new_secret()
    began = Session(0, person, Environment.PLAYGROUND, True, act.at, act.at, printable(device))
    await sessions_store.add(act.tx, hash_of(secret), began)
    return secret
