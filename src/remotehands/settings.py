"""Which server, which credential, which account: from arguments, the environment, or a profile, in this order."""

import os
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from remotehands import profiles
from remotehands.errors import NoCredential, WrongSetting

VARIABLES = {
    "base_url": "REMOTEHANDS_URL",
    "client_id": "REMOTEHANDS_CLIENT_ID",
    "client_secret": "REMOTEHANDS_CLIENT_SECRET",
    "account": "REMOTEHANDS_ACCOUNT",
}
PROFILE = "REMOTEHANDS_PROFILE"
HEADER_VALUE = re.compile(r"[\x21-\x7e]+")


class Settings(msgspec.Struct, frozen=True):
    """Everything that a client needs to know. Without an account the default one is looked up."""

    base_url: str
    client_id: str
    client_secret: str
    account: str | None = None

    def __repr__(self) -> str:
        return f"Settings({self.base_url!r}, {self.client_id!r})"


def read_settings(
    given: Mapping[str, str | None], profile: str | None = None, environment: Mapping[str, str] = os.environ
) -> Settings:
    """Return the settings: each from what was given, else from the environment, else from the profile.

    A profile's credential is for the profile's server: when another address is given, nothing is taken from it.
    """
    found = {name: given.get(name) or environment.get(variable) for name, variable in VARIABLES.items()}
    profile = profile or environment.get(PROFILE)
    if profile or not (found["base_url"] and found["client_id"] and found["client_secret"]):
        found = _completed(found, profiles.read_one(profiles.file_of(environment), profile))
    missing = [f"{name} ({VARIABLES[name]})" for name in ("base_url", "client_id", "client_secret") if not found[name]]
    if missing:
        raise NoCredential(f"Not given: {', '.join(missing)}. Sign in once with `remotehands login`, or give it.")
    account = found["account"]
    if account and not HEADER_VALUE.fullmatch(account):
        raise WrongSetting("The account's id holds a character that no id has.")
    return Settings(
        read_url(found["base_url"] or ""), found["client_id"] or "", found["client_secret"] or "", account or None
    )


def _completed(found: dict[str, str | None], profile: profiles.Profile | None) -> dict[str, str | None]:
    if profile is None or (found["base_url"] and read_url(found["base_url"]) != read_url(profile.base_url)):
        return found
    kept: dict[str, str | None] = msgspec.structs.asdict(profile)
    if found["client_id"] and found["client_id"] != profile.client_id:
        # Another credential brings its own secret and its own default account.
        kept |= {"client_secret": None, "account": None}
    return {name: found[name] or kept[name] for name in found}


def read_url(text: str) -> str:
    """Return a server's address without a slash at its end; a host alone is meant with https."""
    address = text.strip()
    if "://" not in address:
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise WrongSetting(f"'{text}' is no address of a server.") from None
    is_plain = not (parts.query or parts.fragment or "@" in parts.netloc or re.search(r"\s", address))
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0 or not is_plain:
        raise WrongSetting(f"'{text}' is no address of a server; it looks like https://hands.example.com.")
    return address.rstrip("/")
