"""Ada in the portal."""

import httpx
import pytest

from remotehandsd.house import House
from visiting import Visit, visit


@pytest.fixture
async def ada_visits(web: httpx.AsyncClient, house: House) -> Visit:
    """Ada, signed in: two accounts, the permission."""
    return await visit(web, house, "ada@example.com")
