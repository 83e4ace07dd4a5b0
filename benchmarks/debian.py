"""Programs out of Debian's packages, for the tests and the benchmarks: installed where that is possible."""

import os
import shutil
import subprocess

SECONDS = 600


def install(*packages: str) -> str:
    """Install packages with apt, as root on a Debian; return why that was not possible, or `""`."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return "this user may not install it"
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False)
        if done.returncode != 0:
            return f"`{' '.join(command)}` failed: {done.stderr.strip()[-300:]}"
    return ""
