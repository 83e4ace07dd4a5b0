-- Letters to one person that are about no ticket: invitations, links for a password, answers, warnings. What they say
-- may open doors, so it is encrypted; a letter that went out, or whose time is over, is removed.
CREATE TABLE letters (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    sealed BLOB NOT NULL,
    added_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
) STRICT;
