-- What was done in an environment, to be shown to its administrators; letters to people.

CREATE INDEX events_of_administration ON events (environment, id) WHERE ticket IS NULL;

-- Nothing in `sealed` can be read without the master key. A letter that was sent is removed.
CREATE TABLE letters (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    sealed BLOB NOT NULL,
    added_at INTEGER NOT NULL
) STRICT;

CREATE INDEX letters_by_age ON letters (added_at);
