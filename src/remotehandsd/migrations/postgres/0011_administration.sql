-- What was done in an environment, to be shown to its administrators.

CREATE INDEX events_of_administration ON events (environment, id) WHERE ticket IS NULL;
