-- Connect: events in, rules, RewardActions out.

CREATE TABLE api_key (
    key_hash   bytea       PRIMARY KEY CHECK (octet_length(key_hash) = 32),
    source     text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);

-- Rules: numbered revisions that never change, and when each came into force.
CREATE TABLE rule_revision (
    rule       text COLLATE "C" NOT NULL,
    revision   integer          NOT NULL CHECK (revision > 0),
    yaml       text             NOT NULL,
    author     text COLLATE "C" NOT NULL,
    created_at timestamptz      NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (rule, revision),
    UNIQUE (rule, revision, author)
);

CREATE TABLE activation (
    activation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rule          text COLLATE "C" NOT NULL,
    revision      integer          NOT NULL,
    author        text COLLATE "C" NOT NULL,
    activated_by  text COLLATE "C" NOT NULL,
    in_force_from timestamptz      NOT NULL,
    activated_at  timestamptz      NOT NULL DEFAULT clock_timestamp(),
    FOREIGN KEY (rule, revision, author) REFERENCES rule_revision (rule, revision, author),
    CONSTRAINT four_eyes CHECK (activated_by <> author)
);
COMMENT ON TABLE activation IS
    'Of a rule, the revision in force at an instant is that of the newest row whose in_force_from is '
    'not after it. An event keeps the newest activation_id of when it was decided, so what was in '
    'force can be told for ever.';

-- Events as they came, each once.
CREATE TABLE event (
    event_seq   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source      text COLLATE "C" NOT NULL,
    id          text COLLATE "C" NOT NULL,
    type        text COLLATE "C" NOT NULL,
    time        timestamptz      NOT NULL,
    publisher   text COLLATE "C" NOT NULL,
    hash        bytea            NOT NULL CHECK (octet_length(hash) = 32),
    body        json             NOT NULL,
    state       text COLLATE "C" NOT NULL,
    ruleset     bigint           NOT NULL,
    received_at timestamptz      NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (source, id),
    CONSTRAINT event_states CHECK (state IN ('processed', 'dead'))
);
CREATE INDEX event_type_time ON event (type, time);
COMMENT ON COLUMN event.hash IS 'SHA-256 of the event with its keys sorted: tells a duplicate from a conflict';
COMMENT ON COLUMN event.ruleset IS 'The newest activation when it was decided; 0 for none';

-- What could not be applied, and why; redriven once the cause is mended.
CREATE TABLE dead_letter (
    dead_letter_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_seq      bigint REFERENCES event,
    source         text COLLATE "C" NOT NULL,
    id             text COLLATE "C" NOT NULL,
    type           text COLLATE "C" NOT NULL,
    origin         text             NOT NULL,
    reason         text             NOT NULL,
    body           text             NOT NULL,
    state          text COLLATE "C" NOT NULL DEFAULT 'open',
    created_at     timestamptz      NOT NULL DEFAULT clock_timestamp(),
    closed_at      timestamptz,
    CONSTRAINT dead_letter_states CHECK (state IN ('open', 'redriven'))
);
CREATE INDEX dead_letter_open ON dead_letter (dead_letter_id) WHERE state = 'open';
CREATE INDEX dead_letter_event ON dead_letter (event_seq);
COMMENT ON COLUMN dead_letter.event_seq IS 'Null where it could not even be kept as an event';

-- How a cancelling event finds what it takes back. The name of a key is the type of the earlier
-- event and the expression that gave the key.
CREATE TABLE event_key (
    name      text COLLATE "C" NOT NULL,
    key       text COLLATE "C" NOT NULL,
    event_seq bigint           NOT NULL,
    PRIMARY KEY (name, key, event_seq)
);

CREATE TABLE cancellation (
    name      text COLLATE "C" NOT NULL,
    key       text COLLATE "C" NOT NULL,
    event_seq bigint           NOT NULL,
    rule      text COLLATE "C" NOT NULL,
    revision  integer          NOT NULL,
    rules     text[]           NOT NULL,
    policy    text COLLATE "C" NOT NULL,
    reason    text COLLATE "C" NOT NULL,
    PRIMARY KEY (name, key, event_seq, rule)
);
COMMENT ON TABLE cancellation IS
    'Every cancelling event, also where what it cancels has not come yet: then it is a tombstone';

-- What is to be given, frozen when the event was decided. No foreign keys to events: both are only
-- ever written together, thousands a second.
CREATE TABLE reward_action (
    action_id      uuid             PRIMARY KEY,
    event_seq      bigint           NOT NULL,
    rule           text COLLATE "C" NOT NULL,
    revision       integer          NOT NULL,
    reward_index   smallint         NOT NULL,
    account        text COLLATE "C" NOT NULL,
    type           text COLLATE "C" NOT NULL,
    points         bigint           NOT NULL CHECK (points BETWEEN 1 AND 1000000000000),
    reason         text COLLATE "C" NOT NULL,
    available_at   timestamptz,
    expires_at     timestamptz,
    state          text COLLATE "C" NOT NULL,
    change         text COLLATE "C" NOT NULL,
    generation     integer          NOT NULL DEFAULT 0,
    attempts       integer          NOT NULL DEFAULT 0,
    next_at        timestamptz      NOT NULL DEFAULT clock_timestamp(),
    transaction_id uuid,
    code           text COLLATE "C",
    detail         text,
    created_at     timestamptz      NOT NULL DEFAULT clock_timestamp(),
    settled_at     timestamptz,
    -- The table of transitions (docs/reference/connect-states.md): which change leads to which state.
    CONSTRAINT action_transitions CHECK (
        CASE change
            WHEN 'decide' THEN state IN ('pending', 'refused')
            WHEN 'credit' THEN state = 'credited'
            WHEN 'refuse' THEN state = 'refused'
            WHEN 'give_up' THEN state = 'dead'
            WHEN 'retry' THEN state = 'pending'
            WHEN 'reverse' THEN state = 'reversed'
            ELSE false
        END),
    CONSTRAINT credited_by_a_transaction CHECK (
        (state IN ('credited', 'reversed')) = (transaction_id IS NOT NULL))
) WITH (fillfactor = 80);
CREATE INDEX reward_action_event ON reward_action (event_seq, action_id);
CREATE INDEX reward_action_account ON reward_action (account, event_seq);
CREATE INDEX reward_action_dead ON reward_action (event_seq) WHERE state = 'dead';
CREATE INDEX reward_action_due ON reward_action (next_at) WHERE state = 'pending';
COMMENT ON COLUMN reward_action.generation IS
    'Points remembers a refusal for ever, so a retry after one goes by another external id: '
    'action_id in generation 0, action_id.n in generation n';

-- Where a state comes from, which a CHECK cannot see. The condition is all that a good update costs.
CREATE FUNCTION refuse_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'reward_action % cannot go from % to % by %',
        OLD.action_id, OLD.state, NEW.state, NEW.change USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER action_transitions BEFORE UPDATE ON reward_action FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND (OLD.state || ' ' || NEW.change || ' ' || NEW.state) NOT IN (
        'pending credit credited', 'pending refuse refused', 'pending give_up dead',
        'refused retry pending', 'dead retry pending', 'credited reverse reversed'))
    EXECUTE FUNCTION refuse_transition();

-- What is to be taken back of an action. It waits until the action is credited.
CREATE TABLE reversal (
    action_id      uuid             PRIMARY KEY,
    event_seq      bigint           NOT NULL,
    rule           text COLLATE "C" NOT NULL,
    revision       integer          NOT NULL,
    policy         text COLLATE "C" NOT NULL,
    reason         text COLLATE "C" NOT NULL,
    state          text COLLATE "C" NOT NULL DEFAULT 'pending',
    generation     integer          NOT NULL DEFAULT 0,
    attempts       integer          NOT NULL DEFAULT 0,
    next_at        timestamptz      NOT NULL DEFAULT clock_timestamp(),
    points         bigint,
    transaction_id uuid,
    code           text COLLATE "C",
    detail         text,
    created_at     timestamptz      NOT NULL DEFAULT clock_timestamp(),
    settled_at     timestamptz,
    CONSTRAINT reversal_states CHECK (state IN ('pending', 'done', 'refused', 'dead', 'void'))
);
CREATE INDEX reversal_due ON reversal (next_at) WHERE state = 'pending';
CREATE INDEX reversal_event ON reversal (event_seq);

-- What rules have given, as their limits count it.
CREATE TABLE allowance (
    rule    text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    every   text COLLATE "C" NOT NULL CHECK (every IN ('day', 'week', 'month', 'ever')),
    start   date             NOT NULL,
    count   bigint           NOT NULL CHECK (count >= 0),
    points  bigint           NOT NULL CHECK (points >= 0),
    PRIMARY KEY (rule, account, every, start)
) WITH (fillfactor = 70);
COMMENT ON COLUMN allowance.account IS 'Empty for what is counted over all accounts';

-- What a limit has kept back.
CREATE TABLE cut (
    event_seq    bigint           NOT NULL,
    rule         text COLLATE "C" NOT NULL,
    reward_index smallint         NOT NULL,
    account      text COLLATE "C" NOT NULL,
    wanted       bigint           NOT NULL,
    granted      bigint           NOT NULL,
    by_limit     text             NOT NULL,
    PRIMARY KEY (event_seq, rule, reward_index, account)
);

CREATE TABLE backtest (
    backtest_id uuid        PRIMARY KEY,
    rule        text        NOT NULL,
    yaml        text        NOT NULL,
    author      text        NOT NULL,
    from_time   timestamptz NOT NULL,
    until_time  timestamptz NOT NULL,
    state       text        NOT NULL DEFAULT 'running',
    events_done bigint      NOT NULL DEFAULT 0,
    events_all  bigint      NOT NULL DEFAULT 0,
    result      json,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT backtest_states CHECK (state IN ('running', 'done', 'failed'))
);

-- The credits that Points has for us, as its own stream of events tells: what reconciliation
-- compares RewardActions with.
CREATE TABLE points_credit (
    transaction_id uuid             PRIMARY KEY,
    external_id    text COLLATE "C" NOT NULL,
    account        text COLLATE "C" NOT NULL,
    points         bigint           NOT NULL,
    created_at     timestamptz      NOT NULL
);
CREATE INDEX points_credit_external_id ON points_credit (external_id);

CREATE TABLE points_position (
    single   boolean PRIMARY KEY DEFAULT true CHECK (single),
    position text
);
INSERT INTO points_position (position) VALUES (NULL);
COMMENT ON COLUMN points_position.position IS 'How far the stream was read; null for the beginning';
