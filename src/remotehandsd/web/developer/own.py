"""The reader's own values: what stands in the examples, so that they work when they are pasted."""

import msgspec

from remotehandsd import accounts, sites
from remotehandsd.accounts import Account, OwnApp
from remotehandsd.web.address import reached_at
from remotehandsd.web.call import Call
from remotehandsd.web.offering import Credential
from remotehandsd.web.visitor import Visitor

CLIENT_ID, CLIENT_SECRET = "YOUR_CLIENT_ID", "YOUR_CLIENT_SECRET"
MASTER_ID, ACCOUNT_ID, SITE = "YOUR_MASTER_ACCOUNT_ID", "YOUR_ACCOUNT_ID", "PHX015"


class Own(msgspec.Struct, frozen=True):
    """What the examples are filled in with; of what is not known a word in capitals stands for it."""

    base: str
    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET
    master_id: str = MASTER_ID
    account_id: str = ACCOUNT_ID
    site: str = SITE

    @property
    def has_secret(self) -> bool:
        """Tell whether the secret is shown: the playground's, that everybody may see."""
        return self.client_secret != CLIENT_SECRET


async def own_apps(call: Call) -> list[OwnApp]:
    """Return the person's apps in use."""
    return [app for app in await call.look(accounts.apps_of) if not app.is_revoked]


async def own_values(call: Call, found: Visitor | None, credential: Credential | None) -> Own:
    """Return the values of who reads; `?app=` and `?account=` choose among several.

    Who is not signed in sees the playground's credential, where there is one.
    """
    own = Own(reached_at(call))
    if found is None:
        return _of_playground(own, credential) if credential else own
    own = _with_app(own, call, await own_apps(call), credential)
    if found.caller.accounts:
        account = _chosen(call, found.caller.accounts)
        call.by = found.caller.acting[account.master_id, account.id]
        of_account = await call.look(sites.sites_of_account)
        own = msgspec.structs.replace(own, master_id=account.master_id, account_id=account.id)
        if of_account:
            own = msgspec.structs.replace(own, site=of_account[0].code)
    return own


def _of_playground(own: Own, credential: Credential) -> Own:
    return Own(
        own.base,
        credential.client_id,
        credential.client_secret,
        credential.master_account_id,
        credential.account_id,
    )


def _with_app(own: Own, call: Call, apps: list[OwnApp], credential: Credential | None) -> Own:
    shown = credential.client_id if credential else ""
    named = call.asked("app") or shown
    app = next((one for one in apps if one.client_id == named), apps[0] if apps else None)
    if app is None:
        return own
    secret = credential.client_secret if credential and app.client_id == shown else CLIENT_SECRET
    return msgspec.structs.replace(own, client_id=app.client_id, client_secret=secret)


def _chosen(call: Call, of_person: tuple[Account, ...]) -> Account:
    named = call.asked("account")
    return next((one for one in of_person if one.id == named), of_person[0])
