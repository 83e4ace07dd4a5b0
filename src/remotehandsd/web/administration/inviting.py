"""`/desk/administration/{kind}/invite`: a user or a member of staff gets a link to choose a password, by mail."""

from starlette.responses import Response

from remotehandsd import administration, letters, people
from remotehandsd.act import Act
from remotehandsd.errors import NotAllowed, NotFound
from remotehandsd.house import House
from remotehandsd.notices import is_mailed
from remotehandsd.web.administration.administrator import real_administrator
from remotehandsd.web.administration.shapes import STAFF, USER
from remotehandsd.web.call import Call
from remotehandsd.web.once import once
from remotehandsd.web.pages import segment
from remotehandsd.web.posting import post
from remotehandsd.web.texts import text
from remotehandsd.web.visitor import sent_by


async def invite(call: Call) -> Response:
    """Mail the link; it is for that mailbox only, so without mail there is none to be had here."""
    found = await real_administrator(call)
    form = await sent_by(call, found)
    kind, email = call.params["kind"], people.kept_form(form.value("email"))
    if kind not in {USER.name, STAFF.name}:
        raise NotFound
    if not is_mailed(call.house, email):
        raise NotAllowed(text("administration.no_mail"))
    address = f"/desk/administration/{kind}/one?id={segment(email)}"
    return await once(call, form, lambda done: f"{address}&done={done}", _invite, call.house, email)


async def _invite(act: Act, house: House, email: str) -> str:
    token = await administration.invite(act, email)
    if token is None:
        return "has_password"
    url, environment = house.settings.public_url, str(act.by.environment)
    await post(act, house, letters.wording.invitation(email, url, token, by=act.by.name, environment=environment))
    return "invited"
