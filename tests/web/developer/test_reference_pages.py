"""The reference says what our documents say, with examples that work; calls are tried in the playground."""

import json
import os
import re
import subprocess
import sys
from html import unescape
from typing import Any

import httpx
import pytest

from at_pages import AtPages, at_pages
from conftest import load_text
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.web.developer.samples import FILE_ID, WITH_CLIENT

LAST = ("createAttachment", "listAttachments", "getFile", "cancelTicket")
CODE = re.compile(r'<pre tabindex="0" id="([\w-]+)"><code>(.*?)</code></pre>', re.DOTALL)


def codes(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 200, answer.text
    return {name: unescape(code) for name, code in CODE.findall(answer.text)}


async def _operations(web: httpx.AsyncClient) -> list[tuple[str, str, str, dict[str, Any]]]:
    found = []
    for path, begins in (
        ("/openapi.json", ""),
        ("/api/openapi.json", "api."),
        ("/operator/openapi.json", "operator."),
    ):
        document = (await web.get(path)).json()
        found += [
            (f"{begins}{one['operationId']}", method.upper(), address, one)
            for address, methods in document["paths"].items()
            for method, one in methods.items()
        ]
    return found


async def test_every_operation_has_its_page(web: httpx.AsyncClient) -> None:
    listed = (await web.get("/developer/reference")).text
    found = await _operations(web)
    assert len(found) > 25
    for name, method, address, one in found:
        assert f'href="/developer/reference/{name}"' in listed
        answer = await web.get(f"/developer/reference/{name}")
        text = unescape(re.sub(r"<[^>]*>", "", answer.text))
        assert address in text
        assert one["summary"] in text
        for status in one["responses"]:
            assert status in text
        for parameter in one.get("parameters", []):
            assert parameter.get("name", "Account-Id") in text
        shown = codes(answer)
        assert ("-X" in shown["curl"]) == (
            method in {"PUT", "DELETE"} or (method == "POST" and "requestBody" not in one)
        )
        compile(shown["python"], name, "exec")


async def test_every_property_is_explained(web: httpx.AsyncClient) -> None:
    text = unescape(re.sub(r"<[^>]*>", "", (await web.get("/developer/reference/createTicket")).text))
    document = (await web.get("/openapi.json")).json()
    for schema in ("Opening", "Ticket", "Comment"):
        for name, one in document["components"]["schemas"][schema]["properties"].items():
            assert name in text
            assert one.get("description", "").replace("`", "") in text


async def test_the_shells_examples_work_when_they_are_pasted(
    serve: Any, tmp_path: Any, environment: dict[str, str]
) -> None:
    server = serve("--playground")
    start = codes(httpx.get(f"{server.url}/developer/start"))
    script = "\n".join(start[f"shell-{step}"] for step in ("token", "accounts", "create", "read"))
    for name in ("listAccounts", "listSites", "listLocations", "createTicket", "listTickets", "listCategories"):
        script += "\n" + codes(httpx.get(f"{server.url}/developer/reference/{name}"))["curl"] + " -f -o /dev/null"
    ran = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", script],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert re.search(r"WO\d{7}", ran.stdout)
    assert '"status":"New"' in ran.stdout


async def test_the_clients_examples_work_when_they_are_pasted(
    environment: dict[str, str], serve: Any, tmp_path: Any
) -> None:
    # The robot must not complete what the examples still work on.
    environment["REMOTEHANDS_ROBOT_SECONDS"] = "3600"
    server = serve("--playground")
    (tmp_path / "rack-7.jpg").write_bytes(b"This stands for a photograph.")

    def runs(code: str, *, ticket: str = "WO1000001", file: str = "") -> str:
        code = code.replace("WO1000001", ticket).replace(FILE_ID, file or FILE_ID)
        ran = subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 0, f"{code}\n{ran.stderr}"
        return ran.stdout

    start = codes(httpx.get(f"{server.url}/developer/start"))
    said = runs("\n".join(start[f"python-{step}"] for step in ("token", "accounts", "create", "read")))
    ticket = re.search(r"WO\d{7}", said)
    assert ticket
    assert said.split()[-1] in {"New", "In"}
    assert len(WITH_CLIENT) > 15
    file = ""
    for name in sorted(WITH_CLIENT, key=lambda name: LAST.index(name) if name in LAST else -1):
        python = codes(httpx.get(f"{server.url}/developer/reference/{name}"))["python"]
        said = runs(python, ticket=ticket[0], file=file)
        if name == "listAttachments":
            file = said.split()[0]
            (tmp_path / "rack-7.jpg").unlink(missing_ok=True)
    assert (tmp_path / "rack-7.jpg").read_bytes() == b"This stands for a photograph."


async def test_ones_own_values(web: httpx.AsyncClient, house: House) -> None:
    ada = await at_pages(web, house, "ada@example.com")
    start = codes(await ada.get("/developer/start"))
    assert "client_id=ada" in start["shell-token"]
    assert "YOUR_CLIENT_SECRET" in start["shell-token"]
    assert "0011A00001AaAB1ABC" in start["shell-create"]
    labs = codes(await ada.get("/developer/start?account=0011A00001BbCD2DEF&app=nothing"))
    assert "0011A00001BbCD2DEF" in labs["shell-create"]
    assert '"site": "IAD024"' in labs["shell-create"], "a site of that account"
    operation = codes(await ada.get("/developer/reference/createTicket"))
    assert "0011A00001AaAB1ABC" in operation["curl"]
    rita = await at_pages(web, house, "rita@operator.example")
    assert "/operator/v1/tickets" in codes(await rita.get("/developer/start"))["shell-queue"]
    for page in start.values():
        assert "secret-of-" not in page


async def test_hostile_values_do_not_leave_their_quotes(web: httpx.AsyncClient, house: House) -> None:
    hostile = "'; rm -rf / #$(id)`id`<b>"
    await load_text(
        house,
        f"""
        environment = "playground"
        [[master_accounts]]
        id = "{hostile}"
        name = "Odd Group"
          [[master_accounts.accounts]]
          id = "odd {hostile}"
          name = "Odd Ltd"
          sites = ["FRA003"]
        [[users]]
        email = "odd@example.com"
        name = "Odd Odd"
        accounts = ["odd {hostile}"]
        permissions = ["Service Tickets-Remote Hands"]
        """,
    )
    odd = await at_pages(web, house, "odd@example.com")
    answer = await odd.get("/developer/start")
    assert "<b>" not in answer.text
    script = codes(answer)["shell-create"].replace("curl -sS", "printf '%s\\n'").split("| sed")[0] + ")"
    ran = subprocess.run(
        ["bash", "-c", f'TOKEN=x; {script}; echo "$TICKET"'],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert f"Account-Id: odd {hostile}" in ran.stdout, ran.stderr
    python = codes(answer)["python-token"].replace(
        "from remotehands import Client", "def Client(**given): return given"
    )
    said = subprocess.run(
        [sys.executable, "-c", f"{python}\nprint(client['account'])"], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == f"odd {hostile}"


# Calls that are tried


@pytest.fixture
async def ada_comes(web: httpx.AsyncClient, house: House) -> AtPages:
    return await at_pages(web, house, "ada@example.com")


PAIR = {"header.Master-Account-Id": "100123", "header.Account-Id": "0011A00001AaAB1ABC"}


async def test_a_call_is_tried(ada_comes: AtPages, ada: Any) -> None:
    form = await ada_comes.get("/developer/try/createTicket")
    body = re.search(r'<textarea id="f-body"[^>]*>\n(.*?)</textarea>', form.text, re.DOTALL)
    assert body
    answer = await ada_comes.post("/developer/try/createTicket", PAIR | {"body": unescape(body[1])})
    assert answer.status_code == 200
    came = json.loads(codes(answer)["came"])
    assert came["status"] == "New"
    assert (await ada.ticket(came["id"])) == came, "just what a program sees"
    assert codes(answer)["sent"].startswith("POST /v1/remotehands-tickets\nMaster-Account-Id: 100123\n")
    assert f"/v1/remotehands-tickets/{came['id']}" in answer.text, "the header Location"
    listed = await ada_comes.post("/developer/try/listTickets", PAIR | {"query.status": "New", "query.size": "1"})
    assert json.loads(codes(listed)["came"])["pageable"]["totalElements"] == 1
    assert codes(listed)["sent"].startswith("GET /v1/remotehands-tickets?status=New&size=1\n")
    one = await ada_comes.post("/developer/try/getTicket", PAIR | {"path.id": came["id"]})
    assert json.loads(codes(one)["came"])["id"] == came["id"]


async def test_refusals_are_those_that_a_program_gets(ada_comes: AtPages, web: httpx.AsyncClient, house: House) -> None:
    async def tries(name: str, fields: dict[str, str], by: AtPages = ada_comes) -> tuple[str, str]:
        answer = await by.post(f"/developer/try/{name}", fields)
        assert answer.status_code == 200
        found = re.search(r'class="code-status bad">(\d+)<', answer.text)
        assert found, answer.text
        return found[1], codes(answer)["came"]

    assert (await tries("listTickets", {}))[0] == "400", "without account headers"
    foreign = PAIR | {"header.Account-Id": "0022B00002CcEF3GHI", "header.Master-Account-Id": "200456"}
    assert (await tries("listTickets", foreign))[0] == "401"
    assert (await tries("getTicket", PAIR | {"path.id": "WO9999999"}))[0] == "404"
    assert (await tries("getTicket", PAIR | {"path.id": "a/b"}))[0] == "404"
    assert (await tries("getTicket", PAIR | {"path.id": "\0"}))[0] == "404"
    assert (await tries("createTicket", PAIR | {"body": "{"}))[0] == "400"
    status, came = await tries("createTicket", PAIR | {"body": '{"title": "<script>alert(1)</script>"}'})
    assert status == "400"
    assert json.loads(came)["error"]["type"] == "client"
    eve = await at_pages(web, house, "eve@example.com")
    assert (await tries("listTickets", PAIR, eve))[0] == "401", "without the permission"


async def test_hostile_text_comes_back_as_text(ada_comes: AtPages) -> None:
    body = json.dumps(
        {
            "title": "<script>alert(1)</script>",
            "site": "PHX015",
            "requestType": "Urgent Work",
            "category": "Other",
            "detailedInstruction": "x" * 10_000 + "\u202e</pre><img src=x>",
        }
    )
    answer = await ada_comes.post("/developer/try/createTicket", PAIR | {"body": body})
    assert "<script>alert" not in answer.text
    assert "<img src=x>" not in answer.text
    assert json.loads(codes(answer)["came"])["title"] == "<script>alert(1)</script>"


async def test_what_cannot_be_sent_at_all(ada_comes: AtPages) -> None:
    empty = await ada_comes.post("/developer/try/getTicket", PAIR)
    assert empty.status_code == 422
    assert "id is needed" in empty.text
    for odd in ("a\r\nX: y", "\u0416", "\0"):
        answer = await ada_comes.post("/developer/try/listSites", PAIR | {"header.Account-Id": odd})
        assert answer.status_code == 422
    for name in ("issueToken", "createAttachment", "getFile", "getHealth", "nothing", "operator.nothing"):
        assert (await ada_comes.get(f"/developer/try/{name}")).status_code == 404
        assert (await ada_comes.post(f"/developer/try/{name}")).status_code == 404
    for name in ("getTicket", "listAccounts"):
        assert (await ada_comes.post(f"/developer/try/operator.{name}")).status_code in {403, 404}


async def test_never_outside_of_the_playground(web: httpx.AsyncClient, house: House) -> None:
    pia = await at_pages(web, house, "pia@example.com", "production")
    form = await pia.get("/developer/try/createTicket")
    assert "in the playground only" in form.text
    assert "<textarea" not in form.text
    body = {"title": "x", "site": "PHX015", "requestType": "Urgent Work", "category": "Other"}
    answer = await pia.post("/developer/try/createTicket", PAIR | {"body": json.dumps(body)})
    assert answer.status_code == 403
    async with house.db.read(EVERY_TENANT) as tx:
        assert await tx.all("SELECT number FROM tickets") == []


class TestLimited:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"REMOTEHANDS_RATE_LIMIT": "3/minute"}

    async def test_calls_that_are_tried_are_counted(self, ada_comes: AtPages) -> None:
        answers = [await ada_comes.post("/developer/try/listSites", PAIR) for _ in range(4)]
        assert [re.findall(r'code-status \w+">(\d+)<', one.text) for one in answers] == [["200"]] * 3 + [["429"]]


async def test_the_same_form_orders_once(ada_comes: AtPages, ada: Any) -> None:
    body = {"title": "x", "site": "PHX015", "requestType": "Urgent Work", "category": "Other"}
    form = PAIR | {"body": json.dumps(body), "_once": "a-key-of-the-form"}
    first, again = [await ada_comes.post("/developer/try/createTicket", form) for _ in range(2)]
    assert codes(first)["came"] == codes(again)["came"]
    assert "Idempotency-Key: a-key-of-the-form" in codes(first)["sent"]
    assert (await ada.get("/v1/remotehands-tickets")).json()["pageable"]["totalElements"] == 1


async def test_staff_try_the_operators_calls(web: httpx.AsyncClient, house: House, ada: Any) -> None:
    ticket = await ada.opens()
    tom = await at_pages(web, house, "tom@operator.example")
    queue = await tom.post("/developer/try/operator.listQueue", {"query.site": "PHX015"})
    assert json.loads(codes(queue)["came"])["content"][0]["id"] == ticket
    started = await tom.post("/developer/try/operator.startTicket", {"path.id": ticket, "body": "{}"})
    assert json.loads(codes(started)["came"])["status"] == "In Progress"
    assert (await ada.ticket(ticket))["status"] == "In Progress"
    refused = await tom.post("/developer/try/operator.grantCancellation", {"path.id": ticket})
    assert ">403<" in refused.text
    assert (await tom.post("/developer/try/listTickets", PAIR)).status_code == 403
