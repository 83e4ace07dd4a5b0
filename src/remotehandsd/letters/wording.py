"""Every word of a letter, on one page. None repeats what a stranger has typed to somebody who did not ask."""

import secrets

from remotehandsd.kit.mail import Letter, Passage

NOT_YOU = "If you did not ask for this, do nothing: nobody has got anything by it."
DO_NOT_ANSWER = "This mail was written by a program; nobody reads answers to it."

MISSED = "What was not delivered can be read from GET /api/events."


def _letter(to: str, subject: str, greeting: str, *said: Passage, link: str, ending: tuple[str, ...] = ()) -> Letter:
    name = f"person.{secrets.token_hex(12)}"
    return Letter(
        to=to,
        subject=subject,
        id=name,
        thread=name,
        greeting=greeting,
        passages=said,
        facts=(),
        link=link,
        ending=(*ending, DO_NOT_ANSWER),
    )


def invitation(to: str, url: str, token: str, *, by: str, environment: str) -> Letter:
    """Return the letter to somebody who was put on an account, or among the staff."""
    return _letter(
        to,
        "You are invited to remote hands",
        "Choose a password, and you are in.",
        Passage(f"{by} has put you on the {environment} environment of this remote-hands desk."),
        Passage("The link can be used once, within 7 days. You sign in with this address."),
        link=f"{url}/password/{token}",
    )


def reset(to: str, url: str, token: str) -> Letter:
    """Return the letter with a link for who forgot the password."""
    return _letter(
        to,
        "A new password",
        "Choose a new password.",
        Passage("The link can be used once, within an hour. All your sessions end with it."),
        link=f"{url}/password/{token}",
        ending=(NOT_YOU,),
    )


def confirmation(to: str, url: str, token: str) -> Letter:
    """Return the letter that finds out whether an address is its owner's who registers."""
    return _letter(
        to,
        "Is this your address?",
        "Confirm that you have asked to be let in.",
        Passage("Somebody has asked for access to this remote-hands desk under your address."),
        Passage("The link can be used within a day. Then the operator's administrators answer."),
        link=f"{url}/developer/confirm/{token}",
        ending=(NOT_YOU,),
    )


def accepted(to: str, url: str, token: str | None, *, environment: str) -> Letter:
    """Return the letter to who was let in; with a link to choose a password for who has none."""
    first = "Choose a password by this link, once, within 7 days." if token else "Sign in with the password you have."
    return _letter(
        to,
        "You are let in",
        f"Welcome to the {environment} environment.",
        Passage(first),
        Passage("Then make an app under Developers, and your first call is five minutes away."),
        link=f"{url}/password/{token}" if token else f"{url}/developer",
    )


def declined(to: str, url: str, *, environment: str, reason: str) -> Letter:
    """Return the letter to who was not let in, with the reason."""
    return _letter(
        to,
        "Your request for access",
        f"Your request for the {environment} environment was declined.",
        Passage("The administrator wrote:", quoted=reason),
        Passage("You may ask again."),
        link=f"{url}/developer",
    )


def webhook_failing(to: str, url: str, *, environment: str, receiver: str, off_at: str) -> Letter:
    """Return the letter that warns whoever made a webhook, at least a day before it is switched off."""
    return _letter(
        to,
        "A webhook of yours fails",
        f"Nothing has reached {receiver} for a day.",
        Passage(f"It is a webhook of the {environment} environment, and every attempt failed."),
        Passage(
            f"When it goes on like this until {off_at} UTC, it is switched off, and what waits is not sent any more."
        ),
        Passage(MISSED),
        link=f"{url}/portal",
    )


def webhook_off(to: str, url: str, *, environment: str, receiver: str, reason: str) -> Letter:
    """Return the letter to whoever made a webhook that was switched off."""
    return _letter(
        to,
        "A webhook of yours was switched off",
        f"Nothing is sent to {receiver} any more.",
        Passage(f"It was a webhook of the {environment} environment. {reason}"),
        Passage(f"You can switch it on again. {MISSED}"),
        link=f"{url}/portal",
    )
