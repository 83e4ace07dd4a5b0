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

-- The desk's queue: urgent work first ("Urgent Work" is the last of the request types), then what was opened first.
-- Site, status and who has it ride along for the counts.
CREATE INDEX tickets_desk ON tickets (environment, request_type DESC, created_at, number, site, status, assigned_to)
    WHERE status IN ('New', 'In Progress', 'Cancellation Requested');

-- What is usual: medians in seconds since the opening, learned every hour. It tells nothing of any one tenant.
CREATE TABLE usual_times (
    environment TEXT NOT NULL,
    request_type TEXT NOT NULL,
    category TEXT NOT NULL,
    to_start INTEGER,
    to_complete INTEGER,
    PRIMARY KEY (environment, request_type, category)
) STRICT, WITHOUT ROWID;

-- The words of the tickets, taken apart by the program: `searchable('one tw*')` gives the rows that have them all.
-- `rowid` is twice the ticket's number; where there are internal notes the next one is the desk's row.
CREATE VIRTUAL TABLE searchable USING fts5 (
    words,
    account UNINDEXED,
    tokenize = "ascii tokenchars '_'",
    detail = none,
    columnsize = 0
);

-- Tickets with other words, where no event tells so: internal notes.
CREATE TABLE unsearched (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL,
    ticket INTEGER NOT NULL
) STRICT;

-- The index follows the events from here on; what was there before is indexed from the newest downward.
INSERT INTO event_marks (reader, place, id) SELECT 'search', COALESCE(MAX(id), 0), COALESCE(MAX(id), 0) FROM events;
INSERT INTO event_marks (reader, place, id) SELECT 'search past', COALESCE(MAX(number), 0), 0 FROM tickets;
