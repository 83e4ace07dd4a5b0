"""`remotehands`: the customers' command."""
