"""Programs out of Debian's packages, for the tests and the benchmarks: installed where that is possible."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

SECONDS = 600


def install(*packages: str) -> str:
    """Install packages with apt, as root on a Debian; return why that was not possible, or `""`.

    One at a time: of several processes that test side by side each may want something, and apt lets one in.
    """
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return "this user may not install it"
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with (Path(tempfile.gettempdir()) / "remotehands-apt.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", *packages]):
            done = subprocess.run(
                command, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
            )
            if done.returncode != 0:
                return f"`{' '.join(command)}` failed: {done.stderr.strip()[-300:]}"
    return ""
