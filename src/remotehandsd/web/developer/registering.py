"""`/developer/register` and `/developer/confirm`: a newcomer asks to be let in, and confirms the address."""

from starlette.responses import Response

from remotehandsd import accounts, letters, registrations
from remotehandsd.act import Environment
from remotehandsd.errors import Invalid, Limited, NotFound, WrongMoment
from remotehandsd.web.call import Call
from remotehandsd.web.forms import Filled, filled
from remotehandsd.web.pages import page, see
from remotehandsd.web.peer import peer
from remotehandsd.web.posting import post_alone
from remotehandsd.web.texts import text
from remotehandsd.web.visitor import visiting

FIELDS = ("email", "name", "company", "reason")


async def show(call: Call) -> Response:
    """Ask who it is and why; who is signed in asks for access instead."""
    if await visiting(call):
        return see("/developer/access")
    return await _asked(call, Filled())


async def _asked(call: Call, form: Filled, code: int = 200) -> Response:
    async with call.house.db.read() as tx:
        there = await accounts.administered_environments(tx)
    return page("developer/register.html", code, visitor=None, at="register", form=form, environments=there)


async def register(call: Call) -> Response:
    """Note what is asked. The answer is the same whether the address is known or not."""
    if await visiting(call):
        return see("/developer/access")
    form = await filled(call)
    async with call.house.db.read() as tx:
        there = await accounts.administered_environments(tx)
    if form.value("environment") not in there:
        return await _asked(call, Filled(form.values, {"environment": text("developer.register.no_environment")}), 422)
    try:
        token = await registrations.register(
            call.house,
            Environment(form.value("environment")),
            {name: form.value(name) for name in FIELDS},
            address=peer(call),
        )
    except Invalid as refusal:
        return await _asked(call, form.refused(refusal.faults), 422)
    except Limited as refusal:
        response = await _asked(call, Filled(form.values, {"email": text("developer.register.limited")}), 429)
        response.headers["Retry-After"] = str(refusal.seconds)
        return response
    email = form.value("email").strip()
    letter = letters.wording.confirmation(email, call.house.settings.public_url, token)
    is_sent = await post_alone(call.house, letter)
    return page("developer/registered.html", visitor=None, at="register", email=email, is_sent=is_sent)


async def ask_confirm(call: Call) -> Response:
    """Show a button: whatever opens links by itself, as mail filters do, confirms nothing."""
    return _asked_to_confirm(call)


def _asked_to_confirm(call: Call, code: int = 200, *, is_over: bool = False, refused: str = "") -> Response:
    token = call.params["token"]
    return page(
        "developer/confirm.html", code, visitor=None, at="register", token=token, is_over=is_over, refused=refused
    )


async def confirm(call: Call) -> Response:
    """Take the address as confirmed; the operator's administrators see the registration from now on."""
    await filled(call)
    try:
        async with call.house.db.write() as tx:
            await registrations.confirm(tx, call.params["token"], now=call.house.now())
    except NotFound:
        return _asked_to_confirm(call, 404, is_over=True)
    except WrongMoment as refusal:
        return _asked_to_confirm(call, 409, refused=refusal.sentence)
    return see("/developer?done=confirmed")
