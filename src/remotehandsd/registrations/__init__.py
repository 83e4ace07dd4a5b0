"""Registrations: who asks to be let into an environment, and what its administrators answer."""

from remotehandsd.registrations.asking import (
    ask_access,
    askers,
    confirm,
    forget_unconfirmed,
    own_registrations,
    register,
)
from remotehandsd.registrations.deciding import Accepted, accept, confirm_by_hand, decline, unconfirmed, waiting
from remotehandsd.registrations.registration import Registration, State

__all__ = [
    "Accepted",
    "Registration",
    "State",
    "accept",
    "ask_access",
    "askers",
    "confirm",
    "confirm_by_hand",
    "decline",
    "forget_unconfirmed",
    "own_registrations",
    "register",
    "unconfirmed",
    "waiting",
]
