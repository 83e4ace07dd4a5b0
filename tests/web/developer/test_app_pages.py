"""One's apps on pages: made, rotated, revoked; a secret is seen once."""

import re

import httpx
import pytest

from at_pages import AtPages, at_pages, borrowed, words
from conftest import SettableClock, load_text
from remotehandsd.house import House
from remotehandsd.people import PlaygroundKind

APPS = "/developer/apps"
HOSTILE = "<script>alert(1)</script>\u202egnp.exe"


@pytest.fixture
async def ada_comes(web: httpx.AsyncClient, house: House) -> AtPages:
    return await at_pages(web, house, "ada@example.com")


def secret_in(answer: httpx.Response) -> str:
    found = re.search(r'<code id="secret">([0-9a-f]{64})</code>', answer.text)
    return found[1] if found else ""


def client_id_in(answer: httpx.Response) -> str:
    found = re.search(rf"{APPS}/([0-9a-f]{{24}})/rotate", answer.text)
    assert found, answer.text
    return found[1]


async def token(web: httpx.AsyncClient, client_id: str, secret: str) -> int:
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    return (await web.post("/v2/auth/token", data=form)).status_code


async def test_an_apps_life(web: httpx.AsyncClient, ada_comes: AtPages, house: House, clock: SettableClock) -> None:
    made = await ada_comes.post(APPS, name="  monitoring ")
    assert made.status_code == 200
    assert made.headers["cache-control"] == "no-store"
    client_id, first = client_id_in(made), secret_in(made)
    assert await token(web, client_id, first) == 200
    assert f"/developer/start?app={client_id}" in made.text
    for path in (APPS, f"{APPS}/{client_id}", "/developer", "/developer/start"):
        seen = await ada_comes.get(path)
        assert "monitoring" in seen.text
        assert first not in seen.text, "a secret is shown once"
    rotated = await ada_comes.post(f"{APPS}/{client_id}/rotate")
    second = secret_in(rotated)
    assert second
    assert second != first
    assert "Two secrets are good until" in rotated.text
    assert [await token(web, client_id, one) for one in (first, second)] == [200, 200]
    again = await ada_comes.post(f"{APPS}/{client_id}/rotate")
    assert again.status_code == 409, "a reload makes no third one"
    assert secret_in(again) == ""
    done = await ada_comes.post(f"{APPS}/{client_id}/finish")
    assert done.headers["location"] == f"{APPS}/{client_id}?done=finished"
    assert "Only the second one is good" in (await ada_comes.get(done.headers["location"])).text
    assert [await token(web, client_id, one) for one in (first, second)] == [401, 200]
    for move in ("finish", "take-back"):
        assert (await ada_comes.post(f"{APPS}/{client_id}/{move}")).status_code == 409
    third = secret_in(await ada_comes.post(f"{APPS}/{client_id}/rotate"))
    await ada_comes.post(f"{APPS}/{client_id}/take-back")
    assert [await token(web, client_id, one) for one in (second, third)] == [200, 401]
    assert "Revoke monitoring?" in (await ada_comes.get(f"{APPS}/{client_id}/revoke")).text
    gone = await ada_comes.post(f"{APPS}/{client_id}/revoke")
    assert gone.headers["location"] == f"{APPS}/{client_id}?done=revoked"
    assert await token(web, client_id, second) == 401
    assert "Revoked" in (await ada_comes.get(f"{APPS}/{client_id}")).text
    for move in ("rotate", "finish", "take-back", "revoke"):
        assert (await ada_comes.post(f"{APPS}/{client_id}/{move}")).status_code == 404
    assert (await ada_comes.get(f"{APPS}/{client_id}/revoke")).status_code == 303, "there is nothing to revoke"


async def test_the_same_form_again_shows_the_same_secret(ada_comes: AtPages) -> None:
    first = await ada_comes.post(APPS, {"name": "bridge", "_once": "k1"})
    again = await ada_comes.post(APPS, {"name": "bridge", "_once": "k1"})
    assert (client_id_in(again), secret_in(again)) == (client_id_in(first), secret_in(first))
    client_id = client_id_in(first)
    rotated = [await ada_comes.post(f"{APPS}/{client_id}/rotate", {"_once": "k2"}) for _ in range(2)]
    assert secret_in(rotated[0]) == secret_in(rotated[1]) != ""
    done = [await ada_comes.post(f"{APPS}/{client_id}/finish", {"_once": "k3"}) for _ in range(2)]
    assert [one.status_code for one in done] == [303, 303]
    assert (await ada_comes.get(APPS)).text.count(f"{APPS}/{client_id}") == 1


async def test_a_reload_makes_no_second_app(ada_comes: AtPages) -> None:
    await ada_comes.post(APPS, name="bridge")
    again = await ada_comes.post(APPS, name="bridge")
    assert again.status_code == 422
    assert "You have an app of this name already." in again.text
    assert 'value="bridge"' in again.text, "what was typed stays"
    assert secret_in(again) == ""


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\0b", "a\nb"])
async def test_names_that_cannot_be(ada_comes: AtPages, name: str) -> None:
    answer = await ada_comes.post(APPS, name=name)
    assert answer.status_code == 422
    assert 'id="e-name"' in answer.text


async def test_too_many(ada_comes: AtPages) -> None:
    for number in range(24):
        assert (await ada_comes.post(APPS, name=f"app {number}")).status_code == 200
    full = await ada_comes.post(APPS, name="one more")
    assert full.status_code == 409
    assert "You have 25 apps already." in full.text
    assert 'value="one more"' in full.text


async def test_markup_in_a_name(ada_comes: AtPages) -> None:
    made = await ada_comes.post(APPS, name="<script>alert(1)</script>")
    client_id = client_id_in(made)
    for path in (APPS, f"{APPS}/{client_id}", f"{APPS}/{client_id}/revoke", "/developer", "/developer/start"):
        page = (await ada_comes.get(path)).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page or path == "/developer/start"


async def test_anothers_app_is_not_found(ada_comes: AtPages, web: httpx.AsyncClient, house: House) -> None:
    others = client_id_in(await (await at_pages(web, house, "max@example.net")).post(APPS, name="his"))
    for path in (f"{APPS}/{others}", f"{APPS}/{others}/revoke"):
        assert (await ada_comes.get(path)).status_code == 404
    for move in ("rotate", "finish", "take-back", "revoke"):
        assert (await ada_comes.post(f"{APPS}/{others}/{move}")).status_code == 404


async def test_calls_are_counted_in_a_chart(ada_comes: AtPages, web: httpx.AsyncClient) -> None:
    made = await ada_comes.post(APPS, name="busy")
    client_id, secret = client_id_in(made), secret_in(made)
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    issued = (await web.post("/v2/auth/token", data=form)).json()["access_token"]
    for _ in range(3):
        await web.get("/v1/accounts", headers={"Authorization": f"Bearer {issued}"})
    gate = web._transport.app.gate  # type: ignore[attr-defined]
    await gate.write_calls()
    page = words(await ada_comes.get(f"{APPS}/{client_id}"))
    assert "3 calls in the last 30 days" in page
    assert "just now" in page


async def test_a_client_id_that_needs_care_in_addresses(ada_comes: AtPages, house: House) -> None:
    await load_text(
        house,
        """
        environment = "playground"
        [[apps]]
        name = "odd"
        user = "ada@example.com"
        client_id = "a/b?c#d%2f'$(x)"
        client_secret = "secret-of-odd-0123456789abcdef-0123"
        """,
    )
    page = await ada_comes.get(APPS)
    address = f"{APPS}/a%2Fb%3Fc%23d%252f%27%24%28x%29"
    assert f'href="{address}"' in page.text
    assert (await ada_comes.get(address)).status_code == 200
    start = await ada_comes.get("/developer/start?app=a%2Fb%3Fc%23d%252f%27%24%28x%29")
    assert """--data-urlencode 'client_id=a/b?c#d%2f'"'"'$(x)'""" in start.text.replace("&#39;", "'").replace(
        "&#34;", '"'
    )


async def test_who_borrows_a_session_leaves_the_playgrounds_apps_alone(web: httpx.AsyncClient, house: House) -> None:
    somebody = await borrowed(web, house, PlaygroundKind.USER)
    shared = re.findall(rf'href="{APPS}/(\w+)"', (await somebody.get(APPS)).text)
    assert shared
    for move in ("rotate", "revoke"):
        answer = await somebody.post(f"{APPS}/{shared[0]}/{move}")
        assert answer.status_code == 403
        assert "belongs to the playground" in answer.text
    assert (await somebody.get(f"{APPS}/{shared[0]}/revoke")).status_code == 303
    own = client_id_in(await somebody.post(APPS, name="my own"))
    assert (await somebody.post(f"{APPS}/{own}/revoke")).status_code == 303
