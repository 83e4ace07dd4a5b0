-- What the desk works with: the time that the work takes.

-- Who worked on a ticket, from when to when (seconds since 1970, UTC); `ended_at` is NULL while it runs.
CREATE TABLE time_entries (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL,
    ticket INTEGER NOT NULL REFERENCES tickets (number),
    staff INTEGER NOT NULL REFERENCES staff (key),
    began_at INTEGER NOT NULL,
    ended_at INTEGER,
    note TEXT NOT NULL,
    CHECK (ended_at >= began_at)
) STRICT;

CREATE INDEX time_of_ticket ON time_entries (ticket, account, key);
-- Nobody works at two racks at once.
CREATE UNIQUE INDEX time_running ON time_entries (staff) WHERE ended_at IS NULL;
