-- The ledger. Every table carries the account and its bucket (0 … 4095, a stable hash of the
-- account's name), so that one day each can be distributed by it. Nothing here joins across
-- accounts, and nothing rests on one global sequence.

CREATE TABLE account (
    account   text COLLATE "C" PRIMARY KEY,
    bucket    smallint    NOT NULL CHECK (bucket BETWEEN 0 AND 4095),
    seq       bigint      NOT NULL CHECK (seq >= 0),
    available bigint      NOT NULL CHECK (available >= 0),
    held      bigint      NOT NULL CHECK (held >= 0),
    pending   bigint      NOT NULL CHECK (pending >= 0),
    debt      bigint      NOT NULL CHECK (debt BETWEEN 0 AND 9007199254740991),
    expiring  bigint      NOT NULL CHECK (expiring BETWEEN 0 AND available),
    head      bytea       NOT NULL CHECK (length(head) = 32),
    last_at   timestamptz NOT NULL,
    frozen    boolean     NOT NULL DEFAULT false,
    CHECK (available + held + pending <= 9007199254740991)
) WITH (fillfactor = 70); -- every posting updates the row: leave room to do so in place
COMMENT ON TABLE account IS 'An account as it stands after its newest transaction';
COMMENT ON COLUMN account.expiring IS 'The part of available that lies in lots with an expiry';
COMMENT ON COLUMN account.head IS 'The hash of the newest transaction';

-- History. Rows are only ever added; see the trigger below.
CREATE TABLE transaction (
    transaction_id   uuid        NOT NULL PRIMARY KEY,
    position         bigint      NOT NULL,
    account          text COLLATE "C" NOT NULL,
    bucket           smallint    NOT NULL,
    seq              bigint      NOT NULL CHECK (seq > 0),
    type             text COLLATE "C" NOT NULL,
    source           text COLLATE "C" NOT NULL,
    external_id      text COLLATE "C" NOT NULL,
    amount           bigint      NOT NULL CHECK (amount >= 0),
    available_change bigint      NOT NULL,
    held_change      bigint      NOT NULL,
    pending_change   bigint      NOT NULL,
    debt_change      bigint      NOT NULL,
    counter          text COLLATE "C" NOT NULL,
    counter_change   bigint      NOT NULL,
    available        bigint      NOT NULL CHECK (available >= 0),
    held             bigint      NOT NULL CHECK (held >= 0),
    pending          bigint      NOT NULL CHECK (pending >= 0),
    debt             bigint      NOT NULL CHECK (debt >= 0),
    created_at       timestamptz NOT NULL,
    hash             bytea       NOT NULL CHECK (length(hash) = 32),
    hold_id          uuid,
    hold_status      text COLLATE "C",
    hold_amount      bigint,
    hold_captured    bigint,
    hold_released    bigint,
    hold_expires_at  timestamptz,
    refers_to        uuid,
    requested_amount bigint,
    expires_at       timestamptz,
    available_at     timestamptz,
    expires_in       integer,
    final            boolean,
    policy           text COLLATE "C",
    lots             uuid[],
    lot_changes      bigint[],
    lot_charges      bigint[],
    maker            text COLLATE "C",
    checker          text COLLATE "C",
    reason           text COLLATE "C",
    metadata         json,
    UNIQUE (account, seq),
    -- Double entry: what the account gains, the ledger's own account loses.
    CONSTRAINT entries_sum_to_zero CHECK (
        available_change + held_change + pending_change - debt_change + counter_change = 0),
    CONSTRAINT no_one_approves_their_own CHECK (maker <> checker),
    CONSTRAINT adjustment_is_approved CHECK ((type = 'adjust') = (maker IS NOT NULL AND checker IS NOT NULL)),
    -- The hold's part of the table of transitions (docs/reference/states.md).
    CONSTRAINT hold_transitions CHECK (
        CASE type
            WHEN 'hold' THEN hold_status = 'active'
            WHEN 'capture' THEN hold_status IN ('active', 'captured')
            WHEN 'release' THEN hold_status = 'released'
            WHEN 'expire_hold' THEN hold_status = 'expired'
            ELSE hold_status IS NULL
        END),
    CONSTRAINT hold_is_whole CHECK (
        hold_status IS NULL
        OR (hold_captured + hold_released <= hold_amount
            AND (hold_status = 'active') = (hold_captured + hold_released < hold_amount)))
);
COMMENT ON TABLE transaction IS 'Every posted operation, immutable, one row each';
COMMENT ON COLUMN transaction.position IS
    'Commit order: the greater of the writer''s transaction id and its snapshot''s end, taken while it '
    'holds the account. Below pg_snapshot_xmin(pg_current_snapshot()) no row can appear any more, and '
    'by (position, account, seq) an account''s transactions come in the order of seq.';

CREATE INDEX transaction_position ON transaction (position);
CREATE INDEX transaction_refers_to ON transaction (refers_to) WHERE refers_to IS NOT NULL;

-- Random text makes a wide index, so external ids are registered by half of their SHA-256.
CREATE FUNCTION operation_key(source text, external_id text) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN encode(substring(sha256(convert_to(source || ' ' || external_id, 'UTF8')) for 16), 'hex')::uuid;

-- The register of external ids: one outcome each, for ever. What was posted is in transaction, what
-- was refused (transaction_id IS NULL) in refusal.
CREATE TABLE operation (
    key            uuid     NOT NULL PRIMARY KEY,
    transaction_id uuid,
    account        text COLLATE "C" NOT NULL,
    bucket         smallint NOT NULL
);
COMMENT ON TABLE operation IS 'One row for each external id that has an outcome';
COMMENT ON COLUMN operation.key IS 'operation_key(source, external_id)';

CREATE TABLE refusal (
    key              uuid        NOT NULL PRIMARY KEY,
    source           text COLLATE "C" NOT NULL,
    external_id      text COLLATE "C" NOT NULL,
    account          text COLLATE "C" NOT NULL,
    bucket           smallint    NOT NULL,
    type             text COLLATE "C" NOT NULL,
    code             text COLLATE "C" NOT NULL,
    created_at       timestamptz NOT NULL,
    requested_amount bigint,
    expires_at       timestamptz,
    available_at     timestamptz,
    expires_in       integer,
    final            boolean,
    policy           text COLLATE "C",
    target_hold      uuid,
    target_transaction uuid,
    available        bigint,
    remaining        bigint,
    hold_id          uuid,
    hold_status      text COLLATE "C",
    hold_amount      bigint,
    hold_captured    bigint,
    hold_released    bigint,
    hold_expires_at  timestamptz,
    request_id       text COLLATE "C"
);
COMMENT ON TABLE refusal IS 'Every operation that the ledger refused, so that it stays refused';

CREATE TABLE hold (
    hold_id     uuid        NOT NULL PRIMARY KEY,
    account     text COLLATE "C" NOT NULL,
    bucket      smallint    NOT NULL,
    source      text COLLATE "C" NOT NULL,
    status      text COLLATE "C" NOT NULL,
    amount      bigint      NOT NULL CHECK (amount > 0),
    captured    bigint      NOT NULL CHECK (captured >= 0),
    released    bigint      NOT NULL CHECK (released >= 0),
    expires_at  timestamptz NOT NULL,
    created_at  timestamptz NOT NULL,
    lots        uuid[]      NOT NULL,
    lot_amounts bigint[]    NOT NULL,
    CONSTRAINT hold_states CHECK (status IN ('active', 'captured', 'released', 'expired')),
    CONSTRAINT hold_is_whole CHECK (
        captured + released <= amount AND (status = 'active') = (captured + released < amount)),
    CHECK (cardinality(lots) = cardinality(lot_amounts))
) WITH (fillfactor = 80);
COMMENT ON COLUMN hold.lots IS
    'Where the points still on hold came from, in the order of taking; NULL is points that never expire';
CREATE INDEX hold_account ON hold (account, hold_id);
-- The indexes named due are for finding what is due and for nothing else. The condition that is always
-- true keeps the planner from taking them for a look-up by account or id while the statistics say that
-- a table is small: only a comparison with expires_at or available_at implies it.
CREATE INDEX hold_due ON hold (expires_at) WHERE status = 'active' AND expires_at IS NOT NULL;

CREATE TABLE lot (
    lot_id       uuid        NOT NULL PRIMARY KEY,
    account      text COLLATE "C" NOT NULL,
    bucket       smallint    NOT NULL,
    source       text COLLATE "C" NOT NULL,
    seq          bigint      NOT NULL,
    amount       bigint      NOT NULL CHECK (amount > 0),
    remaining    bigint      NOT NULL CHECK (remaining BETWEEN 0 AND amount),
    status       text COLLATE "C" NOT NULL,
    expires_at   timestamptz,
    available_at timestamptz,
    CONSTRAINT lot_states CHECK (status IN ('pending', 'open', 'merged', 'expired', 'reversed')),
    CONSTRAINT lot_has_a_reason CHECK (expires_at IS NOT NULL OR available_at IS NOT NULL),
    CONSTRAINT open_lot_expires CHECK (status <> 'open' OR expires_at IS NOT NULL),
    CONSTRAINT ended_lot_is_empty CHECK (status IN ('pending', 'open') OR remaining = 0),
    CHECK (expires_at > available_at)
) WITH (fillfactor = 80);
COMMENT ON TABLE lot IS 'Points that came in together and share their dates; named by the credit that opened them';
CREATE INDEX lot_spending ON lot (account, expires_at, seq) WHERE status = 'open' AND remaining > 0;
CREATE INDEX lot_expiry_due ON lot (expires_at)
    WHERE status = 'open' AND remaining > 0 AND expires_at IS NOT NULL;
CREATE INDEX lot_activation_due ON lot (available_at)
    WHERE status = 'pending' AND remaining > 0 AND available_at IS NOT NULL;

CREATE TABLE credit_day (
    source text COLLATE "C" NOT NULL,
    day    date   NOT NULL,
    points bigint NOT NULL,
    PRIMARY KEY (source, day)
);
COMMENT ON TABLE credit_day IS 'Points credited by a source on a UTC day; kept only where a daily ceiling is set';

CREATE TABLE freezing (
    account    text COLLATE "C" NOT NULL,
    bucket     smallint    NOT NULL,
    frozen     boolean     NOT NULL,
    reason     text        NOT NULL,
    actor      text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE freezing IS 'Who froze or unfroze which account, when and why';
CREATE INDEX freezing_account ON freezing (account, created_at);

CREATE TABLE api_key (
    key_hash   bytea       NOT NULL PRIMARY KEY CHECK (length(key_hash) = 32),
    source     text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    revoked_at timestamptz
);
COMMENT ON TABLE api_key IS 'SHA-256 of the API keys; the keys themselves are nowhere';

CREATE TABLE sandbox_clock (
    only_row boolean  NOT NULL PRIMARY KEY DEFAULT true CHECK (only_row),
    advance  interval NOT NULL DEFAULT '0'
);
INSERT INTO sandbox_clock DEFAULT VALUES;
COMMENT ON TABLE sandbox_clock IS 'How far the sandbox has moved the clock forward; 0 outside a sandbox';

-- History cannot be changed: by privilege for the service's role, and by trigger for its superiors.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME;
END $$;
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON transaction
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON operation
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON refusal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON transaction, operation, refusal FROM PUBLIC, CURRENT_USER;
