"""`/developer/reference`: every operation of our APIs, as our OpenAPI documents describe them."""

import json
import re
from itertools import groupby

from starlette.responses import Response

from remotehandsd.errors import NotFound
from remotehandsd.web.call import Call
from remotehandsd.web.developer import samples
from remotehandsd.web.developer.described import (
    Described,
    Operation,
    answers,
    body_rows,
    operations,
    parameter_rows,
)
from remotehandsd.web.developer.own import own_values
from remotehandsd.web.developer.person import perhaps_person
from remotehandsd.web.offering import Credential
from remotehandsd.web.pages import page

LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
"""A link in Markdown, of which only the words are shown."""


class Reference:
    """The reference of these parts of the web. `credential` is the playground's, where there is one to show."""

    def __init__(self, parts: tuple[Described, ...], credential: Credential | None) -> None:
        self._parts = parts
        self._credential = credential

    async def show(self, call: Call) -> Response:
        """List all operations, by API and subject."""
        settings = call.house.settings
        parts = [(one, by_subject(operations(one, settings)), one.document(settings)) for one in self._parts]
        return page(
            "developer/reference.html",
            visitor=await perhaps_person(call),
            here="developer",
            at="reference",
            parts_of_api=[
                (one.key, subjects, LINK.sub(r"\1", document["info"]["description"]))
                for one, subjects, document in parts
            ],
        )

    async def show_one(self, call: Call) -> Response:
        """Show one operation: what goes in, what comes out, how it says no, and an example to paste."""
        found = await perhaps_person(call)
        operation = find(self._parts, call)
        own = await own_values(call, found, self._credential)
        all_answers = answers(operation)
        return page(
            "developer/operation.html",
            visitor=found,
            here="developer",
            at="reference",
            one=operation,
            neighbours=_neighbours(self._parts, call, operation),
            parameters=parameter_rows(operation),
            body=body_rows(operation),
            example=samples.body_of(operation, own),
            good=[answer for answer in all_answers if answer.status.startswith("2")],
            bad=[answer for answer in all_answers if not answer.status.startswith("2")],
            curl=samples.curl(operation, own),
            python=samples.python(operation, own),
            pretty=pretty,
        )


def pretty(example: object) -> str:
    """Return an example as it is read best: JSON in lines, text as it is."""
    return example if isinstance(example, str) else json.dumps(example, indent=2, ensure_ascii=False)


def by_subject(found: tuple[Operation, ...]) -> list[tuple[str, list[Operation]]]:
    """Return operations under their subjects."""
    return [(tag, list(of_tag)) for tag, of_tag in groupby(found, key=lambda one: one.tag)]


def find(parts: tuple[Described, ...], call: Call) -> Operation:
    """Return the operation that the address names; NotFound for none."""
    for part in parts:
        for one in operations(part, call.house.settings):
            if one.name == call.params["operation"]:
                return one
    raise NotFound


def _neighbours(parts: tuple[Described, ...], call: Call, operation: Operation) -> list[tuple[str, list[Operation]]]:
    part = next(one for one in parts if one.key == operation.part)
    return by_subject(operations(part, call.house.settings))
