"""`/password`: a link that sets one, from an invitation or because it was forgotten."""

from starlette.responses import Response

from remotehandsd import letters, people
from remotehandsd.errors import Invalid, NotFound
from remotehandsd.web.call import Call
from remotehandsd.web.forms import SMALL_BYTES, Filled, filled
from remotehandsd.web.pages import page, see
from remotehandsd.web.peer import peer
from remotehandsd.web.posting import after, post_alone
from remotehandsd.web.visitor import with_cookie


async def forgotten(call: Call) -> Response:
    """Ask for the address."""
    return page("people/forgotten.html", form=Filled(), is_sent=False, sends_mail=bool(call.house.settings.smtp_url))


async def send_link(call: Call) -> Response:
    """Send a link to whoever has this address; the answer is the same for everybody."""
    form = await filled(call, SMALL_BYTES)
    email = form.value("email").strip()
    token = await people.ask_reset(call.house, email, address=peer(call))

    async def send() -> None:
        if token is not None:
            letter = letters.wording.reset(people.kept_form(email), call.house.settings.public_url, token)
            await post_alone(call.house, letter)

    sends_mail = bool(call.house.settings.smtp_url)
    return after(page("people/forgotten.html", form=form, is_sent=sends_mail, sends_mail=sends_mail), send)


async def show(call: Call) -> Response:
    """Ask for the new password."""
    return await _asked(call, Filled())


async def _asked(call: Call, form: Filled, code: int = 200) -> Response:
    try:
        async with call.house.db.read() as tx:
            link = await people.link(tx, call.params["token"], now=call.house.now())
    except NotFound:
        return page("people/link_over.html", 404)
    return page("people/password.html", code, link=link, form=form, token=call.params["token"])


async def put(call: Call) -> Response:
    """Set the password; one signs in with it next."""
    form = await filled(call, SMALL_BYTES)
    try:
        await people.set_password(call.house, call.params["token"], form.value("password"))
    except Invalid as refusal:
        return await _asked(call, Filled().refused(refusal.faults), 422)
    except NotFound:
        return page("people/link_over.html", 404)
    return with_cookie(call, see("/sign-in?done=password"), None)
