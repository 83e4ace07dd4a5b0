"""Every setting: its name, type, default, and one line of meaning.

A setting is the environment variable `REMOTEHANDS_<NAME>`, or a file that `REMOTEHANDS_<NAME>_FILE` names.
"""

import os
import re
from collections.abc import Callable, Mapping
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any

import msgspec

from remotehandsd import setting_forms as form
from remotehandsd.kit.mail import sender, smtp_url
from remotehandsd.kit.windows import Limit

PREFIX = "REMOTEHANDS_"
DEFAULT_PUBLIC_URL = "http://127.0.0.1:8000"
CLIENTS_OWN = {"URL", "CLIENT_ID", "CLIENT_SECRET", "ACCOUNT", "PROFILE"}
"""Variables of the customers' command, known here and ignored."""


class WrongSetting(Exception):  # noqa: N818
    """Settings that cannot be; one line a fault."""


class Setting(msgspec.Struct, frozen=True):
    """One setting: what it is called, how its text is read, what it is when nobody says, what it means."""

    name: str
    read: Callable[[str], Any]
    default: str
    meaning: str
    shown: str = ""


KNOWN = [
    Setting("DATA", str, "./data", "Folder of the embedded database, files and keys."),
    Setting(
        "DATABASE_URL",
        form.database_url,
        "",
        "Where the tickets are kept: sqlite:///path or postgresql://user:password@host/database?pool_size=10.",
        "sqlite:///$REMOTEHANDS_DATA/remotehands.db",
    ),
    Setting(
        "FILES_URL",
        form.files_url,
        "",
        "Where attachments are kept: file:///path or s3://bucket/prefix?endpoint=...",
        "file://$REMOTEHANDS_DATA/files",
    ),
    Setting(
        "SMTP_URL",
        smtp_url,
        "",
        "The mail server: smtp[s]://user:password@host:port; a password needs TLS or STARTTLS, but on loopback.",
        "none: recipient and subject are logged",
    ),
    Setting("MAIL_FROM", sender, "", "Sender of mail: an address, or a name and `<address>`.", "none"),
    Setting(
        "MAIL_DOMAINS", form.domains, "*", "Domains that may be mailed: `*`, `example.com`, `*.example.com`, by commas."
    ),
    Setting(
        "MAIL_LIMIT",
        form.mail_limit,
        "500/hour",
        "Mails that one account may cause: `N/minute`, `N/hour`, `N/day` or `none`.",
    ),
    Setting(
        "MAIL_PLAYGROUND",
        form.yes_or_no,
        "no",
        "`yes` lets playground tickets mail people other than its registered ones.",
    ),
    Setting(
        "MAIL_DESK",
        form.mailboxes,
        "",
        "The operator's own addresses, separated by commas, that are told of every ticket.",
        "none",
    ),
    Setting("PUBLIC_URL", form.public_url, DEFAULT_PUBLIC_URL, "Used in links and as token issuer."),
    Setting("TOKEN_SECONDS", form.whole(2), "3600", "Life of an access token in seconds."),
    Setting("MAX_FILE_BYTES", form.whole(1), "1073741824", "Largest attachment in bytes (413 above it)."),
    Setting("MAX_TICKET_BYTES", form.whole(1), "10737418240", "Files of one ticket together in bytes (413 above it)."),
    Setting("MAX_BODY_BYTES", form.whole(1), "2097152", "Largest JSON body in bytes (413 above it)."),
    Setting(
        "MIN_FREE",
        form.reserve,
        "5%",
        "Free disk (a share, or bytes) under which uploads get 503 while tickets still work.",
    ),
    Setting("MASTER_ACCOUNT_PATTERN", form.pattern, "[0-9]{1,20}", "Form of a well-formed master account id."),
    Setting("ACCOUNT_PATTERN", form.pattern, "([0-9A-Za-z]{3}){5,6}", "Form of a well-formed account id."),
    Setting("CHECK_LOCATION", form.yes_or_no, "no", "`yes` refuses a location that the site does not have."),
    Setting(
        "RATE_LIMIT",
        form.rate,
        "none",
        "Requests an app may make, `N/second` or `N/minute`, counted by each server process (429 above it).",
    ),
    Setting(
        "TRUSTED_PROXIES",
        form.networks,
        "",
        "Addresses or networks, separated by commas, of the proxies whose X-Forwarded-For counts.",
        "none",
    ),
    Setting("CORS_ORIGINS", form.listed, "", "Origins that a browser may call from, separated by commas.", "none"),
    Setting(
        "MASTER_KEY",
        str,
        "",
        "32 random bytes as base64; encrypts signing keys, webhook secrets and kept answers in the database.",
        "made in the data folder, mode 0600",
    ),
    Setting("TENANT_WALL", form.yes_or_no, "no", "`yes`: row level security between tenants, on PostgreSQL."),
    Setting(
        "MIGRATION_URL",
        form.database_url,
        "",
        "The owner's database URL, for migrations; with the wall and without this, `serve` only checks the version.",
        "the database URL",
    ),
    Setting("KEY_DAYS", form.whole(1), "30", "Age in days at which a signing key is replaced."),
    Setting("ROBOT_SECONDS", form.pace, "5", "Pace of the playground's robot in seconds."),
    Setting(
        "WEBHOOK_PRIVATE",
        form.yes_or_no,
        "no",
        "`yes` lets webhooks go to private and loopback addresses, and by plain http, too.",
    ),
    Setting("METRICS_TOKEN", str, "", "Bearer token that may read /metrics.", "none: loopback only"),
    Setting(
        "LOG",
        form.level,
        "info",
        "Log level: debug, info, warning or error; JSON lines when stderr is no terminal.",
    ),
]


class Settings(msgspec.Struct, frozen=True):
    """All settings, read and checked. Secrets are not shown when it is printed."""

    data: Path
    database_url: str
    files_url: str
    smtp_url: str
    mail_from: str
    mail_domains: tuple[str, ...]
    mail_limit: tuple[int, int] | None
    mail_playground: bool
    mail_desk: tuple[str, ...]
    public_url: str
    token_seconds: int
    max_file_bytes: int
    max_ticket_bytes: int
    max_body_bytes: int
    min_free: float
    master_account_pattern: re.Pattern[str]
    account_pattern: re.Pattern[str]
    check_location: bool
    rate_limit: Limit | None
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]
    cors_origins: tuple[str, ...]
    master_key: str
    tenant_wall: bool
    migration_url: str
    key_days: int
    robot_seconds: float
    webhook_private: bool
    metrics_token: str
    log: str

    def __repr__(self) -> str:
        return f"Settings(data={self.data})"


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; WrongSetting names every fault at once, unknown variables included."""
    faults: list[str] = []
    names = {setting.name for setting in KNOWN}
    for variable in sorted(environment):
        name = variable.removeprefix(PREFIX)
        if variable.startswith(PREFIX) and name.removesuffix("_FILE") not in names | CLIENTS_OWN and name not in names:
            faults.append(f"{variable}: no such setting.")
    values = {setting.name.lower(): _value(setting, environment, faults) for setting in KNOWN}
    if faults:
        raise WrongSetting("\n".join(faults))
    data = Path(values["data"]).resolve()
    values["data"] = data
    values["database_url"] = values["database_url"] or f"sqlite:///{data}/remotehands.db"
    _check_database(values)
    if values["smtp_url"] and not values["mail_from"]:
        raise WrongSetting("REMOTEHANDS_MAIL_FROM: must be given with REMOTEHANDS_SMTP_URL.")
    values["files_url"] = values["files_url"] or f"file://{data}/files"
    return Settings(**values)


def is_given(name: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether a setting was given, by a variable or by the file that one names."""
    return any(environment.get(PREFIX + name + ending) for ending in ("", "_FILE"))


def _check_database(values: Mapping[str, Any]) -> None:
    """Say what the two engines ask for or do not offer."""
    faults = []
    if values["database_url"].startswith("sqlite:"):
        if values["tenant_wall"]:
            faults.append("REMOTEHANDS_TENANT_WALL: needs PostgreSQL.")
    elif not values["master_key"]:
        # The machines share what it encrypts: a key made on one would be unknown to the others.
        faults.append("REMOTEHANDS_MASTER_KEY: must be given with PostgreSQL; `openssl rand -base64 32` makes one.")
    if faults:
        raise WrongSetting("\n".join(faults))


def _value(setting: Setting, environment: Mapping[str, str], faults: list[str]) -> Any:
    variable = PREFIX + setting.name
    text = environment.get(variable)
    kept_in = environment.get(variable + "_FILE")
    if text is not None and kept_in is not None:
        faults.append(f"{variable}: given twice, here and as {variable}_FILE.")
        return None
    if kept_in is not None:
        try:
            text = Path(kept_in).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            faults.append(f"{variable}_FILE: {kept_in} cannot be read.")
            return None
    try:
        return setting.read(text if text else setting.default)
    except ValueError as error:
        faults.append(f"{variable}: {error}.")
        return None
