"""People: one address each on the whole server, whatever they are in each environment; how they sign in."""

from remotehandsd.people.address import is_email, is_made_up, kept_form, split_recipients
from remotehandsd.people.guessing import network
from remotehandsd.people.knowing import KEPT_SECONDS as KNOWN_SECONDS
from remotehandsd.people.knowing import badge
from remotehandsd.people.linking import (
    Kind,
    Link,
    ask_reset,
    change_password,
    has_password,
    invite,
    invite_by_command,
    invite_newcomer,
    link,
    set_password,
)
from remotehandsd.people.pretending import ROBOT, Offered, is_tried, of_flesh_and_blood, offered, sign_in_as
from remotehandsd.people.pretending import Kind as PlaygroundKind
from remotehandsd.people.session import Session
from remotehandsd.people.signing_in import sign_in
from remotehandsd.people.staying import (
    admit,
    end,
    end_others,
    forget_over,
    rotate,
    session,
    sessions_of_person,
    switch,
)
from remotehandsd.people.store.people import email_of, keep

__all__ = [
    "KNOWN_SECONDS",
    "ROBOT",
    "Kind",
    "Link",
    "Offered",
    "PlaygroundKind",
    "Session",
    "admit",
    "ask_reset",
    "badge",
    "change_password",
    "email_of",
    "end",
    "end_others",
    "forget_over",
    "has_password",
    "invite",
    "invite_by_command",
    "invite_newcomer",
    "is_email",
    "is_made_up",
    "is_tried",
    "keep",
    "kept_form",
    "link",
    "network",
    "of_flesh_and_blood",
    "offered",
    "rotate",
    "session",
    "sessions_of_person",
    "set_password",
    "sign_in",
    "sign_in_as",
    "split_recipients",
    "switch",
]
