"""`python -m remotehands` is `remotehands`."""

from remotehands.cli import main

main()
