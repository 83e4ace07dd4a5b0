-- Lists at any length: indexes that answer filters without the rows, and exact totals that nobody waits for.

-- The columns of the filters ride along, so that a page is found in the index alone.
CREATE INDEX tickets_newest ON tickets (account, created_at, number)
    INCLUDE (site, status, request_type, category);
CREATE INDEX tickets_by_author ON tickets (account, created_by, created_at, number);
CREATE INDEX tickets_by_kind ON tickets (account, site, status, request_type, category, created_at, number);
CREATE INDEX tickets_queue ON tickets (environment, created_at, number);
CREATE INDEX tickets_open ON tickets (environment, status, created_at, number)
    WHERE status IN ('New', 'In Progress', 'Cancellation Requested');
CREATE INDEX tickets_of_staff ON tickets (assigned_to, created_at, number) WHERE assigned_to IS NOT NULL;

-- An index-only look needs pages that were vacuumed since their last change: rather a little every while than much
-- once a week, and the planner's figures with it.
ALTER TABLE tickets SET (
    autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_insert_scale_factor = 0.01,
    autovacuum_analyze_scale_factor = 0.02
);

-- How many tickets there are of each kind. One row that everybody counts up would be a queue of its own, so a
-- change is only noted, and `tidy` folds the notes. `totals` is both together, and exact at every moment.
CREATE TABLE folded_totals (
    account BIGINT NOT NULL,
    site TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    request_type TEXT COLLATE "C" NOT NULL,
    category TEXT COLLATE "C" NOT NULL,
    tickets BIGINT NOT NULL,
    PRIMARY KEY (account, site, status, request_type, category)
) WITH (fillfactor = 70);

-- The same totals, cut into slices of 2^20 seconds (12 days) of opening: where in time a page lies.
CREATE TABLE folded_slices (
    account BIGINT NOT NULL,
    slice BIGINT NOT NULL,
    site TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    request_type TEXT COLLATE "C" NOT NULL,
    category TEXT COLLATE "C" NOT NULL,
    tickets BIGINT NOT NULL,
    PRIMARY KEY (account, slice, site, status, request_type, category) INCLUDE (tickets)
) WITH (fillfactor = 90);

-- `tickets` is the change of the total, `sliced` that of the slice: the same, but for mending.
CREATE TABLE total_changes (
    key BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account BIGINT NOT NULL,
    slice BIGINT NOT NULL,
    site TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    request_type TEXT COLLATE "C" NOT NULL,
    category TEXT COLLATE "C" NOT NULL,
    tickets BIGINT NOT NULL,
    sliced BIGINT NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

CREATE INDEX total_changes_of_account ON total_changes (account);

CREATE VIEW totals WITH (security_invoker = true) AS
    SELECT account, site, status, request_type, category, tickets
    FROM folded_totals
    UNION ALL
    SELECT account, site, status, request_type, category, tickets
    FROM total_changes;

CREATE VIEW slices WITH (security_invoker = true) AS
    SELECT account, slice, site, status, request_type, category, tickets
    FROM folded_slices
    UNION ALL
    SELECT account, slice, site, status, request_type, category, sliced
    FROM total_changes;

CREATE FUNCTION totals_count_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO total_changes (account, slice, site, status, request_type, category, tickets, sliced)
    SELECT account, created_at >> 20, site, status, request_type, category, COUNT(*), COUNT(*)
    FROM added
    GROUP BY account, created_at >> 20, site, status, request_type, category;
    RETURN NULL;
END $$;

CREATE TRIGGER totals_count_new AFTER INSERT ON tickets
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION totals_count_new();

CREATE FUNCTION totals_count_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO total_changes (account, slice, site, status, request_type, category, tickets, sliced)
    VALUES
        (old.account, old.created_at >> 20, old.site, old.status, old.request_type, old.category, -1, -1),
        (new.account, new.created_at >> 20, new.site, new.status, new.request_type, new.category, 1, 1);
    RETURN NULL;
END $$;

CREATE TRIGGER totals_count_changed AFTER UPDATE ON tickets
    FOR EACH ROW
    WHEN ((old.account, old.created_at, old.site, old.status, old.request_type, old.category)
        IS DISTINCT FROM (new.account, new.created_at, new.site, new.status, new.request_type, new.category))
    EXECUTE FUNCTION totals_count_changed();

-- The engine's upkeep: fold some thousand notes; say how many there were. One statement, so that every reader sees
-- each note either here or there; in the order of the key, so that two who fold at once cannot lock each other out.
CREATE FUNCTION tidy() RETURNS BIGINT LANGUAGE sql AS $$
    WITH taken AS (
        DELETE FROM total_changes
        WHERE key IN (SELECT key FROM total_changes ORDER BY key LIMIT 50000 FOR UPDATE SKIP LOCKED)
        RETURNING account, slice, site, status, request_type, category, tickets, sliced
    ), totalled AS (
        INSERT INTO folded_totals (account, site, status, request_type, category, tickets)
        SELECT account, site, status, request_type, category, SUM(tickets)
        FROM taken
        GROUP BY account, site, status, request_type, category
        ORDER BY account, site, status, request_type, category
        ON CONFLICT (account, site, status, request_type, category)
            DO UPDATE SET tickets = folded_totals.tickets + excluded.tickets
    ), sliced AS (
        INSERT INTO folded_slices (account, slice, site, status, request_type, category, tickets)
        SELECT account, slice, site, status, request_type, category, SUM(sliced)
        FROM taken
        GROUP BY account, slice, site, status, request_type, category
        ORDER BY account, slice, site, status, request_type, category
        ON CONFLICT (account, slice, site, status, request_type, category)
            DO UPDATE SET tickets = folded_slices.tickets + excluded.tickets
    )
    SELECT COUNT(*) FROM taken
$$;

-- Who does the house's regular work just now.
CREATE TABLE leases (
    name TEXT COLLATE "C" PRIMARY KEY,
    holder TEXT COLLATE "C" NOT NULL,
    held_until BIGINT NOT NULL
);
