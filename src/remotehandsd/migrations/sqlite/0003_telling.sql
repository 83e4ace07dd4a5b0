-- Telling people and programs: which events customers may see, where who reads them has come to, and work for later.

DROP TRIGGER events_stay;

-- 1: customers may see it and are told. Internal notes, hand-overs, made-up tickets and changes of the world are not.
ALTER TABLE events ADD COLUMN told INTEGER NOT NULL DEFAULT 0;

UPDATE events SET told = 1
WHERE type IN (
    'ticket.created', 'ticket.started', 'ticket.updated', 'ticket.commented', 'ticket.attachment_added',
    'ticket.cancellation_requested', 'ticket.cancellation_refused', 'ticket.cancelled', 'ticket.completed'
);

CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN
    SELECT RAISE(ABORT, 'events are never changed');
END;

CREATE INDEX events_in_order ON events (id) WHERE told = 1;
CREATE INDEX events_of_account ON events (account, id) WHERE told = 1;

-- Events in an order to which nothing is ever added in the middle: here, with one writer, that of their ids.
CREATE VIEW settled_events AS
    SELECT id, id AS place, environment, account, ticket, type, done_by, user, staff, happened_at, before, after
    FROM events
    WHERE told = 1;

-- How far each reader of the events has come. What lies before this step is told to nobody.
CREATE TABLE event_marks (
    reader TEXT PRIMARY KEY,
    place INTEGER NOT NULL,
    id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO event_marks (reader, place, id) SELECT 'notices', COALESCE(MAX(id), 0), COALESCE(MAX(id), 0) FROM events;
INSERT INTO event_marks (reader, place, id) SELECT 'webhooks', COALESCE(MAX(id), 0), COALESCE(MAX(id), 0) FROM events;

-- Work to be done later. Who takes a job puts its next time off: if he dies, it is due again then. `tries` tells
-- which of two takings is the later one. `lane` is what it shares with others, such as one receiver.
CREATE TABLE jobs (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    about INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    holder TEXT NOT NULL,
    fault TEXT NOT NULL,
    set_aside_at INTEGER,
    UNIQUE (kind, about)
) STRICT;

CREATE INDEX jobs_due ON jobs (kind, due_at, key) WHERE set_aside_at IS NULL;
