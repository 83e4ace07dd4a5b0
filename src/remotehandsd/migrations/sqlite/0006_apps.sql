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
