"""The library's store, opened as an address says."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from obstore.store import S3Store

from remotehandsd.kit.files.address import Address
from remotehandsd.kit.files.bucket_faults import in_our_words

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Credential, S3CredentialProvider

REQUEST_SECONDS = 15
"""How long one request may take, its body included: a part of 8 MiB."""


RETRIES: "RetryConfig" = {
    "max_retries": 2,
    "retry_timeout": timedelta(seconds=5),
    "backoff": {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=1), "base": 2},
}
"""A server of the store may fail; one that is away is said to be after a second or two."""


def open_store(address: Address) -> S3Store:
    """Open the store as the address says, whatever else the environment says; nothing is asked of it yet."""
    endpoint = address.endpoint if address.path_style else address.url
    return in_our_words(
        lambda: S3Store(
            address.bucket,
            prefix=address.prefix or None,
            endpoint=endpoint,
            aws_endpoint_url_s3=endpoint,
            region=address.region,
            virtual_hosted_style_request=not address.path_style,
            skip_signature=False,
            disable_bulk_delete=True,
            disable_tagging=True,
            credential_provider=_key_of(address),
            client_options=_client(address),
            retry_config=RETRIES,
        )
    )


def _client(address: Address) -> "ClientConfig":
    options: ClientConfig = {
        "allow_http": address.allow_http,
        "connect_timeout": timedelta(seconds=3),
        "timeout": timedelta(seconds=REQUEST_SECONDS),
    }
    if address.ca_file:
        options["root_certificate"] = Path(address.ca_file).read_bytes()
    return options


def _key_of(address: Address) -> "S3CredentialProvider | None":
    """Return who gives the key of the URL; without one the library finds the environment's or the machine's."""
    key: S3Credential = {
        "access_key_id": address.access_key_id,
        "secret_access_key": address.secret_access_key,
        "token": None,
        "expires_at": None,
    }
    return (lambda: key) if address.access_key_id else None
