"""Letters from pages: sent if the act lasts, or after the answer, where mail goes out at all."""

from collections.abc import Awaitable, Callable

from starlette.background import BackgroundTask
from starlette.responses import Response

from remotehandsd import letters
from remotehandsd.act import Act
from remotehandsd.house import House
from remotehandsd.kit.mail import Letter
from remotehandsd.notices import is_mailed


async def post(act: Act, house: House, letter: Letter) -> bool:
    """Have a letter sent if the act lasts; tell whether it goes out."""
    if not is_mailed(house, letter.to):
        return False
    await letters.post(act.tx, house.seal, letter, now=act.at)
    return True


def after(response: Response, do: Callable[[], Awaitable[None]]) -> Response:
    """Have something done when the answer is on its way, so that its time tells nothing."""
    response.background = BackgroundTask(do)
    return response


async def post_alone(house: House, letter: Letter) -> bool:
    """Have a letter sent, in a transaction of its own."""
    if not is_mailed(house, letter.to):
        return False
    async with house.db.write() as tx:
        await letters.post(tx, house.seal, letter, now=house.now())
    return True
