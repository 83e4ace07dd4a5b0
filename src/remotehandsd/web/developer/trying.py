"""`/developer/try`: a call of our API, made from a form, in the playground and nowhere else.

The call goes through the very function that answers programs; only who calls is known from the session instead of a
token. So what is shown is what a program would get, its refusals included.
"""

import json
import re
from typing import Any

import msgspec
from starlette.responses import Response
from starlette.types import Message, Scope

from remotehandsd.access import Gate
from remotehandsd.accounts import Caller
from remotehandsd.act import Environment
from remotehandsd.errors import NotAllowed, NotFound
from remotehandsd.kit.windows import Left
from remotehandsd.web.call import Call
from remotehandsd.web.developer import samples
from remotehandsd.web.developer.described import Described, Operation, parameter_rows
from remotehandsd.web.developer.own import own_values
from remotehandsd.web.developer.person import person
from remotehandsd.web.developer.reference import find
from remotehandsd.web.forms import Filled, once_key
from remotehandsd.web.offering import Credential
from remotehandsd.web.pages import page, segment
from remotehandsd.web.refused import REFUSALS, Refused
from remotehandsd.web.routing import Map, Route
from remotehandsd.web.texts import text
from remotehandsd.web.visitor import Visitor, sent_by

KEY = "Idempotency-Key"
SHOWN = 100_000
"""Most characters of an answer that are shown."""


class Asked(msgspec.Struct, frozen=True):
    """A call that is to be made, as it would go over the wire."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: str

    @property
    def shown(self) -> str:
        """Return it as text."""
        address = f"{self.path}?{self.query}" if self.query else self.path
        lines = [f"{self.method} {address}", *(f"{name}: {value}" for name, value in self.headers.items())]
        return "\n".join([*lines, "", self.body] if self.body else lines)


class Answered(msgspec.Struct, frozen=True):
    """What came back, as text."""

    status: int
    headers: list[tuple[str, str]]
    body: str


class _OfPerson(Gate):
    """The gate of one call: whoever comes is the person who is signed in."""

    def __init__(self, call: Call, caller: Caller) -> None:
        super().__init__(call.house)
        self._caller_here = caller
        self._of_programs = call.gate

    def count_request(self, client_id: str) -> Left | None:
        """Count the call with the person's others, under the limit of an app."""
        return self._of_programs.count_request(client_id)

    async def admit(self, token: str) -> Caller:
        return self._caller_here


class Trying:
    """Calls of these APIs, by their `routes`. `credential` is the playground's, where there is one to show."""

    def __init__(self, parts: tuple[Described, ...], routes: list[Route], credential: Credential | None) -> None:
        self._parts = parts
        self._credential = credential
        self._dialect = {route.path: route.dialect for route in routes}
        self._map = Map(routes)

    async def show(self, call: Call) -> Response:
        """Show the form, filled in so that it works as it is."""
        found = await person(call)
        operation = self._operation(call, found)
        own = await own_values(call, found, self._credential)
        values = {
            field_of(where, name): "" if name == "id" else value
            for (where, name), value in samples.values_of(operation, own).items()
        }
        if operation.body:
            values["body"] = json.dumps(samples.body_of(operation, own), indent=2, ensure_ascii=False)
        return self._shown(call, found, operation, Filled(values))

    def _operation(self, call: Call, found: Visitor) -> Operation:
        operation = find(self._parts, call)
        if not operation.is_plain:
            raise NotFound
        if (operation.part == "operator") is not found.caller.is_staff:
            raise NotAllowed(text("developer.try.others"))
        return operation

    def _shown(
        self, call: Call, found: Visitor, operation: Operation, form: Filled, code: int = 200, **more: Any
    ) -> Response:
        return page(
            "developer/try.html",
            code,
            visitor=found,
            here="developer",
            at="reference",
            one=operation,
            fields=[(field_of(row.where, row.name), row) for row in parameter_rows(operation)],
            is_playground=found.session.environment is Environment.PLAYGROUND,
            form=form,
            once=once_key(),
            **{"sent": None, "answered": None} | more,
        )

    async def send(self, call: Call) -> Response:
        """Make the call as the person who is signed in, and show what went and what came."""
        found = await person(call)
        form = await sent_by(call, found)
        operation = self._operation(call, found)
        if found.session.environment is not Environment.PLAYGROUND:
            raise NotAllowed(text("developer.try.playground_only"))
        if faults := faults_of(operation, form):
            return self._shown(call, found, operation, Filled(form.values, faults), 422)
        asked = asked_for(operation, form)
        answered = await self._answer(call, found, operation, asked)
        return self._shown(call, found, operation, form, sent=asked, answered=answered)

    async def _answer(self, call: Call, found: Visitor, operation: Operation, asked: Asked) -> Answered:
        inner = Call(call.house, _OfPerson(call, found.caller), scope_of(call, asked), body_of(asked))
        there = self._map.find(inner.scope["raw_path"])
        route = there[0].get(asked.method) if there else None
        if there is None or route is None:
            # A part of the path led elsewhere, where there is nothing: what a program would see, too.
            return shown(self._dialect[operation.path](Refused(404), inner.correlation_id))
        inner.params = there[1]
        try:
            return shown(await route.endpoint(inner))
        except REFUSALS as error:
            return shown(route.dialect(error, inner.correlation_id))


def field_of(where: str, name: str) -> str:
    """Return the name of a parameter's field."""
    return f"{where}.{name}"


def faults_of(operation: Operation, form: Filled) -> dict[str, str]:
    """Return what keeps a call from being made at all; anything else the API itself shall say."""
    faults = {}
    for one in operation.parameters:
        field = field_of(one["in"], one["name"])
        value = form.value(field)
        if one["in"] == "path" and not value:
            faults[field] = text("developer.try.needed", name=one["name"])
        if one["in"] == "header" and not (value.isascii() and (value.isprintable() or not value)):
            faults[field] = text("developer.try.no_header", name=one["name"])
    return faults


def asked_for(operation: Operation, form: Filled) -> Asked:
    """Return the call that a form describes; fields that the operation does not have are ignored."""
    given = {(one["in"], one["name"]): form.value(field_of(one["in"], one["name"])) for one in operation.parameters}
    path = re.sub(r"\{(\w+)\}", lambda found: segment(given["path", found[1]]), operation.path)
    query = "&".join(
        f"{segment(name)}={segment(value)}" for (where, name), value in given.items() if where == "query" and value
    )
    headers = {name: value for (where, name), value in given.items() if where == "header" and value}
    if ("header", KEY) in given and form.value("_once"):
        # The form's own key, unless somebody tries one out: a reload orders nothing twice.
        headers.setdefault(KEY, form.value("_once"))
    body = form.value("body") if operation.body else ""
    if body:
        headers["Content-Type"] = "application/json"
    return Asked(operation.method, path, query, headers, body)


def scope_of(call: Call, asked: Asked) -> Scope:
    """Return the request as the HTTP server would hand it over."""
    headers = [(name.lower().encode(), value.encode()) for name, value in asked.headers.items()]
    sent = asked.body.encode("utf-8", "surrogatepass")
    return {
        **call.scope,
        "method": asked.method,
        "path": asked.path,
        "raw_path": asked.path.encode(),
        "query_string": asked.query.encode(),
        "headers": [*headers, (b"authorization", b"-"), (b"content-length", str(len(sent)).encode())],
    }


def body_of(asked: Asked) -> Any:
    """Return what gives the body, once."""

    async def receive() -> Message:
        return {"type": "http.request", "body": asked.body.encode("utf-8", "surrogatepass"), "more_body": False}

    return receive


def shown(response: Response) -> Answered:
    """Return an answer as text, JSON in lines that can be read."""
    body = bytes(response.body).decode("utf-8", "replace")
    if "json" in response.headers.get("content-type", ""):
        body = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    if len(body) > SHOWN:
        body = f"{body[:SHOWN]}\n..."
    return Answered(response.status_code, sorted(response.headers.items()), body)
