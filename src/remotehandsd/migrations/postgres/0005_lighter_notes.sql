-- Notes on the totals that cost a create less: a trigger of the row, and one index where there were two.

-- A trigger of the statement gathers its rows in a table of their own and groups them: for the single row of a create
-- that was dear. Where many rows come at once there are more notes now; they are folded as before.
CREATE OR REPLACE FUNCTION totals_count_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO total_changes (account, slice, site, status, request_type, category, tickets, sliced)
    VALUES (new.account, new.created_at >> 20, new.site, new.status, new.request_type, new.category, 1, 1);
    RETURN NULL;
END $$;

DROP TRIGGER totals_count_new ON tickets;
CREATE TRIGGER totals_count_new AFTER INSERT ON tickets FOR EACH ROW EXECUTE FUNCTION totals_count_new();

-- Looked up by account only; `key` makes it unique.
DROP INDEX total_changes_of_account;
ALTER TABLE total_changes DROP CONSTRAINT total_changes_pkey, ADD PRIMARY KEY (account, key);

-- As before, but for the order: whoever folds skips what another one folds, so any notes will do. They are never
-- updated, so each stays where it is until it is folded.
CREATE OR REPLACE FUNCTION tidy() RETURNS BIGINT LANGUAGE sql AS $$
    WITH taken AS (
        DELETE FROM total_changes
        WHERE ctid = ANY (ARRAY(SELECT ctid FROM total_changes LIMIT 50000 FOR UPDATE SKIP LOCKED))
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
