"""What can be asked about accounts, sites, their locations, and what may be ordered."""

from remotehands import accounts, reading
from remotehands.exchange import Request
from remotehands.faces import Calls, W, call
from remotehands.records import Account, Category, Location, Site
from remotehands.tickets import TICKETS


class Places(Calls[W]):
    """The calls of a client itself."""

    @property
    def base_url(self) -> str:
        """Return the server's address."""
        return self._caller.settings.base_url

    @call
    async def accounts(self) -> list[Account]:
        """Return the accounts that the credential may act for."""
        return accounts.read(await self._caller.ask(accounts.ALL))

    @call
    async def account(self) -> Account:
        """Return the account that is worked for: the one that was named, or the default one."""
        return await self._caller.account()

    @call
    async def sites(self) -> list[Site]:
        """Return the sites of the account."""
        answer = await self._caller.ask(Request("GET", "/v1/sites"))
        return reading.records(Site, reading.parsed(answer.body))

    @call
    async def locations(self, site: str) -> list[Location]:
        """Return the locations of a site by name; none for a site that the account does not have."""
        answer = await self._caller.ask(Request("GET", "/v1/locations", query={"site": site}))
        return reading.records(Location, reading.parsed(answer.body))

    @call
    async def categories(self, request_type: str | None = None) -> list[Category]:
        """Return what can be asked for: `Planned Work`, `Urgent Work`, or both."""
        query = {} if request_type is None else {"requestType": request_type}
        answer = await self._caller.ask(Request("GET", f"{TICKETS}/categories", query=query))
        return reading.categories(reading.parsed(answer.body))
