-- Mail: what happened to a ticket within a minute is one notice, and each address that it goes to one mail.

-- A notice reaches from one event of its ticket to another. It takes in what happens until it is closed.
CREATE TABLE notices (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    environment TEXT NOT NULL,
    account INTEGER NOT NULL,
    ticket INTEGER NOT NULL REFERENCES tickets (number),
    first_event INTEGER NOT NULL,
    last_event INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    closed INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX notices_open ON notices (ticket) WHERE closed = 0;
CREATE INDEX notices_by_age ON notices (added_at);

-- A mail that has not ended is still to be sent: there is a job for it.
CREATE TABLE mails (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL,
    ticket INTEGER NOT NULL REFERENCES tickets (number),
    notice INTEGER NOT NULL REFERENCES notices (key),
    address TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;

CREATE INDEX mails_of_account ON mails (account, added_at);
CREATE INDEX mails_of_notice ON mails (notice);
CREATE INDEX mails_by_age ON mails (ended_at) WHERE ended_at IS NOT NULL;
