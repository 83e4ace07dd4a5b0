"""Passwords: what one may be, and how it is hashed and verified without holding anybody up.

argon2id with the second recommendation of RFC 9106 section 4: 64 MiB of memory, 3 passes, 4 lanes. Two at a time in
a process, so 128 MiB at most.
"""

import asyncio
import base64
import os
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY

from remotehandsd.errors import Fault, Invalid, Limited, Rule

T = TypeVar("T")

LEAST, MOST = 10, 1024
"""Characters of a password."""
AT_ONCE = 2
"""How many are hashed at once in one process."""
MOST_WAITING = 20
"""How many may be in hand; with two at a time, the last of them waits for a few seconds."""
COMMONEST = frozenset(
    {
        "0123456789",
        "0987654321",
        "1234567890",
        "12345678910",
        "1q2w3e4r5t",
        "1q2w3e4r5t6y",
        "administrator",
        "iloveyou123",
        "password12",
        "password123",
        "password1234",
        "qwerty12345",
        "qwerty123456",
        "qwertyuiop",
    }
)
"""The long ones among the passwords that are tried first. A handful: guesses are limited, too."""

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


def _decoy() -> str:
    def drawn(size: int) -> str:
        return base64.b64encode(os.urandom(size)).decode().rstrip("=")

    costs = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${costs}${drawn(_hasher.salt_len)}${drawn(_hasher.hash_len)}"


DECOY = _decoy()
"""Verified where there is no password, so that it takes as long: a hash of nothing that anybody knows."""


class _Hashing:
    """The threads in which passwords are hashed; they begin with the first one."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, "password")
        self._in_hand = 0

    async def run(self, work: Callable[..., T], *values: str) -> T:
        if self._in_hand >= MOST_WAITING:
            raise Limited(5, "Too many people sign in just now. Try again in a few seconds.")
        self._in_hand += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *values)
        finally:
            self._in_hand -= 1


_hashing = _Hashing()


def shaped(password: str) -> str | None:
    """Return the password in the form in which it is hashed, None when it cannot be one.

    As the OpaqueString profile of RFC 8265 has it: NFC, so that the same keys give the same password on every
    keyboard and system; every kind of blank is a space; no control characters. Not NFKC, which would take different
    passwords for the same. Letters keep their case.
    """
    if len(password) > 4 * MOST:
        return None
    composed = unicodedata.normalize("NFC", password)
    spaced = "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in composed)
    is_text = all(unicodedata.category(letter) not in {"Cc", "Cs"} for letter in spaced)
    return spaced if is_text and len(spaced) <= MOST else None


def check(password: str, email: str) -> str:
    """Return a new password in its form; Invalid, with a sentence, when it may not be one."""
    form = shaped(password)
    if form is None:
        sentence = f"The password must have at most {MOST} characters, none of them a control character."
    elif len(form) < LEAST:
        sentence = f"The password must have at least {LEAST} characters."
    elif form.casefold() == email.casefold():
        sentence = "The password must be another than the address."
    elif form.casefold() in COMMONEST or len(set(form)) == 1:
        sentence = "The password is one of the first that anybody would try."
    else:
        return form
    raise Invalid(Fault("password", Rule.WRONG_VALUE, sentence))


async def hashed(form: str) -> str:
    """Return what is kept of a password that `check` gave; Limited when too many are in hand."""
    return await _hashing.run(_hasher.hash, form)


async def is_right(kept: str | None, password: str) -> bool:
    """Tell whether a password is the kept one; as slow where none is kept. Limited when too many are in hand."""
    form = shaped(password)
    is_it = await _hashing.run(_verify, kept or DECOY, form or "")
    return is_it and kept is not None and form is not None


def _verify(kept: str, form: str) -> bool:
    try:
        return _hasher.verify(kept, form)
    except VerifyMismatchError:
        return False


def is_outdated(kept: str) -> bool:
    """Tell whether a hash was made with other costs than today's."""
    return _hasher.check_needs_rehash(kept)
