"""`remotehandsd`: the operator's command."""

from remotehandsd.cli.command import main

__all__ = ["main"]
