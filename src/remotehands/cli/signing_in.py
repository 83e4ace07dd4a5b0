"""`remotehands login`: ask, test, keep."""

import os
import sys

from remotehands import profiles
from remotehands.cli.asking import ask, choose, is_somebody_there
from remotehands.cli.faults import Wrong
from remotehands.cli.given import Given
from remotehands.client import Client
from remotehands.records import Account
from remotehands.settings import PROFILE, VARIABLES, read_url

LOOPBACK = ("http://127.0.0.1", "http://localhost", "http://[::1]")


def sign_in(given: Given) -> None:
    """Ask for what is missing, see that it works, keep it for its user's eyes only."""
    file = profiles.file_of(os.environ)
    name = given.profile or os.environ.get(PROFILE) or profiles.DEFAULT
    before = profiles.read_all(file).get(name)
    url = read_url(given.url or _said("base_url", "Address of the server", before.base_url if before else None))
    if url.startswith("http://") and not url.startswith(LOOPBACK):
        given.note(f"{url} is not encrypted: whoever is on the way can read the secret.")
    client_id = _said("client_id", "Client id", before.client_id if before else None)
    secret = os.environ.get(VARIABLES["client_secret"]) or _secret()
    # One attempt: whoever waits here would rather see what is wrong.
    with Client(url, client_id, secret, attempts=1) as client:
        there = client.accounts()
    account = _account(given, there)
    profiles.keep(file, name, profiles.Profile(url, client_id, secret, account))
    named = next((one for one in there if one.account_id == account or (not account and one.default_account)), None)
    given.note(f"Signed in to {url}" + (f" for {named.account_name} ({named.account_id})." if named else "."))
    given.note(f"Kept as the profile '{name}' in {file}.")


def _said(setting: str, question: str, default: str | None) -> str:
    said = os.environ.get(VARIABLES[setting])
    if said:
        return said
    if not is_somebody_there():
        raise Wrong(f"Nobody can be asked: give {VARIABLES[setting]}.")
    return ask(question, default=default)


def _secret() -> str:
    secret = ask("Client secret", hidden=True) if is_somebody_there() else sys.stdin.readline().strip()
    if not secret:
        raise Wrong(f"Nobody can be asked: give {VARIABLES['client_secret']}, or the secret on stdin.")
    return secret


def _account(given: Given, there: list[Account]) -> str | None:
    """Return the account to keep: the one that was named or chosen; None for the default one."""
    named = given.account or os.environ.get(VARIABLES["account"])
    ids = [one.account_id for one in there]
    if named and named not in ids:
        raise Wrong(f"This credential may not act for the account {named}; it may for {', '.join(ids)}.")
    if named or len(there) < 2 or not is_somebody_there():
        return named
    return choose("Account", ids, [f"{one.account_name}{' (default)' * one.default_account}" for one in there])
