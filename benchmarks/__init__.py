"""How fast the server is, measured as a user would start it: `make bench`."""
