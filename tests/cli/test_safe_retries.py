"""The how-to's own commands, run as a reader would paste them."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from cast import Server
from remotehandsd.house import House

PAGE = (Path(__file__).parents[2] / "docs" / "howto" / "safe-retries.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```bash\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
FORM = {
    "grant_type": "client_credentials",
    "client_id": "ada",
    "client_secret": "secret-of-ada-0123456789abcdef-0123",
}


@pytest.mark.engine("sqlite")
def test_the_lines_of_the_how_to(house: House, serve: Callable[..., Server], tmp_path: Path) -> None:
    server = serve("--no-worker")
    token = httpx.post(f"{server.url}/v2/auth/token", data=FORM).json()["access_token"]
    script = "set -euo pipefail\n" + "\necho; echo ====\n".join(BLOCKS)
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "URL": server.url,
        "TOKEN": token,
        "MASTER": "100123",
        "ACCOUNT": "0011A00001AaAB1ABC",
    }
    done = subprocess.run(
        ["bash", "-c", script], check=False, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    orders, features, changes, unchanged = done.stdout.split("\n====\n")
    statuses = [re.findall(r"^HTTP/1.1 (\d+)", part, re.MULTILINE) for part in (orders, changes, unchanged)]
    assert statuses == [["201", "201"], ["200", "412"], ["304"]]
    assert len(set(re.findall(r'"id":"(WO\d+)"', orders))) == 1
    assert features.strip().lower() == "remotehands-features: idempotency"
    headers = {"Authorization": f"Bearer {token}", "Master-Account-Id": "100123", "Account-Id": "0011A00001AaAB1ABC"}
    listed = httpx.get(f"{server.url}/v1/remotehands-tickets", headers=headers).json()
    assert listed["pageable"]["totalElements"] == 1
