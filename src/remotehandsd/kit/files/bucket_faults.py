"""What went wrong in an object store, in our words: the library's own repeat the whole exchange."""

import re
from collections.abc import Callable
from typing import TypeVar

from obstore.exceptions import BaseError

from remotehandsd.kit.files.face import FilesAway

T = TypeVar("T")

MEANINGS = {
    "SignatureDoesNotMatch": "the key or its secret is wrong",
    "InvalidAccessKeyId": "the key is not known there",
    "AccessDenied": "the key may not do that",
    "NoSuchBucket": "there is no such bucket",
    "RequestTimeTooSkewed": "the clocks here and there differ",
    "AuthorizationHeaderMalformed": "the region is another one",
    "PermanentRedirect": "the bucket is in another region",
}
"""What the store's most frequent codes mean to who runs this server."""

SIGNS = {
    "/latest/": "there is no key in the URL, the environment or the machine",
    "dns error": "its name is not known",
    "certificate": "its certificate is not trusted",
    "TimedOut": "it does not answer in time",
    "Connect": "it cannot be reached",
}
"""What to look for in the library's words, in this order."""


def reason(error: Exception) -> str:
    """Return a sentence about a fault; nothing of the request is in it."""
    text = str(error)
    if code := re.search(r"<Code>(\w{1,64})</Code>", text):
        meaning = MEANINGS.get(code[1])
        return f"The object store says {code[1]}{f': {meaning}' if meaning else ''}."
    for sign, meaning in SIGNS.items():
        if sign in text:
            return f"The object store: {meaning}."
    status = re.search(r"status code: (\d{3})", text)
    return f"The object store says {status[1]}." if status else "The object store broke off."


def in_our_words(work: Callable[[], T]) -> T:
    """Do something with the store; FilesAway when it cannot serve, FileNotFoundError when it has no such file."""
    try:
        return work()
    except BaseError as error:
        raise FilesAway(reason(error)) from None
    except OSError as error:
        # What the library says has no number; what a folder of ours says has one.
        if error.errno is not None:
            raise
        if isinstance(error, FileNotFoundError) and "NoSuchBucket" not in str(error):
            raise FileNotFoundError("The object store has no such file.") from None
        raise FilesAway(reason(error)) from None
