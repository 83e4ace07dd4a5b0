"""Keeping answers: looked up before anything is done, kept with the effect, forgotten after a day.

Whoever does a request under a key holds the request's name meanwhile (`alone` of Database.write), so that there is one
at a time; who finds it held is told that it is in progress.
"""

import msgspec

from remotehandsd.act import Act
from remotehandsd.errors import AlreadyUsed
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.kit.sealing import Seal
from remotehandsd.repeats import queue, store
from remotehandsd.repeats.request import Answer, Kept, Request

KEPT_SECONDS = 86_400
AT_ONCE = 500
"""Rows that are removed in one transaction, so that nobody waits long behind it."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Answer).decode


async def kept(act: Act, seal: Seal, request: Request) -> Kept | None:
    """Return what is kept for a request of the act's account, or None.

    AlreadyUsed when something else was asked for under its key; what was sent with it is not compared here.
    """
    row = await store.find(act, request.app, request.key)
    if row is None:
        return None
    asked, body, sealed, kept_at = row
    if kept_at <= act.at - KEPT_SECONDS:
        return None
    if asked != request.asked:
        raise AlreadyUsed("The key was used with another request.")
    return Kept(_decode(seal.open(sealed, _place(request))), body)


async def take_up(act: Act, seal: Seal, request: Request) -> Answer | None:
    """Return the answer that was given before, or take the key for this request and return None.

    With a refusal the transaction ends, and the key is free again.
    """
    if await _take(act, request):
        return None
    if found := await kept(act, seal, request):
        return found.answer_to(request.body)
    # What is kept no longer may still lie there; what lies on another of the app's accounts stays.
    await store.remove(act, request.app, request.key)
    if not await _take(act, request):
        raise AlreadyUsed("The key was used with a request for another account.")
    return None


async def _take(act: Act, request: Request) -> bool:
    return await store.add(act, request.app, request.key, asked=request.asked, body=request.body)


async def keep(act: Act, seal: Seal, request: Request, answer: Answer) -> None:
    """Keep the answer in the transaction that has the effect."""
    await store.set_answer(act, request.app, request.key, seal.seal(_encode(answer), _place(request)))


def _place(request: Request) -> str:
    return f"answer to {request.app} {request.key}"


async def forget_old(house: House) -> int:
    """Remove the answers that were kept for a day, some at a time; return how many."""
    forgotten = 0
    while True:
        async with house.db.write(EVERY_TENANT) as tx:
            removed = await queue.remove_old(tx, before=house.now() - KEPT_SECONDS, most=AT_ONCE)
        forgotten += removed
        if removed < AT_ONCE:
            return forgotten
