-- What was done about an account's people and programs, to be shown to its administrators.

CREATE INDEX events_about_account ON events (account, id) WHERE ticket IS NULL;
