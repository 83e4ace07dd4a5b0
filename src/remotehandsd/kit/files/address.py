"""Where a bucket is and who may use it: the parts of `s3://bucket/prefix?name=value&...`."""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

PARAMETERS = ("endpoint", "region", "access_key_id", "secret_access_key", "path_style", "allow_http", "ca_file")
"""What may stand behind the question mark."""

DEFAULT_REGION = "us-east-1"


class Address(msgspec.Struct, frozen=True):
    """A bucket, the folder in it, how it is reached, and the key; `""` for a key of the environment's or machine's."""

    bucket: str
    prefix: str
    endpoint: str
    region: str
    access_key_id: str
    secret_access_key: str
    path_style: bool
    allow_http: bool
    ca_file: str

    def __repr__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"

    @property
    def url(self) -> str:
        """Return the bucket's own URL, without a slash at the end."""
        if self.path_style:
            return f"{self.endpoint}/{self.bucket}"
        scheme, _, rest = self.endpoint.partition("://")
        return f"{scheme}://{self.bucket}.{rest}"


def read_address(text: str, environment: Mapping[str, str]) -> Address:
    """Read a bucket's URL; ValueError with a sentence that repeats nothing of it: it may hold a secret.

    A `+` stays one: secrets hold them. The region may come from the environment as AWS_REGION.
    """
    if "#" in text:
        raise ValueError("has a #; inside of a value it is written %23")
    parts = urlsplit(text)
    if parts.scheme != "s3" or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{1,62}", parts.netloc):
        raise ValueError("must be s3://bucket/prefix?name=value&... with a bucket's name of 3 letters or more")
    prefix = parts.path.strip("/")
    if not re.fullmatch(r"([A-Za-z0-9._=@-]+/?)*", prefix) or {".", ".."} & set(prefix.split("/")):
        raise ValueError("must have a prefix of letters, digits and ._=@- between slashes")
    given = _parameters(parts.query)
    region = given.get("region") or environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION")
    region = region or DEFAULT_REGION
    endpoint = given.get("endpoint", "").rstrip("/")
    address = Address(
        bucket=parts.netloc,
        prefix=prefix,
        endpoint=endpoint or f"https://s3.{region}.amazonaws.com",
        region=region,
        access_key_id=given.get("access_key_id", ""),
        secret_access_key=given.get("secret_access_key", ""),
        path_style=_yes_or_no(given, "path_style", bool(endpoint)),
        allow_http=_yes_or_no(given, "allow_http", False),
        ca_file=given.get("ca_file", ""),
    )
    return _sound(address)


def _parameters(query: str) -> dict[str, str]:
    given: dict[str, str] = {}
    for pair in query.split("&") if query else ():
        name, is_there, value = pair.partition("=")
        # What is not known is not repeated: it may be the rest of a secret that holds an &.
        if name not in PARAMETERS or not is_there:
            raise ValueError(f"may have {', '.join(PARAMETERS)} and nothing else; & in a value is written %26")
        if name in given:
            raise ValueError(f"has {name} twice")
        given[name] = unquote(value)
    return given


def _yes_or_no(given: dict[str, str], name: str, default: bool) -> bool:
    if given.get(name, "yes") not in {"yes", "no"}:
        raise ValueError(f"must have yes or no as {name}")
    return given[name] == "yes" if name in given else default


def _sound(address: Address) -> Address:
    if not re.fullmatch(r"https?://[A-Za-z0-9.\[\]:-]+(/[A-Za-z0-9._/-]*)?", address.endpoint):
        raise ValueError("must have an endpoint like https://s3.example.com")
    if address.endpoint.startswith("http:") and not address.allow_http:
        raise ValueError("has an endpoint without TLS, which needs allow_http=yes")
    if address.ca_file and not Path(address.ca_file).is_file():
        raise ValueError("has a ca_file that is not there")
    if not re.fullmatch(r"[A-Za-z0-9-]{1,64}", address.region):
        raise ValueError("must have a region like eu-central-1")
    if bool(address.access_key_id) != bool(address.secret_access_key):
        raise ValueError("must have both of access_key_id and secret_access_key, or neither")
    return address
