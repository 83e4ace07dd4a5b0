-- Webhooks: customers' programs are told what happened, by requests to addresses that they name.

-- `types` is '' for every event type, or a list joined by blanks. `sealed` holds the secrets, those of a rotation that
-- is not over included. `failing_since` is the time of the first of the attempts that have all failed.
CREATE TABLE webhooks (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    environment TEXT NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts (key),
    url TEXT NOT NULL,
    types TEXT NOT NULL,
    description TEXT NOT NULL,
    active INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    made_by INTEGER,
    made_at INTEGER NOT NULL,
    failing_since INTEGER,
    failed_at INTEGER,
    warned_at INTEGER,
    removed_at INTEGER
) STRICT;

CREATE INDEX webhooks_of_account ON webhooks (account, key) WHERE removed_at IS NULL;

-- What is sent: the bytes are fixed here, once for all of an account's webhooks and for every attempt.
CREATE TABLE webhook_messages (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL,
    event TEXT NOT NULL,
    type TEXT NOT NULL,
    body BLOB NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;

CREATE INDEX webhook_messages_by_age ON webhook_messages (made_at, key);

-- One message to one webhook. A job of kind 'webhook' is about it as long as it is to be sent.
CREATE TABLE webhook_deliveries (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL,
    webhook INTEGER NOT NULL REFERENCES webhooks (key),
    message INTEGER NOT NULL REFERENCES webhook_messages (key),
    made_at INTEGER NOT NULL,
    UNIQUE (message, webhook)
) STRICT;

CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (made_at, key);
CREATE INDEX webhook_deliveries_of_webhook ON webhook_deliveries (webhook);

CREATE TABLE webhook_attempts (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL,
    webhook INTEGER NOT NULL,
    delivery INTEGER NOT NULL,
    attempted_at INTEGER NOT NULL,
    status INTEGER,
    milliseconds INTEGER NOT NULL,
    error TEXT NOT NULL
) STRICT;

CREATE INDEX webhook_attempts_newest ON webhook_attempts (webhook, account, key);
CREATE INDEX webhook_attempts_of_delivery ON webhook_attempts (delivery);

INSERT INTO sqlite_sequence (name, seq) VALUES ('webhook_messages', 0);
INSERT INTO sqlite_sequence (name, seq) VALUES ('webhook_deliveries', 0);
