"""Registrations: who asks to be let into an environment, and what its administrators answer."""

from remotehandsd.registrations.asking import ask_access, confirm, forget_unconfirmed, own_registrations, register
from remotehandsd.registrations.deciding import Accepted, accept, decline, waiting
from remotehandsd.registrations.registration import Registration, State

__all__ = [
    "Accepted",
    "Registration",
    "State",
    "accept",
    "ask_access",
    "confirm",
    "decline",
    "forget_unconfirmed",
    "own_registrations",
    "register",
    "waiting",
]
