"""All SQL about people, their passwords, links and sessions. They belong to the server, not to a tenant."""
