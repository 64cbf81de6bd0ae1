-- Baseline A: what this database can do when every credit is one call of one stored function, on
-- tables with the columns and the indexes of the ledger's, without its checks and triggers.
CREATE SCHEMA baseline;
SET search_path = baseline;
CREATE TABLE account (LIKE points.account INCLUDING INDEXES) WITH (fillfactor = 70);
CREATE TABLE transaction (LIKE points.transaction INCLUDING INDEXES);
CREATE TABLE operation (LIKE points.operation INCLUDING INDEXES);

CREATE FUNCTION credit(p_account text, p_amount bigint, p_key text) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
    v_id   uuid := uuidv7();
    v_row  account;
    v_key  uuid := points.operation_key('connect', p_key);
BEGIN
    INSERT INTO operation (key, account, bucket, transaction_id)
    VALUES (v_key, p_account, 0, v_id)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN (SELECT transaction_id FROM operation WHERE key = v_key);
    END IF;
    INSERT INTO account AS a
        (account, bucket, seq, available, held, pending, debt, expiring, head, last_at, frozen)
    VALUES (p_account, 0, 1, p_amount, 0, 0, 0, 0, sha256(p_key::bytea), now(), false)
    ON CONFLICT (account) DO UPDATE
    SET seq = a.seq + 1, available = a.available + p_amount, head = sha256(a.head || p_key::bytea),
        last_at = now()
    RETURNING * INTO v_row;
    INSERT INTO transaction
        (transaction_id, position, account, bucket, seq, type, source, external_id, amount,
         available_change, held_change, pending_change, debt_change, counter, counter_change,
         available, held, pending, debt, created_at, hash, reason)
    VALUES
        (v_id, greatest(pg_current_xact_id()::text::bigint,
                        pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1),
         p_account, 0, v_row.seq, 'credit', 'connect', p_key, p_amount, p_amount, 0, 0, 0,
         'issued:connect', -p_amount, v_row.available, 0, 0, 0, now(), v_row.head, 'bench');
    RETURN v_id;
END $$;
