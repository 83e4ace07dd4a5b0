"""Profiles: servers and credentials that `remotehands login` keeps in the user's configuration folder."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import msgspec

from remotehands.errors import WrongSetting

DEFAULT = "default"
"""The profile that is used when none is named."""


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A server, the credential for it, and the account, if it is not the default one."""

    base_url: str
    client_id: str
    client_secret: str
    account: str | None = None

    def __repr__(self) -> str:
        return f"Profile({self.base_url!r}, {self.client_id!r})"


def file_of(environment: Mapping[str, str]) -> Path:
    """Return where profiles are kept: `remotehands/profiles.json` in the folder of the XDG specification."""
    # A relative path is to be ignored, says the specification.
    folder = Path(environment.get("XDG_CONFIG_HOME", ""))
    if not folder.is_absolute():
        folder = Path(environment["HOME"], ".config") if environment.get("HOME") else Path.home() / ".config"
    return folder / "remotehands" / "profiles.json"


def read_all(file: Path) -> dict[str, Profile]:
    """Return every profile by its name."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Profile])
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise WrongSetting(f"{file} cannot be read: {error.strerror}.") from None
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise WrongSetting(f"{file} is no file of profiles: {error}.") from None


def read_one(file: Path, name: str | None) -> Profile | None:
    """Return the profile of this name, which must be there; without a name the default one, if it is."""
    there = read_all(file)
    if name and name not in there:
        raise WrongSetting(f"There is no profile '{name}' in {file}; `remotehands login` makes one.")
    return there.get(name or DEFAULT)


def keep(file: Path, name: str, profile: Profile) -> None:
    """Write a profile beside the others, for its user's eyes only; the file is the old one or the new one, whole."""
    there = read_all(file) | {name: profile}
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = file.with_name(f".{file.name}.{secrets.token_hex(6)}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as writing:
            writing.write(msgspec.json.format(msgspec.json.encode(there), indent=2) + b"\n")
            writing.flush()
            os.fsync(writing.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
