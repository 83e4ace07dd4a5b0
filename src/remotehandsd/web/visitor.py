"""Somebody who is signed in on the pages: from the cookie to who it is, and what is open to him."""

from urllib.parse import quote

import msgspec
from starlette.responses import Response

from remotehandsd import accounts, people
from remotehandsd.accounts import REMOTE_HANDS, Account, Caller
from remotehandsd.act import Role
from remotehandsd.errors import NotAllowed, NotFound, NotSignedIn
from remotehandsd.people import Session
from remotehandsd.web.call import Call
from remotehandsd.web.forms import Filled, filled
from remotehandsd.web.pages import SignInFirst
from remotehandsd.web.texts import text


class Link(msgspec.Struct, frozen=True):
    """A place in the navigation: `key` names it among the texts."""

    key: str
    address: str


class Visitor(msgspec.Struct, frozen=True):
    """A person, signed in, in one environment; `account` is the one that a customer's page is about."""

    session: Session
    caller: Caller
    email: str
    environments: tuple[str, ...]
    account: Account | None = None

    @property
    def name(self) -> str:
        """Return the display name."""
        return self.caller.by.name

    @property
    def environment(self) -> str:
        """Return the environment that the session is in."""
        return str(self.session.environment)

    @property
    def other_environments(self) -> list[str]:
        """Return where the session could go: nowhere, for one of "sign in as"."""
        return [] if self.session.is_bound else [name for name in self.environments if name != self.environment]

    @property
    def is_administrator(self) -> bool:
        """Tell whether the person looks after others: an account's people, or the operator's."""
        return self.caller.is_administrator or Role.ADMINISTRATOR in self.caller.by.roles

    @property
    def has_tickets(self) -> bool:
        """Tell whether a customer has the permission for tickets."""
        return REMOTE_HANDS in self.caller.permissions

    @property
    def home(self) -> str:
        """Return where the person's day begins."""
        if self.caller.is_staff:
            return "/desk"
        return f"/portal/{(self.account or self.caller.accounts[0]).id}" if self.caller.accounts else "/developer"

    @property
    def links(self) -> list[Link]:
        """Return the navigation."""
        if self.caller.is_staff:
            found = [Link("queue", "/desk")]
            if self.is_administrator:
                found.append(Link("administration", "/desk/administration"))
            return [*found, Link("developer", "/developer")]
        if not self.caller.accounts:
            return [Link("developer", "/developer")]
        return [
            Link("home", self.home),
            Link("tickets", f"{self.home}/tickets"),
            Link("new_ticket", f"{self.home}/tickets/new"),
            Link("account", f"{self.home}/account"),
            Link("developer", "/developer"),
        ]


def cookie_name(call: Call) -> str:
    """Return the cookie's name; behind https it is one that no other host and no plain connection can set."""
    return "__Host-remotehands" if _is_https(call) else "remotehands"


def _is_https(call: Call) -> bool:
    return call.house.settings.public_url.startswith("https://")


def with_cookie(call: Call, response: Response, secret: str | None) -> Response:
    """Give the browser a session's secret, or take it away with None."""
    return _with(call, response, cookie_name(call), secret or "", "" if secret else "; Max-Age=0")


def with_badge(call: Call, response: Response, email: str) -> Response:
    """Have the browser known as this person's when it signs in again; signing out leaves that as it is."""
    badge = people.badge(call.house, email)
    return _with(call, response, _badge_name(call), badge, f"; Max-Age={people.KNOWN_SECONDS}")


def badge_of(call: Call) -> str:
    """Return what the browser shows for having signed in before, or nothing."""
    return _cookie(call, _badge_name(call))


def _badge_name(call: Call) -> str:
    return f"{cookie_name(call)}-known"


def _with(call: Call, response: Response, name: str, value: str, life: str) -> Response:
    secure = "; Secure" if _is_https(call) else ""
    response.headers.append("Set-Cookie", f"{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{life}")
    return response


def _cookie(call: Call, wanted: str) -> str:
    for part in call.header("cookie").split(";"):
        name, _, value = part.strip().partition("=")
        if name == wanted:
            return value
    return ""


async def visiting(call: Call) -> Visitor | None:
    """Return who is signed in, or nobody. Rights are as they stand at this moment."""
    secret = _cookie(call, cookie_name(call))
    session = await people.admit(call.house, secret) if secret else None
    if session is None:
        return None
    async with call.house.db.read() as tx:
        caller = await accounts.caller_of_person(tx, session.person, session.environment)
        environments = await accounts.environments_of_person(tx, session.person)
        email = await people.email_of(tx, session.person)
    if caller is None:
        return None
    call.by, call.client_id = caller.by, caller.client_id
    return Visitor(session, caller, email, tuple(map(str, environments)))


async def visitor(call: Call) -> Visitor:
    """Return who is signed in; who is not is sent to where one signs in, and from there back to a page."""
    found = await visiting(call)
    if found is None:
        raise SignInFirst(sign_in_address(call)) if call.method in {"GET", "HEAD"} else NotSignedIn
    return found


async def customer(call: Call) -> Visitor:
    """Let a customer in on the account that the address names; he needs the permission for tickets."""
    found = await on_account(call)
    if not found.has_tickets:
        raise NotAllowed(text("people.no_permission"))
    return found


async def on_account(call: Call) -> Visitor:
    """Let a customer in on the account that the address names, whatever he may do there."""
    found = await visitor(call)
    if found.caller.is_staff:
        raise NotAllowed(text("people.customers_only"))
    account = next((one for one in found.caller.accounts if one.id == call.params["account"]), None)
    if account is None:
        raise NotFound
    call.by = found.caller.acting[account.master_id, account.id]
    return msgspec.structs.replace(found, account=account)


async def at_desk(call: Call) -> Visitor:
    """Let a member of the operator's staff in."""
    found = await visitor(call)
    if not found.caller.is_staff:
        raise NotAllowed(text("people.staff_only"))
    return found


async def sent_by(call: Call, found: Visitor) -> Filled:
    """Read a form that this visitor has sent; refused when it was made in another environment than he is in now."""
    form = await filled(call)
    must_be_of(found, form)
    return form


def must_be_of(found: Visitor, form: Filled) -> None:
    """Refuse a form that was made in another environment than its sender is in now."""
    if form.value("_environment") != found.environment:
        raise NotAllowed(text("refused.switched"))


def sign_in_address(call: Call) -> str:
    """Return where one signs in, and comes back here from."""
    path = call.scope["raw_path"].decode("latin-1")
    query = call.scope["query_string"].decode("latin-1")
    return f"/sign-in?next={quote(f'{path}?{query}' if query else path, safe='')}"


def way_back(address: str | None) -> str:
    """Return an address of ours that was asked for, or `""` for anything that leads elsewhere."""
    ours = address and address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if ours and address else ""
