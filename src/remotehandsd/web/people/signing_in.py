"""`/sign-in`, `/sign-out`, and which environment one is in."""

from starlette.responses import Response

from remotehandsd import people
from remotehandsd.act import Act, Environment
from remotehandsd.errors import Limited, NotAllowed, NotFound, NotSignedIn
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.people import PlaygroundKind
from remotehandsd.web.call import Call
from remotehandsd.web.forms import SMALL_BYTES, Filled, filled, must_be_ours
from remotehandsd.web.offering import NOBODY, playground_people
from remotehandsd.web.pages import page, see
from remotehandsd.web.peer import peer
from remotehandsd.web.texts import text
from remotehandsd.web.visitor import badge_of, visiting, visitor, way_back, with_badge, with_cookie


class SigningIn:
    """The pages of one process. `has_playground`: it was started with one, whose people anybody may be."""

    def __init__(self, *, has_playground: bool) -> None:
        self._has_playground = has_playground

    async def show(self, call: Call) -> Response:
        """Ask for address and password; who is signed in already is sent on."""
        found = await visiting(call)
        if found is not None:
            return see(way_back(call.asked("next")) or found.home)
        return await self._asked(call, Filled({"next": way_back(call.asked("next"))}))

    async def _asked(self, call: Call, form: Filled, code: int = 200) -> Response:
        offered = await playground_people(call.house) if self._has_playground else []
        return page("people/sign_in.html", code, form=form, offered=offered, done=call.asked("done") or "")

    async def sign_in(self, call: Call) -> Response:
        """Begin a session, under a secret that nobody knew before."""
        form = await filled(call, SMALL_BYTES)
        email = form.value("email").strip()
        try:
            secret = await people.sign_in(
                call.house,
                email,
                form.value("password"),
                address=peer(call),
                device=call.header("user-agent"),
                badge=badge_of(call),
            )
        except NotSignedIn as refusal:
            return await self._asked(call, Filled(form.values, {"password": refusal.sentence}), 401)
        except Limited as refusal:
            response = await self._asked(call, Filled(form.values, {"email": text("refused.429")}), 429)
            response.headers["Retry-After"] = str(refusal.seconds)
            return response
        response = with_cookie(call, see(way_back(form.value("next")) or "/welcome"), secret)
        return with_badge(call, response, email)

    async def sign_in_as(self, call: Call) -> Response:
        """Begin a session as one of the playground's people; it never leaves the playground."""
        form = await filled(call, SMALL_BYTES)
        if not self._has_playground:
            raise NotFound
        kind = form.value("kind")
        if kind not in set(PlaygroundKind):
            raise NotFound
        async with call.house.db.write(EVERY_TENANT) as tx:
            act = Act(tx, NOBODY, call.house.now())
            secret = await people.sign_in_as(act, PlaygroundKind(kind), device=call.header("user-agent"))
        return with_cookie(call, see("/welcome"), secret)


async def welcome(call: Call) -> Response:
    """Send somebody who has just signed in to where his day begins."""
    return see((await visitor(call)).home)


async def sign_out(call: Call) -> Response:
    """End the session; who is not signed in is told the same."""
    must_be_ours(call)
    await call.form()
    found = await visiting(call)
    if found is not None:
        async with call.house.db.write() as tx:
            await people.end(tx, found.session.person, found.session.key)
    return with_cookie(call, see("/"), None)


async def switch(call: Call) -> Response:
    """Go on in another environment, where the day begins anew."""
    found = await visitor(call)
    wanted = (await filled(call, SMALL_BYTES)).value("environment")
    if wanted not in set(Environment):
        raise NotAllowed(text("people.no_environment"))
    async with call.house.db.write() as tx:
        secret = await people.switch(tx, found.session, Environment(wanted))
    return with_cookie(call, see("/welcome"), secret)
