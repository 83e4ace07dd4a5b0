"""`/developer/start`: the first calls, with the reader's own values."""

from starlette.responses import Response

from remotehandsd.web.call import Call
from remotehandsd.web.developer import first_calls
from remotehandsd.web.developer.own import own_apps, own_values
from remotehandsd.web.developer.person import perhaps_person
from remotehandsd.web.offering import Credential
from remotehandsd.web.pages import page


class Starting:
    """The quick start. `credential` is the playground's, where there is one to show."""

    def __init__(self, credential: Credential | None) -> None:
        self._credential = credential

    async def show(self, call: Call) -> Response:
        """Show token, accounts, create and read, for a shell and for Python."""
        found = await perhaps_person(call)
        apps = await own_apps(call) if found else []
        own = await own_values(call, found, self._credential)
        return page(
            "developer/start.html",
            visitor=found,
            here="developer",
            at="start",
            own=own,
            apps=apps,
            accounts=found.caller.accounts if found else (),
            steps=first_calls.of_staff(own) if found and found.caller.is_staff else first_calls.of_customers(own),
        )
