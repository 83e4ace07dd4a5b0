"""People of the cast on the pages: each with a browser's cookie of his own."""

import base64
import re

import httpx

from at_pages import AtPages
from remotehandsd.house import House
from signing import signs_in, with_password

HOME = "/portal/0011A00001AaAB1ABC"
LABS = "/portal/0011A00001BbCD2DEF"
SAMPLE = "/portal/0022B00002CcEF3GHI"

FORM = {
    "site": "PHX015",
    "location": "Data Hall A, Cage 12",
    "work": "Urgent Work / Power cycle or reboot",
    "title": "Reboot the firewall in rack 7",
    "instruction": "Hold the button for ten seconds.",
    "recipients": "ops@example.com, noc@example.com",
    "customer_reference": "CHG-1042",
    "reference_ticket": "",
}
"""A new ticket as the form sends it."""


PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
"""A PNG of one pixel."""


class Visit(AtPages):
    """A customer's browser."""

    async def orders(self, home: str = HOME, **fields: str) -> str:
        """Order a ticket by the pages, and return its number."""
        answer = await self.post(f"{home}/tickets/new/order", FORM | fields)
        assert answer.status_code == 303, answer.text
        found = re.fullmatch(rf"{home}/tickets/(WO\d+)\?done=ordered", answer.headers["location"])
        assert found, answer.headers["location"]
        return found[1]


async def visit(web: httpx.AsyncClient, house: House, email: str, environment: str = "playground") -> Visit:
    """Sign somebody in."""
    await with_password(house, email)
    return Visit(web, await signs_in(house, email), environment)


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field of a page, as a browser would send it."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


BOB_LOOKS_AFTER_IT = """
environment = "playground"
[[users]]
email = "bob@example.com"
name = "Bob Example"
accounts = ["0011A00001AaAB1ABC"]
permissions = ["Service Tickets-Remote Hands"]
administrator = true
"""
