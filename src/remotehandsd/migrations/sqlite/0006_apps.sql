-- Apps that people make for themselves; who asks to be let in.

-- While a secret is replaced, two are good: from `rotated_at` on the next one, too, and after some days only that.
ALTER TABLE apps ADD COLUMN next_hash BLOB;
ALTER TABLE apps ADD COLUMN rotated_at INTEGER;
ALTER TABLE apps ADD COLUMN made_at INTEGER;
ALTER TABLE apps ADD COLUMN used_at INTEGER;

-- Requests that were let in, by days since 1970, UTC.
CREATE TABLE app_calls (
    app INTEGER NOT NULL REFERENCES apps (key),
    day INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    PRIMARY KEY (app, day)
) STRICT, WITHOUT ROWID;

-- Who asks to be let into an environment: a newcomer, who confirms the address first, or a person of another one.
CREATE TABLE registrations (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    environment TEXT NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    company TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    confirm_hash BLOB UNIQUE,
    decided_at INTEGER,
    decided_by TEXT NOT NULL,
    answer TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX registrations_open ON registrations (environment, email) WHERE state = 'open';
CREATE INDEX registrations_of_people ON registrations (email, key);
