-- Who and what exists. `key` columns are internal; ids and codes are the operator's and unique in an environment.

CREATE TABLE sites (
    key INTEGER PRIMARY KEY,
    environment TEXT NOT NULL,
    code TEXT NOT NULL,
    address TEXT NOT NULL,
    city TEXT NOT NULL,
    metro TEXT NOT NULL,
    country TEXT NOT NULL,
    timezone TEXT NOT NULL,
    retired INTEGER NOT NULL,
    UNIQUE (environment, code)
) STRICT;

CREATE TABLE locations (
    key INTEGER PRIMARY KEY,
    site INTEGER NOT NULL REFERENCES sites (key),
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    parent INTEGER REFERENCES locations (key),
    retired INTEGER NOT NULL,
    UNIQUE (site, name)
) STRICT;

CREATE TABLE master_accounts (
    key INTEGER PRIMARY KEY,
    environment TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    retired INTEGER NOT NULL,
    UNIQUE (environment, id)
) STRICT;

CREATE TABLE accounts (
    key INTEGER PRIMARY KEY,
    environment TEXT NOT NULL,
    master INTEGER NOT NULL REFERENCES master_accounts (key),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    retired INTEGER NOT NULL,
    UNIQUE (environment, id)
) STRICT;

CREATE TABLE account_sites (
    account INTEGER NOT NULL REFERENCES accounts (key),
    site INTEGER NOT NULL REFERENCES sites (key),
    PRIMARY KEY (account, site)
) STRICT, WITHOUT ROWID;

CREATE TABLE people (
    key INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE users (
    key INTEGER PRIMARY KEY,
    environment TEXT NOT NULL,
    person INTEGER NOT NULL REFERENCES people (key),
    name TEXT NOT NULL,
    administrator INTEGER NOT NULL,
    retired INTEGER NOT NULL,
    UNIQUE (environment, person)
) STRICT;

CREATE TABLE user_accounts (
    user INTEGER NOT NULL REFERENCES users (key),
    account INTEGER NOT NULL REFERENCES accounts (key),
    position INTEGER NOT NULL,
    PRIMARY KEY (user, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE user_permissions (
    user INTEGER NOT NULL REFERENCES users (key),
    permission TEXT NOT NULL,
    PRIMARY KEY (user, permission)
) STRICT, WITHOUT ROWID;

CREATE TABLE staff (
    key INTEGER PRIMARY KEY,
    environment TEXT NOT NULL,
    person INTEGER NOT NULL REFERENCES people (key),
    name TEXT NOT NULL,
    everywhere INTEGER NOT NULL,
    retired INTEGER NOT NULL,
    UNIQUE (environment, person)
) STRICT;

CREATE TABLE staff_roles (
    staff INTEGER NOT NULL REFERENCES staff (key),
    role TEXT NOT NULL,
    PRIMARY KEY (staff, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE staff_sites (
    staff INTEGER NOT NULL REFERENCES staff (key),
    site INTEGER NOT NULL REFERENCES sites (key),
    PRIMARY KEY (staff, site)
) STRICT, WITHOUT ROWID;

-- A credential acts as its user or its staff member. Only the secret's SHA-256 is kept (256 random bits).
CREATE TABLE apps (
    key INTEGER PRIMARY KEY,
    environment TEXT NOT NULL,
    user INTEGER REFERENCES users (key),
    staff INTEGER REFERENCES staff (key),
    name TEXT NOT NULL,
    client_id TEXT NOT NULL UNIQUE,
    secret_hash BLOB NOT NULL,
    retired INTEGER NOT NULL,
    CHECK ((user IS NULL) <> (staff IS NULL))
) STRICT;

CREATE INDEX apps_of_users ON apps (user, name);
CREATE INDEX apps_of_staff ON apps (staff, name);

CREATE TABLE signing_keys (
    kid TEXT PRIMARY KEY,
    sealed BLOB NOT NULL,
    made_at INTEGER NOT NULL,
    used_from INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What is asked and done. Every row carries `account`, the wall between tenants.

CREATE TABLE tickets (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    environment TEXT NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts (key),
    title TEXT NOT NULL,
    status TEXT NOT NULL,
    status_before TEXT,
    site TEXT NOT NULL,
    location TEXT NOT NULL,
    request_type TEXT NOT NULL,
    category TEXT,
    instruction TEXT NOT NULL,
    customer_reference TEXT NOT NULL,
    reference_ticket TEXT NOT NULL,
    cancel_reason TEXT,
    recipients TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    closed_at INTEGER,
    assigned_to INTEGER REFERENCES staff (key)
) STRICT;

-- Numbers begin with seven digits: WO1000001.
INSERT INTO sqlite_sequence (name, seq) VALUES ('tickets', 1000000);

CREATE INDEX tickets_newest ON tickets (account, created_at, number);
CREATE INDEX tickets_by_status ON tickets (account, status, created_at, number);
CREATE INDEX tickets_by_author ON tickets (account, created_by, created_at, number);
CREATE INDEX tickets_queue ON tickets (environment, created_at, number);
CREATE INDEX tickets_open ON tickets (environment, status, updated_at)
    WHERE status IN ('New', 'In Progress', 'Cancellation Requested');

-- How many tickets there are of each kind, kept in the transaction that changes them, so that a list's total costs
-- the same after ten years as on the first day.
CREATE TABLE totals (
    account INTEGER NOT NULL,
    site TEXT NOT NULL,
    status TEXT NOT NULL,
    request_type TEXT NOT NULL,
    category TEXT NOT NULL,
    tickets INTEGER NOT NULL,
    PRIMARY KEY (account, site, status, request_type, category)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER totals_count_new AFTER INSERT ON tickets BEGIN
    INSERT INTO totals (account, site, status, request_type, category, tickets)
    VALUES (new.account, new.site, new.status, new.request_type, COALESCE(new.category, ''), 1)
    ON CONFLICT (account, site, status, request_type, category) DO UPDATE SET tickets = tickets + 1;
END;

CREATE TRIGGER totals_count_changed AFTER UPDATE OF status, site, request_type, category ON tickets BEGIN
    UPDATE totals
    SET tickets = tickets - 1
    WHERE account = old.account
    AND site = old.site
    AND status = old.status
    AND request_type = old.request_type
    AND category = COALESCE(old.category, '');
    INSERT INTO totals (account, site, status, request_type, category, tickets)
    VALUES (new.account, new.site, new.status, new.request_type, COALESCE(new.category, ''), 1)
    ON CONFLICT (account, site, status, request_type, category) DO UPDATE SET tickets = tickets + 1;
END;

CREATE TABLE comments (
    key INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    ticket INTEGER NOT NULL REFERENCES tickets (number),
    body TEXT NOT NULL,
    written_by TEXT NOT NULL,
    written_at INTEGER NOT NULL,
    internal INTEGER NOT NULL
) STRICT;

CREATE INDEX comments_of_ticket ON comments (ticket, account, key);

CREATE TABLE attachments (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account INTEGER NOT NULL,
    ticket INTEGER NOT NULL REFERENCES tickets (number),
    file TEXT NOT NULL UNIQUE,
    filename TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    added_by TEXT NOT NULL,
    added_at INTEGER NOT NULL
) STRICT;

CREATE INDEX attachments_of_ticket ON attachments (ticket, account, key);

-- What happened, for ever: rows are added and never touched again.
CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    environment TEXT NOT NULL,
    account INTEGER,
    ticket INTEGER,
    type TEXT NOT NULL,
    about TEXT NOT NULL,
    done_by TEXT NOT NULL,
    user INTEGER,
    staff INTEGER,
    happened_at INTEGER NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL
) STRICT;

CREATE INDEX events_of_ticket ON events (ticket, account, id) WHERE ticket IS NOT NULL;

CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN
    SELECT RAISE(ABORT, 'events are never changed');
END;

CREATE TRIGGER events_are_kept BEFORE DELETE ON events BEGIN
    SELECT RAISE(ABORT, 'events are never removed');
END;
