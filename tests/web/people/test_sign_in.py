"""Signing in and out by the pages, passwords, sessions, environments."""

import re

import httpx
import pytest

from conftest import load_text
from remotehandsd import people
from remotehandsd.house import House
from remotehandsd.web.visitor import way_back
from signing import PASSWORD, cheap, with_password  # noqa: F401 - a fixture

OURS = {"Sec-Fetch-Site": "same-origin"}
EMAIL = "ada@example.com"

pytestmark = pytest.mark.usefixtures("cheap")


async def _post(
    web: httpx.AsyncClient, path: str, headers: dict[str, str] | None = None, **fields: str
) -> httpx.Response:
    return await web.post(path, data=fields, headers=OURS if headers is None else headers)


async def _signs_in(web: httpx.AsyncClient, house: House, email: str = EMAIL) -> httpx.Response:
    await with_password(house, email)
    answer = await _post(web, "/sign-in", email=email, password=PASSWORD)
    assert answer.status_code == 303, answer.text
    return answer


async def test_in_and_out(web: httpx.AsyncClient, house: House) -> None:
    assert (await web.get("/sessions")).headers["location"] == "/sign-in?next=%2Fsessions"
    answer = await _signs_in(web, house)
    assert answer.headers["location"] == "/welcome"
    cookie = answer.headers.get_list("set-cookie")[0]
    assert re.fullmatch(r"remotehands=[\w-]{43}; Path=/; HttpOnly; SameSite=Lax", cookie)
    assert (await web.get("/welcome")).headers["location"] == "/portal/0011A00001AaAB1ABC"
    page = await web.get("/sessions")
    assert page.status_code == 200
    assert "Ada Example" in page.text
    assert EMAIL in page.text
    assert page.headers["cache-control"] == "no-store"
    assert (await web.get("/sign-in?next=/sessions")).headers["location"] == "/sessions", "signed in already"
    out = await _post(web, "/sign-out")
    assert (out.status_code, out.headers["location"]) == (303, "/")
    assert "Max-Age=0" in out.headers["set-cookie"]
    web.cookies.clear()
    stolen = await web.get("/sessions", headers={"Cookie": cookie.split(";")[0]})
    assert stolen.status_code == 303, "the session is over on the server, too"


async def test_a_browser_that_signed_in_is_known(web: httpx.AsyncClient, house: House) -> None:
    given = (await _signs_in(web, house)).headers.get_list("set-cookie")[1]
    assert re.fullmatch(r"remotehands-known=[\w-]+; Path=/; HttpOnly; SameSite=Lax; Max-Age=15552000", given)
    out = await _post(web, "/sign-out")
    assert out.headers.get_list("set-cookie") == ["remotehands=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"]
    badge = web.cookies["remotehands-known"]
    web.cookies.clear()
    for _ in range(10):
        assert (await _post(web, "/sign-in", email=EMAIL, password="a wrong one")).status_code == 401
    assert (await _post(web, "/sign-in", email=EMAIL, password=PASSWORD)).status_code == 429
    web.cookies["remotehands-known"] = badge
    assert (await _post(web, "/sign-in", email=EMAIL, password=PASSWORD)).status_code == 303


async def test_a_wrong_password(web: httpx.AsyncClient, house: House) -> None:
    await with_password(house, EMAIL)
    for email, password in (
        (EMAIL, "wrong but long enough"),
        ("nobody@example.com", PASSWORD),
        ("", ""),
        ("<b>", "\0"),
    ):
        answer = await _post(web, "/sign-in", email=email, password=password)
        assert answer.status_code == 401
        assert "Address or password is wrong." in answer.text
        assert "set-cookie" not in answer.headers
        assert password not in answer.text or not password
        assert "<b>" not in answer.text


async def test_guessing_ends(web: httpx.AsyncClient, house: House) -> None:
    await with_password(house, EMAIL)
    for _ in range(60):
        answer = await _post(web, "/sign-in", email=EMAIL, password="wrong but long enough")
        if answer.status_code == 429:
            break
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert (await _post(web, "/sign-in", email=EMAIL, password=PASSWORD)).status_code == 429, "the right one, too"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {},
    ],
)
async def test_a_form_that_another_site_sends(web: httpx.AsyncClient, house: House, headers: dict[str, str]) -> None:
    await with_password(house, EMAIL)
    answer = await _post(web, "/sign-in", headers, email=EMAIL, password=PASSWORD)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert (await _post(web, "/sign-out", headers)).status_code == 403


async def test_an_older_browser_says_its_origin(web: httpx.AsyncClient, house: House) -> None:
    await with_password(house, EMAIL)
    answer = await _post(web, "/sign-in", {"Origin": "http://hands.test"}, email=EMAIL, password=PASSWORD)
    assert answer.status_code == 303


class TestBehindHttps:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"REMOTEHANDS_PUBLIC_URL": "https://hands.example.com"}

    async def test_the_cookie_is_for_this_host_alone(self, web: httpx.AsyncClient, house: House) -> None:
        await with_password(house, EMAIL)
        ours = {"Origin": "https://hands.example.com"}
        answer = await _post(web, "/sign-in", ours, email=EMAIL, password=PASSWORD)
        session, badge = answer.headers.get_list("set-cookie")
        assert session.startswith("__Host-remotehands=")
        assert session.endswith("; Path=/; HttpOnly; SameSite=Lax; Secure")
        assert badge.startswith("__Host-remotehands-known=")
        assert badge.endswith("; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=15552000")
        foreign = await _post(web, "/sign-in", {"Origin": "http://hands.test"}, email=EMAIL, password=PASSWORD)
        assert foreign.status_code == 403


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("/portal/x?y=1", "/portal/x?y=1"),
        ("//evil.example", ""),
        ("/\\evil.example", ""),
        ("https://evil.example", ""),
        ("javascript:alert(1)", ""),
        ("/a\r\nSet-Cookie: x=y", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_ways_back(asked: str | None, answered: str) -> None:
    assert way_back(asked) == answered


async def test_a_way_back_that_leads_elsewhere(web: httpx.AsyncClient, house: House) -> None:
    await with_password(house, EMAIL)
    answer = await _post(web, "/sign-in", email=EMAIL, password=PASSWORD, next="//evil.example")
    assert answer.headers["location"] == "/welcome"


async def test_without_a_playground_nobody_is_offered(web: httpx.AsyncClient) -> None:
    assert "sign-in-as" not in (await web.get("/sign-in")).text
    assert (await _post(web, "/sign-in-as", kind="administrator")).status_code == 404


async def test_a_password_from_an_invitation(web: httpx.AsyncClient, house: House) -> None:
    async with house.db.write() as tx:
        token = await people.invite_by_command(tx, EMAIL, now=house.now())
    page = await web.get(f"/password/{token}")
    assert page.status_code == 200
    assert EMAIL in page.text
    short = await _post(web, f"/password/{token}", password="short")
    assert short.status_code == 422
    assert "short" not in re.sub(r"<[^>]*>", "", short.text).split(), "what was typed is not shown again"
    done = await _post(web, f"/password/{token}", password=PASSWORD)
    assert (done.status_code, done.headers["location"]) == (303, "/sign-in?done=password")
    assert (await _post(web, "/sign-in", email=EMAIL, password=PASSWORD)).status_code == 303
    for gone in (token, "x", "x" * 5000):
        assert (await web.get(f"/password/{gone}")).status_code == 404
        assert (await _post(web, f"/password/{gone}", password=PASSWORD)).status_code == 404


async def test_forgotten(web: httpx.AsyncClient) -> None:
    assert (await web.get("/password/forgotten")).status_code == 200
    known = await _post(web, "/password/forgotten", email=EMAIL)
    unknown = await _post(web, "/password/forgotten", email="nobody@example.com")
    assert known.status_code == unknown.status_code == 200
    assert known.text == unknown.text
    assert "This server sends no mail." in known.text


async def test_sessions_are_ended(web: httpx.AsyncClient, house: House) -> None:
    first = (await _signs_in(web, house)).headers["set-cookie"].split(";")[0]
    web.cookies.clear()
    for _ in range(2):
        await _post(web, "/sign-in", email=EMAIL, password=PASSWORD)
    page = await web.get("/sessions")
    keys = re.findall(r'name="session" value="(\d+)"', page.text)
    assert len(keys) == 2
    env = {"_environment": "playground"}
    assert (await _post(web, "/sessions/end", session=keys[0], **env)).status_code == 303
    assert (await _post(web, "/sessions/end", session=keys[0], **env)).status_code == 404
    for odd in ("", "x", "-1", "9" * 30, "²"):
        assert (await _post(web, "/sessions/end", session=odd, **env)).status_code == 404
    assert (await _post(web, "/sessions/end-others", **env)).status_code == 303
    assert 'name="session"' not in (await web.get("/sessions")).text
    web.cookies.clear()
    assert (await web.get("/sessions", headers={"Cookie": first})).status_code == 303


async def test_another_password(web: httpx.AsyncClient, house: House) -> None:
    await _signs_in(web, house)
    env = {"_environment": "playground"}
    wrong = await _post(web, "/sessions/password", old="wrong but long enough", password="another long one", **env)
    assert wrong.status_code == 422
    assert "The old password is wrong." in wrong.text
    done = await _post(web, "/sessions/password", old=PASSWORD, password="another long one", **env)
    assert done.headers["location"] == "/sessions?done=password"
    assert (await web.get("/sessions?done=password")).status_code == 200, "this session goes on, under another secret"


async def test_environments(web: httpx.AsyncClient, house: House) -> None:
    await load_text(
        house,
        """
        environment = "sandbox"
        [[staff]]
        email = "ada@example.com"
        name = "Ada at the desk"
        roles = ["technician"]
        """,
    )
    await _signs_in(web, house)
    assert (await web.get("/welcome")).headers["location"] == "/desk"
    assert "Ada at the desk" in (await web.get("/sessions")).text
    assert (await _post(web, "/environment", environment="production")).status_code == 403
    assert (await _post(web, "/environment", environment="moon")).status_code == 403
    there = await _post(web, "/environment", environment="playground")
    assert (there.status_code, there.headers["location"]) == (303, "/welcome")
    assert (await web.get("/welcome")).headers["location"] == "/portal/0011A00001AaAB1ABC"
    late = await _post(web, "/sessions/end-others", _environment="sandbox")
    assert late.status_code == 403, "a form of a page that was opened in the other environment"
    assert "You have switched to another environment" in late.text


async def test_a_person_who_is_retired(web: httpx.AsyncClient, house: House) -> None:
    await _signs_in(web, house)
    await load_text(
        house,
        """
        environment = "playground"
        [[users]]
        email = "ada@example.com"
        name = "Ada Example"
        accounts = ["0011A00001AaAB1ABC"]
        retired = true
        """,
    )
    assert (await web.get("/sessions")).status_code == 303, "at once"


async def test_markup_in_a_name(web: httpx.AsyncClient, house: House) -> None:
    await load_text(
        house,
        """
        environment = "playground"
        [[users]]
        email = "ada@example.com"
        name = "<script>alert(1)</script>"
        accounts = ["0011A00001AaAB1ABC"]
        """,
    )
    await _signs_in(web, house)
    page = (await web.get("/sessions")).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


class TestWithMail:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {
            "REMOTEHANDS_SMTP_URL": "smtp://127.0.0.1:9",
            "REMOTEHANDS_MAIL_FROM": "hands@operator.example",
        }

    async def test_a_forgotten_password(self, web: httpx.AsyncClient, house: House) -> None:
        await with_password(house, EMAIL)
        assert "We send a link to your address." in (await web.get("/password/forgotten")).text
        for email in (EMAIL, "nobody@example.com"):
            answer = await _post(web, "/password/forgotten", email=email)
            assert "a link is on its way" in answer.text
