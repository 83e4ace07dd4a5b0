-- Lists at any length: indexes that answer filters without the rows, and totals that take changes by a name which
-- both engines have. On PostgreSQL `total_changes` is a table that is folded later; here it is a door to the totals.

-- A ticket that came in by another channel may have no category: '' says so.
UPDATE tickets SET category = '' WHERE category IS NULL;

DROP INDEX tickets_newest;
DROP INDEX tickets_by_status;
DROP INDEX tickets_open;

-- The columns of the filters ride along, so that a page is found in the index alone.
CREATE INDEX tickets_newest ON tickets (account, created_at, number, site, status, request_type, category);
CREATE INDEX tickets_by_status ON tickets (account, status, created_at, number, site, request_type, category);
CREATE INDEX tickets_by_kind ON tickets (account, site, status, request_type, category, created_at, number);
CREATE INDEX tickets_open ON tickets (environment, status, created_at, number)
    WHERE status IN ('New', 'In Progress', 'Cancellation Requested');
CREATE INDEX tickets_of_staff ON tickets (assigned_to, created_at, number) WHERE assigned_to IS NOT NULL;

-- The same totals, cut into slices of 2^20 seconds (12 days) of opening: where in time a page lies.
CREATE TABLE slices (
    account INTEGER NOT NULL,
    slice INTEGER NOT NULL,
    site TEXT NOT NULL,
    status TEXT NOT NULL,
    request_type TEXT NOT NULL,
    category TEXT NOT NULL,
    tickets INTEGER NOT NULL,
    PRIMARY KEY (account, slice, site, status, request_type, category)
) STRICT, WITHOUT ROWID;

INSERT INTO slices (account, slice, site, status, request_type, category, tickets)
SELECT account, created_at >> 20, site, status, request_type, category, COUNT(*)
FROM tickets
GROUP BY account, created_at >> 20, site, status, request_type, category;

-- `tickets` is the change of the total, `sliced` that of the slice: the same, but for mending.
CREATE VIEW total_changes (account, slice, site, status, request_type, category, tickets, sliced) AS
    SELECT account, slice, site, status, request_type, category, tickets, tickets FROM slices WHERE tickets IS NULL;

CREATE TRIGGER total_changes_fold INSTEAD OF INSERT ON total_changes BEGIN
    INSERT INTO totals (account, site, status, request_type, category, tickets)
    VALUES (new.account, new.site, new.status, new.request_type, new.category, new.tickets)
    ON CONFLICT (account, site, status, request_type, category) DO UPDATE SET tickets = tickets + excluded.tickets;
    INSERT INTO slices (account, slice, site, status, request_type, category, tickets)
    VALUES (new.account, new.slice, new.site, new.status, new.request_type, new.category, new.sliced)
    ON CONFLICT (account, slice, site, status, request_type, category)
        DO UPDATE SET tickets = tickets + excluded.tickets;
END;

DROP TRIGGER totals_count_new;
DROP TRIGGER totals_count_changed;

CREATE TRIGGER totals_count_new AFTER INSERT ON tickets BEGIN
    INSERT INTO total_changes (account, slice, site, status, request_type, category, tickets, sliced)
    VALUES (new.account, new.created_at >> 20, new.site, new.status, new.request_type, new.category, 1, 1);
END;

CREATE TRIGGER totals_count_changed AFTER UPDATE OF account, created_at, site, status, request_type, category ON tickets
BEGIN
    INSERT INTO total_changes (account, slice, site, status, request_type, category, tickets, sliced)
    VALUES
        (old.account, old.created_at >> 20, old.site, old.status, old.request_type, old.category, -1, -1),
        (new.account, new.created_at >> 20, new.site, new.status, new.request_type, new.category, 1, 1);
END;

-- Who does the house's regular work just now.
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    held_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
