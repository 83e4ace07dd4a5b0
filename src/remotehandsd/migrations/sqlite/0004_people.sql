-- People sign in: passwords, links that set one, sessions. Of every secret only a hash is kept.

CREATE TABLE passwords (
    person INTEGER PRIMARY KEY REFERENCES people (key),
    hash TEXT NOT NULL,
    set_at INTEGER NOT NULL
) STRICT;

CREATE TABLE password_links (
    secret_hash BLOB PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES people (key),
    kind TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX password_links_of_people ON password_links (person, kind);

-- Numbers of sessions are never given twice: a stale page must not end somebody else's.
CREATE TABLE sessions (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    secret_hash BLOB NOT NULL UNIQUE,
    person INTEGER NOT NULL REFERENCES people (key),
    environment TEXT NOT NULL,
    bound INTEGER NOT NULL,
    began_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    device TEXT NOT NULL
) STRICT;

CREATE INDEX sessions_of_people ON sessions (person, seen_at);
