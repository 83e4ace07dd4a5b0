"""Signing in and out, passwords, and where somebody is signed in."""

from remotehandsd.web.pages import answer
from remotehandsd.web.people import passwords, sessions
from remotehandsd.web.people.signing_in import SigningIn, sign_out, switch, welcome

__all__ = ["SigningIn", "answer", "passwords", "sessions", "sign_out", "switch", "welcome"]
