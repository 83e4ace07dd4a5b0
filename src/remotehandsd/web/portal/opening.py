"""`/portal/{account}/tickets/new`: a ticket is written, looked at once more, and ordered."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest

import msgspec
from starlette.responses import Response

from remotehandsd import notices, sites, tickets
from remotehandsd.errors import AlreadyUsed, Fault, Invalid, NotFound, NotSignedIn, Rule
from remotehandsd.people import split_recipients
from remotehandsd.tickets import CATEGORIES, LIMITS, Category, RequestType
from remotehandsd.web.call import Call
from remotehandsd.web.forms import Filled, once_key
from remotehandsd.web.once import once
from remotehandsd.web.pages import page, see
from remotehandsd.web.portal import ticket as ticket_page
from remotehandsd.web.portal.signed_out import SignedOut, customer_sent
from remotehandsd.web.sent_files import FormWithFiles, attach_files
from remotehandsd.web.texts import text
from remotehandsd.web.visitor import Visitor, customer, must_be_of

SHOWN_LOCATIONS = 1000
"""Most locations of a site that are offered to choose from; any other can be typed."""


FIELDS = (
    "site",
    "location",
    "work",
    "title",
    "instruction",
    "recipients",
    "customer_reference",
    "reference_ticket",
)
"""The fields of the form, in their order."""


class Work(msgspec.Struct, frozen=True):
    """One of the thirteen pairs of request type and category: what it is for, and what to say about it."""

    request_type: RequestType
    category: Category

    @property
    def value(self) -> str:
        """Return how a form names it."""
        return f"{self.request_type} / {self.category}"

    @property
    def line(self) -> str:
        """Return what it is for."""
        return text(f"portal.work.{self.request_type.name.lower()}.{self.category.name.lower()}")

    @property
    def template(self) -> str:
        """Return the questions that an instruction answers."""
        return text(f"portal.template.{self.category.name.lower()}")

    def unanswered(self, instruction: str) -> list[str]:
        """Return the questions that stand in an instruction with no answer, neither behind them nor below."""
        questions = tuple(self.template.strip().splitlines())
        lines = [line.strip() for line in instruction.splitlines() if line.strip()]
        return [
            line
            for line, following in zip_longest(lines, lines[1:])
            if line in questions and (following is None or following.startswith(questions))
        ]


WORK = {
    request_type: [Work(request_type, category) for category in categories]
    for request_type, categories in CATEGORIES.items()
}
BY_VALUE = {work.value: work for of_type in WORK.values() for work in of_type}
TEMPLATES = frozenset(work.template.strip() for work in BY_VALUE.values())


def _fields(form: Filled) -> dict[str, str]:
    """Return a form as the noun reads it: what was chosen to be done is request type and category."""
    fields = {name: form.value(name) for name in tickets.OPENING}
    fields["title"] = fields["title"].strip()
    work = BY_VALUE.get(form.value("work"))
    fields["request_type"], fields["category"] = (work.request_type, work.category) if work else ("", "")
    return fields


def _faults(faults: Sequence[Fault]) -> dict[str, str]:
    """Return what is wrong by the form's own fields, in their order; what is missing is named."""
    found = {fault.field: fault.sentence for fault in faults}
    if found.keys() & {"request_type", "category"}:
        found["work"] = text("portal.new.choose_work")
    if "site" in found:
        found["site"] = text("portal.new.choose_site")
    if any(fault.field == "title" and fault.rule is Rule.MISSING for fault in faults):
        found["title"] = text("portal.new.give_title")
    return {name: found[name] for name in FIELDS if name in found}


async def show(call: Call) -> Response:
    """Show the empty form; `site` in the address has chosen one."""
    found = await customer(call)
    return await _asked(
        call, found, Filled({"site": call.asked("site") or "", "recipients": found.email, "_once": once_key()})
    )


async def again(call: Call) -> Response:
    """Lead who asks for a step of the way without its form to the beginning."""
    await customer(call)
    return see(f"{_home(call)}/new")


async def _asked(call: Call, found: Visitor, form: Filled, code: int = 200) -> Response:
    own = await call.look(sites.sites_of_account)
    if len(own) == 1:
        form = Filled({**form.values, "site": own[0].code}, form.faults)
    locations = await call.look(sites.locations, form.value("site")) if form.value("site") else []
    return page(
        "portal/new.html",
        code,
        visitor=found,
        here="new_ticket",
        form=form,
        sites=own,
        locations=locations[:SHOWN_LOCATIONS],
        work=WORK,
        limits=LIMITS,
    )


async def preview(call: Call) -> Response:
    """Check what was typed and show it once more, in the form of an order; or help with the form."""
    found, form = await customer_sent(call)
    match form.value("do"):
        case "site" | "change":
            return await _asked(call, found, form)
        case "template":
            return await _asked(call, found, _with_template(form))
    faults = await _refused(call, form)
    if faults:
        return await _asked(call, found, Filled(form.values, faults), 422)
    return await _summary(call, found, form)


def _with_template(form: Filled) -> Filled:
    work, typed = BY_VALUE.get(form.value("work")), form.value("instruction").strip()
    if work is None:
        return Filled(form.values, {"work": text("portal.new.choose_work")})
    return Filled({**form.values, "instruction": work.template}) if not typed or typed in TEMPLATES else form


async def _refused(call: Call, form: Filled) -> Mapping[str, str]:
    faults: dict[str, str] = {}
    try:
        await call.look(tickets.may_open, _fields(form), check_location=call.house.settings.check_location)
    except Invalid as refusal:
        faults = _faults(refusal.faults)
    except NotFound as refusal:
        faults = {"location" if await _has_site(call, form) else "site": refusal.sentence}
    if form.value("instruction").strip() in TEMPLATES:
        faults["instruction"] = text("portal.new.fill_in")
    return {name: faults[name] for name in FIELDS if name in faults}


async def _has_site(call: Call, form: Filled) -> bool:
    return await call.look(sites.is_assigned, form.value("site"))


async def _summary(call: Call, found: Visitor, form: Filled, code: int = 200) -> Response:
    own = await call.look(sites.sites_of_account)
    location = form.value("location")
    recipients = [one.strip() for one in split_recipients(form.value("recipients")) if one.strip()]
    policy = notices.Policy.of(call.house.settings)
    return page(
        "portal/summary.html",
        code,
        visitor=found,
        here="new_ticket",
        form=form,
        work=BY_VALUE[form.value("work")],
        fields=FIELDS,
        site=next(site for site in own if site.code == form.value("site")),
        knows_location=not location or await call.look(sites.has_location, form.value("site"), location),
        recipients=recipients,
        not_mailed=await call.look(notices.not_mailed, recipients, policy),
        sends_mail=bool(call.house.settings.smtp_url),
        most=call.house.settings.max_file_bytes,
    )


async def order(call: Call) -> Response:
    """Open the ticket, then attach its files one by one: a file that fails leaves the ticket, and is offered again."""
    files = FormWithFiles(call) if call.content_type()[0] == "multipart/form-data" else None
    try:
        found = await customer(call)
    except NotSignedIn:
        values = (await files.fields()).values if files else {}
        raise SignedOut(call.scope["path"].removesuffix("order") + "preview", values) from None
    if files is None:
        found, form = await customer_sent(call)
    else:
        form = await files.fields()
        must_be_of(found, form)
    faults = await _refused(call, form)
    if faults:
        return await _asked(call, found, Filled(form.values, faults), 422)
    try:
        answer = await once(
            call,
            form,
            lambda ticket: f"{_home(call)}/{tickets.wire_number(ticket.number)}?done=ordered",
            tickets.open_ticket,
            _fields(form),
            check_location=call.house.settings.check_location,
        )
    except AlreadyUsed:
        values = {**form.values, "_once": once_key()}
        return await _asked(call, found, Filled(values, {"title": text("portal.used")}), 422)
    number = tickets.number_of(answer.headers["location"].rpartition("/")[2].partition("?")[0])
    assert number is not None
    failed = await attach_files(call, number, files) if files else []
    if failed:
        return await ticket_page.with_files_missing(call, found, number, failed, is_new=True)
    return answer


def _home(call: Call) -> str:
    return f"/portal/{call.params['account']}/tickets"
