-- Answers that are kept, so that a request that is sent again is answered as before and done once. They belong to the
-- app that asked, and lie on the account that it asked for (0: none, for staff). Nothing in `sealed` can be read
-- without the master key; empty is a request that is not answered yet, in its own transaction only.
CREATE TABLE repeats (
    app TEXT NOT NULL,
    key TEXT NOT NULL,
    account INTEGER NOT NULL,
    asked BLOB NOT NULL,
    body BLOB NOT NULL,
    sealed BLOB NOT NULL,
    kept_at INTEGER NOT NULL,
    PRIMARY KEY (app, key)
) STRICT;

CREATE INDEX repeats_oldest ON repeats (kept_at);
