-- Answers that are kept, so that a request that is sent again is answered as before and done once. They belong to the
-- app that asked, and lie on the account that it asked for (0: none, for staff). Nothing in `sealed` can be read
-- without the master key; empty is a request that is not answered yet, in its own transaction only.
CREATE TABLE repeats (
    app TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    account BIGINT NOT NULL,
    asked BYTEA NOT NULL,
    body BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    kept_at BIGINT NOT NULL,
    PRIMARY KEY (app, key)
);

CREATE INDEX repeats_oldest ON repeats (kept_at);

-- Behind the second wall with them, beside whatever stands there by now.
DO $$
BEGIN
    EXECUTE format(
        'CREATE OR REPLACE VIEW walled_tables AS SELECT unnest(%L::TEXT[]) AS name',
        (SELECT array_append(array_agg(name), 'repeats') FROM walled_tables)
    );
END $$;
