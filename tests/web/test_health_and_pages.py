"""/healthz, /readyz, /metrics, the pages, CORS."""

import httpx
import pytest

from cast import Person
from remotehandsd.app import Credential, Health, front_door
from remotehandsd.house import House


async def test_alive_and_ready(web: httpx.AsyncClient, health: Health) -> None:
    assert (await web.get("/healthz")).json() == {"status": "alive"}
    assert (await web.get("/readyz")).json() == {"status": "ready"}
    health.is_draining = True
    assert (await web.get("/readyz")).status_code == 503
    assert (await web.get("/healthz")).status_code == 200


async def test_not_ready_without_its_schema(engine: str, house: House, web: httpx.AsyncClient) -> None:
    async with house.db.write() as tx:
        await tx.run("PRAGMA user_version = 0" if engine == "sqlite" else "DELETE FROM schema_steps")
    assert (await web.get("/readyz")).status_code == 503


async def test_metrics(ada: Person) -> None:
    await ada.opens()
    await ada.get("/v1/remotehands-tickets/WO7568")
    text = (await ada.web.get("/metrics")).text
    route = 'route="/v1/remotehands-tickets/{id}"'
    assert f'remotehands_requests_total{{method="GET",{route},status="404"}} 1.0' in text
    assert f"remotehands_request_seconds_count{{{route}}} 1.0" in text
    assert 'remotehands_open_tickets{environment="playground",status="New"} 1.0' in text
    assert "process_resident_memory_bytes" in text


async def test_metrics_are_for_this_machine_only(house: House, health: Health, web: httpx.AsyncClient) -> None:
    far = httpx.ASGITransport(front_door(house, health), client=("192.0.2.1", 1))
    async with httpx.AsyncClient(transport=far, base_url="http://hands.test") as stranger:
        assert (await stranger.get("/metrics")).status_code == 404
    forwarded = await web.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"})
    assert forwarded.status_code == 404, "behind a proxy on this machine everybody seems to be here"


class TestMetricsWithAToken:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"REMOTEHANDS_METRICS_TOKEN": "scrape"}

    async def test_the_token(self, web: httpx.AsyncClient) -> None:
        assert (await web.get("/metrics")).status_code == 404
        assert (await web.get("/metrics", headers={"Authorization": "Bearer wrong"})).status_code == 404
        assert (await web.get("/metrics", headers={"Authorization": "Bearer scrape"})).status_code == 200


async def test_the_front_page_of_a_playground(house: House, health: Health, ada: Person) -> None:
    await ada.opens()
    credential = Credential("the-id", "the-<secret>", "100123", "0011A00001AaAB1ABC")
    transport = httpx.ASGITransport(front_door(house, health, credential))
    async with httpx.AsyncClient(transport=transport, base_url="http://hands.test:8123") as browser:
        page = await browser.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "unsafe" not in page.headers["content-security-policy"]
    assert "http://hands.test:8123/v2/auth/token" in page.text
    assert "client_secret=the-&lt;secret&gt;" in page.text, "escaped"
    assert "<dt>New</dt>\n          <dd>1</dd>" in page.text
    for name in ("tokens.css", "style.css", "page.js", "mark.svg"):
        assert f"/static/{name}" in page.text


async def test_the_front_page_without_a_playground_shows_no_figures(web: httpx.AsyncClient) -> None:
    page = await web.get("/", headers={"Host": "<script>alert(1)</script>"})
    assert page.status_code == 200
    assert "YOUR_CLIENT_ID" in page.text
    assert "<script>alert" not in page.text
    assert "just now" not in page.text


class TestBehindAProxy:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"REMOTEHANDS_PUBLIC_URL": "https://hands.example.com/"}

    async def test_the_public_address_is_shown(self, web: httpx.AsyncClient) -> None:
        assert "https://hands.example.com/v2/auth/token" in (await web.get("/")).text


async def test_pages_say_no_with_pages(web: httpx.AsyncClient) -> None:
    for path, method, status in (("/static/nothing", "GET", 404), ("/", "POST", 405)):
        answer = await web.request(method, path)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "<h1>" in answer.text
    style = await web.get("/static/style.css")
    assert style.headers["content-type"] == "text/css; charset=utf-8"


class TestBrowsersOfOtherOrigins:
    ORIGIN = "https://tools.example.com"

    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"REMOTEHANDS_CORS_ORIGINS": f"{self.ORIGIN}, https://other.example.com"}

    async def test_preflights(self, web: httpx.AsyncClient) -> None:
        asked = {"Origin": self.ORIGIN, "Access-Control-Request-Method": "PUT"}
        answer = await web.options("/v1/remotehands-tickets/WO1000001", headers=asked)
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == self.ORIGIN
        assert "PUT" in answer.headers["access-control-allow-methods"]
        allowed = answer.headers["access-control-allow-headers"].split(", ")
        assert {"Authorization", "Account-Id", "Idempotency-Key", "If-Match", "If-None-Match"} <= set(allowed)
        stranger = await web.options("/v1/sites", headers=asked | {"Origin": "https://evil.example.com"})
        assert stranger.status_code == 405
        assert "access-control-allow-origin" not in stranger.headers
        assert (await web.options("/v1/sites")).status_code == 405

    async def test_answers(self, ada: Person) -> None:
        answer = await ada.get("/v1/sites", headers={"Origin": self.ORIGIN})
        assert answer.headers["access-control-allow-origin"] == self.ORIGIN
        assert answer.headers["vary"] == "Origin"
        exposed = answer.headers["access-control-expose-headers"].split(", ")
        assert {"ETag", "Location", "RateLimit", "Remotehands-Features", "Retry-After"} <= set(exposed)
        assert "access-control-allow-origin" not in (await ada.get("/v1/sites")).headers
