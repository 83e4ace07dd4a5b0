-- Apps that people make for themselves; who asks to be let in.

-- While a secret is replaced, two are good: from `rotated_at` on the next one, too, and after some days only that.
ALTER TABLE apps
    ADD COLUMN next_hash BYTEA,
    ADD COLUMN rotated_at BIGINT,
    ADD COLUMN made_at BIGINT,
    ADD COLUMN used_at BIGINT;

-- Requests that were let in, by days since 1970, UTC.
CREATE TABLE app_calls (
    app BIGINT NOT NULL REFERENCES apps (key),
    day BIGINT NOT NULL,
    calls BIGINT NOT NULL,
    PRIMARY KEY (app, day)
);
