"""`remotehands`: the customers' command."""

from remotehands.cli.command import main

__all__ = ["main"]
