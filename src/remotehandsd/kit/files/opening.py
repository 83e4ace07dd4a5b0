"""From a URL to the place that it names."""

import os
from pathlib import Path

from remotehandsd.kit.clock import Clock
from remotehandsd.kit.files.address import read_address
from remotehandsd.kit.files.disk import Disk
from remotehandsd.kit.files.face import Files

FOLDER = "file://"


def check_files_url(url: str) -> None:
    """Raise ValueError, with a sentence that repeats nothing of the URL, when it names no place for files."""
    if not url.startswith(f"{FOLDER}/") and not url.startswith("s3://"):
        raise ValueError("must be file:///path or s3://bucket/prefix")
    if url.startswith("s3://"):
        read_address(url, os.environ)


def open_files(url: str, reserve: float, clock: Clock) -> Files:
    """Open a folder, of which `reserve` stays free (see Disk), or a bucket, which is not asked anything yet."""
    if url.startswith(FOLDER):
        return Disk(Path(url.removeprefix(FOLDER)), reserve)
    from remotehandsd.kit.files.bucket import Bucket  # noqa: PLC0415 - its library is loaded by who has a bucket

    return Bucket(read_address(url, os.environ), clock)
