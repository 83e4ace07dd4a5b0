"""The OpenAPI documents: complete, valid, and kept by the server whatever a client makes of them."""

import re
import time
from collections.abc import Callable, Iterator
from subprocess import CompletedProcess
from typing import Any, Self

import httpx
import jsonschema_rs
import pytest
import requests
import schemathesis
from schemathesis import Case, HookContext
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.core.transport import Response
from schemathesis.openapi.checks import RejectedPositiveData
from schemathesis.pytest.lazy import get_all_tests
from schemathesis.specs.openapi.definitions import OPENAPI_31

from cast import OPENING, WORLDS, Server
from remotehandsd.house import House
from remotehandsd.settings import read_settings
from remotehandsd.web import api, front, operator, v1
from remotehandsd.web.health import Health
from remotehandsd.web.people import SigningIn
from remotehandsd.web.routes import routes

Json = dict[str, Any]

SETTINGS = read_settings({})
CUSTOMERS = v1.document.document(SETTINGS)
OPERATORS = operator.document.document(SETTINGS)
PROGRAMS = api.document.document(SETTINGS)
EACH = pytest.mark.parametrize("document", [CUSTOMERS, OPERATORS, PROGRAMS], ids=["customers", "operator", "programs"])

DOCUMENTED = ("/v1/", "/v2/", "/oauth2/", "/.well-known/", "/operator/v1/", "/api/")


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def nodes(value: Any) -> Iterator[Json]:
    """Every object inside of a document."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(inner)


def pointed_at(document: Json, ref: str) -> Any:
    found: Any = document
    for name in ref.removeprefix("#/").split("/"):
        found = found[name]
    return found


def test_every_route_is_documented_and_nothing_else() -> None:
    routed = {
        (route.method, route.path) for route in routes(Health(), front.Front(None), SigningIn(has_playground=False))
    }
    documented = [(method, path) for one in (CUSTOMERS, OPERATORS, PROGRAMS) for method, path, _ in operations(one)]
    documented.append(("GET", "/api/openapi.json"))
    assert len(documented) == len(set(documented))
    assert set(documented) <= routed
    assert {(method, path) for method, path in routed if path.startswith(DOCUMENTED)} <= set(documented)
    assert ("GET", "/healthz") in documented
    assert ("GET", "/readyz") in documented


@EACH
def test_the_document_is_valid_openapi_3_1(document: Json) -> None:
    jsonschema_rs.Draft202012Validator(OPENAPI_31).validate(document)


@EACH
def test_everything_that_is_pointed_at_is_there_and_used(document: Json) -> None:
    pointers = {node["$ref"] for node in nodes(document) if isinstance(node.get("$ref"), str)}
    assert all(pointed_at(document, pointer) for pointer in pointers)
    of_components = {
        f"#/components/{kind}/{name}"
        for kind in ("schemas", "responses", "parameters")
        for name in document["components"].get(kind, {})
    }
    assert of_components <= pointers


@EACH
def test_every_operation_says_what_it_does(document: Json) -> None:
    named = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(named) == len(set(named))
    tags = {tag["name"] for tag in document["tags"]}
    for _, path, operation in operations(document):
        assert operation["summary"] and operation["description"]
        assert set(operation["tags"]) <= tags
        in_path = {one["name"] for one in operation.get("parameters", ()) if one.get("in") == "path"}
        assert in_path == set(re.findall(r"{(\w+)}", path))


@EACH
def test_examples_are_what_their_schemas_say(document: Json) -> None:
    checked = 0
    for node in nodes(document):
        if "schema" in node and "example" in node:
            schema = {**node["schema"], "components": document["components"]}
            jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(node["example"])
            checked += 1
        if "type" in node and isinstance(node.get("examples"), list):
            for example in node["examples"]:
                jsonschema_rs.Draft202012Validator(node).validate(example)
                checked += 1
    assert checked > 20


def test_the_settings_show() -> None:
    settings = read_settings(
        {"REMOTEHANDS_PUBLIC_URL": "https://hands.example.com/", "REMOTEHANDS_ACCOUNT_PATTERN": "[A-Z]{3}"}
    )
    document = v1.document.document(settings)
    assert document["servers"] == [{"url": "https://hands.example.com"}]
    account = document["components"]["parameters"]["AccountId"]["schema"]
    assert account["pattern"] == "^(?:[A-Z]{3})$"
    flow = document["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == "https://hands.example.com/oauth2/token"


async def test_the_server_sends_them(web: httpx.AsyncClient, house: House) -> None:
    for path, document in (
        ("/openapi.json", v1.document.document),
        ("/operator/openapi.json", operator.document.document),
        ("/api/openapi.json", api.document.document),
    ):
        answer = await web.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        assert answer.json() == document(house.settings)


# Against a real server

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
    "missing_required_header",
    "negative_data_rejection",
    "positive_data_acceptance",
)
EXAMPLES = 10
"""Made-up requests an operation, beside those at the edges of every schema."""
PAIR = {"Master-Account-Id": "100123", "Account-Id": "0011A00001AaAB1ABC"}


def secret_of(who: str) -> str:
    return f"secret-of-{who}-0123456789abcdef-0123"


class Stock:
    """What there is before a run, so that it finds something."""

    def __init__(self, url: str) -> None:
        self.web = httpx.Client(base_url=url)
        self.customer = self._token("ada")
        self.staff = self._token("dora")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.web.close()

    def _token(self, who: str) -> str:
        form = {"grant_type": "client_credentials", "client_id": who, "client_secret": secret_of(who)}
        return str(self.web.post("/v2/auth/token", data=form).raise_for_status().json()["access_token"])

    def _as_customer(self, method: str, path: str, **more: Any) -> str:
        headers = {"Authorization": f"Bearer {self.customer}", **PAIR}
        answer = self.web.request(method, path, headers=headers, **more).raise_for_status()
        return str(answer.json().get("id"))

    def new(self, number: int = 10) -> list[str]:
        return [self._as_customer("POST", "/v1/remotehands-tickets", json=OPENING) for _ in range(number)]

    def webhooks(self, number: int = 15) -> list[str]:
        body = {"url": "https://receiver.invalid/"}
        return [self._as_customer("POST", "/api/webhooks", json=body) for _ in range(number)]

    def attempted(self, webhook: str) -> str:
        """Have something sent to a webhook, in vain, and return the attempt's id."""
        self._as_customer("POST", f"/api/webhooks/{webhook}/test")
        deadline = time.monotonic() + 20
        headers = {"Authorization": f"Bearer {self.customer}", **PAIR}
        while time.monotonic() < deadline:
            found = self.web.get(f"/api/webhooks/{webhook}/deliveries", headers=headers).raise_for_status().json()
            if found:
                return str(found[0]["id"])
            time.sleep(0.1)
        raise AssertionError("nothing was sent")

    def begun(self, number: int = 10) -> list[str]:
        ids = self.new(number)
        for id_ in ids:
            headers = {"Authorization": f"Bearer {self.staff}"}
            self.web.post(f"/operator/v1/tickets/{id_}/start", headers=headers).raise_for_status()
        return ids

    def to_be_cancelled(self) -> list[str]:
        ids = self.begun()
        for id_ in ids:
            self._as_customer("PUT", f"/v1/remotehands-tickets/{id_}/cancel", json={})
        return ids

    def timed(self, id_: str) -> list[str]:
        """Let the staff member's time run on a ticket, and book some more; return the entries' ids."""
        for more in (None, {"minutes": 20}):
            path = f"/operator/v1/tickets/{id_}/time" + ("" if more else "/start")
            headers = {"Authorization": f"Bearer {self.staff}"}
            answer = self.web.post(path, headers=headers, json=more or {}).raise_for_status()
        return [entry["id"] for entry in answer.json()["time"]["entries"]]

    def attached(self, id_: str) -> str:
        asked = {"requestId": id_, "file_name": "report.txt"}
        file = {"file": ("report.txt", b"All is well.", "text/plain")}
        return self._as_customer("POST", "/v1/attachments", params=asked, files=file)


@pytest.fixture
def server(
    environment: dict[str, str], command: Callable[..., CompletedProcess[str]], serve: Callable[..., Server]
) -> Server:
    for file in WORLDS:
        assert command("load", file).returncode == 0
    return serve()


def config(token: str, known: dict[str, dict[str, list[str]]]) -> SchemathesisConfig:
    """Most requests use what is known: values by parameter, by operation (`""`: any)."""
    dictionaries = {}
    parameters: dict[str, Json] = {}
    for operation, by_parameter in known.items():
        for parameter, values in by_parameter.items():
            name = f"{operation} {parameter}"
            dictionaries[name] = {"values": values}
            parameters.setdefault(operation, {})[parameter] = {"dictionary": name, "probability": 0.9}
    return SchemathesisConfig.from_dict(
        {
            "auth": {"openapi": {"bearer": {"bearer": token}}},
            "checks": {"enabled": False, **{check: {"enabled": True} for check in CHECKS}},
            "continue-on-failure": True,
            "dictionaries": dictionaries,
            "generation": {"deterministic": True, "database": "none", "max-examples": EXAMPLES},
            "operations": [
                {"include-operation-id": operation, "parameters": of_operation}
                for operation, of_operation in parameters.items()
                if operation
            ],
            "parameters": parameters.get("", {}),
            "phases": {
                "coverage": {"unexpected-methods": ["DELETE", "PATCH"]},
                "stateful": {"enabled": False},
            },
            "seed": 1,
        }
    )


DEPENDS = (
    b"names no event",
    b"names no attempt",
    b"not permitted for the status",
    b"has this address",
    b"lies in the future",
    b"A time is written",  # of this form, but no day of the calendar
    b"It ends before it begins",
    b"Two of from, to and minutes",
    b"At most 1440 minutes",
    b"A note belongs to time",
    b"This is no picture",
    b"The picture is damaged",
    b"used with another request",
    b"ticket has changed",
)
"""Refusals that hang on more than one field can say: on the ticket, on who exists, on the clock, on what was sent."""


def filter_failure(context: HookContext, failure: Failure, case: Case, response: Response) -> bool:
    """Drop what says nothing against the server.

    What is not HTTP at all never reaches us (contract.md section 17.23). A tag that the ticket does not have is seen
    before the fields are.
    """
    content = response.content or b""
    return content != b"Invalid HTTP request received." and not (
        (isinstance(failure, RejectedPositiveData) and any(words in content for words in DEPENDS))
        or (isinstance(failure, AcceptedNegativeData) and b"ticket has changed" in content)
    )


class Asking:
    """A run over one document, and how often each operation worked."""

    def __init__(self, server: Server, path: str, how: SchemathesisConfig) -> None:
        self.session = requests.Session()
        self.schema = schemathesis.openapi.from_url(server.url + path, config=how)
        self.schema.config.update(base_url=server.url)
        self.schema.hook(filter_failure)
        self.worked = {operation.ok().label: 0 for operation in self.schema.get_all_operations()}

        @self.schema.hook
        def after_call(context: HookContext, case: Case, response: Response) -> None:
            self.worked[case.operation.label] += 200 <= response.status_code < 300

    def everything(self, subtests: pytest.Subtests) -> None:
        """Try every operation; fail for what is wrong, and for an operation that never worked."""

        def ask(case: Case) -> None:
            case.call_and_validate(session=self.session)

        with self.session:
            tests = get_all_tests(schema=self.schema, test_func=ask, settings=None, given_kwargs=None)
            for test_of in tests:
                operation, test = test_of.ok()
                with subtests.test(operation.label):
                    test()
        assert all(self.worked.values()), [label for label, times in self.worked.items() if not times]


def test_the_server_keeps_the_customers_document(server: Server, subtests: pytest.Subtests) -> None:
    with Stock(server.url) as stock:
        ids = stock.new()
        known = {
            "": {
                "header.Master-Account-Id": [PAIR["Master-Account-Id"]],
                "header.Account-Id": [PAIR["Account-Id"]],
                "header.If-Match": ["*"],
                "path.id": ids,
                "path.file_id": [stock.attached(ids[0])],
                "query.requestId": ids,
                "query.site": ["PHX015", "IAD024"],
                "body.requestId": ids,
                "body.site": ["PHX015", "IAD024"],
                "body.client_id": ["ada"],
                "body.client_secret": [secret_of("ada")],
                "body.scope": ["playground_api"],
            },
            "getFile": {"path.id": ids[:1]},
            "cancelTicket": {"path.id": stock.new(20)},
        }
        Asking(server, "/openapi.json", config(stock.customer, known)).everything(subtests)


def test_the_server_keeps_the_operators_document(server: Server, subtests: pytest.Subtests) -> None:
    with Stock(server.url) as stock:
        [timed] = stock.new(1)
        known = {
            "": {
                "header.If-Match": ["*"],
                "path.id": stock.new(),
                "path.entry_id": stock.timed(timed),
                "body.email": ["tess@operator.example", "tom@operator.example"],
                "query.accountId": [PAIR["Account-Id"]],
                "query.assignedTo": ["Dora Dispatcher"],
            },
            "startTicket": {"path.id": stock.new(20)},
            "completeTicket": {"path.id": stock.begun(20)},
            "grantCancellation": {"path.id": stock.to_be_cancelled()},
            "refuseCancellation": {"path.id": stock.to_be_cancelled()},
            "cancelTicket": {"path.id": stock.new(20)},
            "getFile": {"path.id": [timed], "path.file_id": [stock.attached(timed)]},
            "startTime": {"path.id": [timed]},
            "stopTime": {"path.id": [timed]},
            "correctTime": {"path.id": [timed]},
        }
        Asking(server, "/operator/openapi.json", config(stock.staff, known)).everything(subtests)


def test_the_server_keeps_the_programs_document(server: Server, subtests: pytest.Subtests) -> None:
    with Stock(server.url) as stock:
        stock.new()
        webhooks = stock.webhooks()
        known = {
            "": {
                "header.Master-Account-Id": [PAIR["Master-Account-Id"]],
                "header.Account-Id": [PAIR["Account-Id"]],
                "path.id": webhooks[:1],
                "path.delivery_id": [stock.attempted(webhooks[0])],
                "body.url": ["https://receiver.invalid/", "https://other.invalid:8443/hands?a=b"],
            },
            # One that nobody switches off.
            "sendAgain": {"path.id": webhooks[:1]},
            "changeWebhook": {"path.id": webhooks[1:3]},
            "removeWebhook": {"path.id": webhooks[3:]},
        }
        Asking(server, "/api/openapi.json", config(stock.customer, known)).everything(subtests)
