"""The customers' portal, by httpx."""
