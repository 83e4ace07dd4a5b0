"""What letters say, each kind on a few lines."""

from enum import StrEnum

import msgspec

from remotehandsd.kit.mail import Letter, Passage

HOUR, DAY = 3600, 86_400


class Kind(StrEnum):
    """Why somebody is written to."""

    INVITATION = "invitation"
    RESET = "reset"
    CONFIRMATION = "confirmation"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WEBHOOK_FAILING = "webhook failing"
    WEBHOOK_OFF = "webhook off"


LIVES = {
    Kind.INVITATION: 7 * DAY,
    Kind.RESET: HOUR,
    Kind.CONFIRMATION: DAY,
    Kind.ACCEPTED: 7 * DAY,
    Kind.DECLINED: 7 * DAY,
    Kind.WEBHOOK_FAILING: 3 * DAY,
    Kind.WEBHOOK_OFF: 7 * DAY,
}
"""Seconds after which a letter that did not go out is of no use any more."""


class _Words(msgspec.Struct, frozen=True):
    """A subject, sentences, and where the link leads; `{names}` are filled in."""

    subject: str
    sentences: tuple[str, ...]
    path: str
    ending: str


_NOT_YOU = "If you did not ask for this, do nothing: without the link nothing changes."
_WORDS = {
    Kind.INVITATION: _Words(
        "You are invited to Remotehands",
        (
            "{by} has invited you to order remote hands at the data centre.",
            "Choose a password to sign in with this address. The link can be used once, within seven days.",
        ),
        "/password/{token}",
        "If you do not know the sender, do nothing.",
    ),
    Kind.RESET: _Words(
        "A new password for Remotehands",
        ("Somebody asked for a new password for this address. The link can be used once, within an hour.",),
        "/password/{token}",
        _NOT_YOU,
    ),
    Kind.CONFIRMATION: _Words(
        "Confirm your address for Remotehands",
        (
            "Somebody asked for access with this address.",
            "Open the link to confirm that it is yours. Then the operator decides.",
        ),
        "/developer/confirm/{token}",
        _NOT_YOU,
    ),
    Kind.ACCEPTED: _Words(
        "Your request was accepted",
        ("You have access to Remotehands now. Sign in with this address.",),
        "/developer",
        "",
    ),
    Kind.DECLINED: _Words(
        "Your request was declined",
        ("The operator has declined your request for access, and says why:",),
        "/developer",
        "",
    ),
    Kind.WEBHOOK_FAILING: _Words(
        "A webhook of yours fails",
        (
            "Nothing has reached {receiver} for a day.",
            "Every attempt failed. When it goes on like this until {until} UTC, the webhook is switched off, and what "
            "waits for it is not sent any more.",
        ),
        "/portal",
        "What was not delivered can be read from GET /api/events, whatever becomes of the webhook.",
    ),
    Kind.WEBHOOK_OFF: _Words(
        "A webhook of yours was switched off",
        ("The webhook to {receiver} is switched off.",),
        "/portal",
        "It can be switched on again. What happened meanwhile can be read from GET /api/events.",
    ),
}


def worded(kind: Kind, id_: str, to: str, *, environment: str, values: dict[str, str], public_url: str) -> Letter:
    """Write a letter. Outside of production its subject says where it is from, lest anybody mistakes it."""
    words = _WORDS[kind]
    where = "" if environment in {"", "production"} else f"[{environment.capitalize()}] "
    passages = [Passage(sentence.format_map(values)) for sentence in words.sentences]
    if reason := values.get("reason"):
        passages[-1] = Passage(passages[-1].what, "", reason)
    return Letter(
        to=to,
        subject=f"{where}{words.subject}",
        id=f"letter-{id_}",
        thread=f"letter-{id_}",
        greeting=f"{words.subject}.",
        passages=tuple(passages),
        facts=(),
        link=f"{public_url}{words.path.format_map(values)}",
        ending=(words.ending,) if words.ending else (),
    )
