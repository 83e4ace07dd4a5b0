"""All SQL about accounts, users, staff and apps."""
