-- Lists at any length: indexes that answer filters without the rows, and totals that take changes by a name which
-- both engines have. On PostgreSQL `total_changes` is a table that is folded later; here it is a door to `totals`.

-- A ticket that came in by another channel may have no category: '' says so.
UPDATE tickets SET category = '' WHERE category IS NULL;

DROP INDEX tickets_newest;
DROP INDEX tickets_by_status;
DROP INDEX tickets_by_author;
DROP INDEX tickets_open;

CREATE INDEX tickets_newest ON tickets (account, created_at, number, site, status, request_type, category);
CREATE INDEX tickets_by_status ON tickets (account, status, created_at, number, site, request_type, category);
CREATE INDEX tickets_by_author
    ON tickets (account, created_by, created_at, number, site, status, request_type, category);
CREATE INDEX tickets_by_kind ON tickets (account, site, status, request_type, category, created_at, number);
CREATE INDEX tickets_open ON tickets (environment, status, created_at, number)
    WHERE status IN ('New', 'In Progress', 'Cancellation Requested');
CREATE INDEX tickets_of_staff ON tickets (assigned_to, created_at, number) WHERE assigned_to IS NOT NULL;

CREATE VIEW total_changes (account, site, status, request_type, category, tickets) AS
    SELECT account, site, status, request_type, category, tickets FROM totals WHERE tickets IS NULL;

CREATE TRIGGER total_changes_fold INSTEAD OF INSERT ON total_changes BEGIN
    INSERT INTO totals (account, site, status, request_type, category, tickets)
    VALUES (new.account, new.site, new.status, new.request_type, new.category, new.tickets)
    ON CONFLICT (account, site, status, request_type, category) DO UPDATE SET tickets = tickets + excluded.tickets;
END;

-- Who does the house's regular work just now.
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    held_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
