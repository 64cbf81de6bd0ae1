-- What reaches back to the very first event, so that a rule that comes into force can rely on it. What
-- is not in these tables is worked out from reward_action and event when it is asked for first.
CREATE TABLE counter (
    rule  text COLLATE "C" NOT NULL,
    per   text COLLATE "C" NOT NULL CHECK (per IN ('account', 'all')),
    every text COLLATE "C" NOT NULL CHECK (every IN ('day', 'week', 'month', 'ever')),
    PRIMARY KEY (rule, per, every)
);
COMMENT ON TABLE counter IS
    'Which counters of a rule are kept in allowance: from the first revision in force that has such a '
    'limit, whatever revision decides';

CREATE TABLE key_name (
    name text COLLATE "C" PRIMARY KEY
);
COMMENT ON TABLE key_name IS 'The names in event_key under which every earlier event has its key';

-- A cancelling event that finds nothing to take back is waiting for it, or wrong: somebody should see.
ALTER TABLE cancellation ADD COLUMN waiting boolean NOT NULL DEFAULT false;
CREATE INDEX cancellation_waiting ON cancellation (event_seq) WHERE waiting;
CREATE INDEX cancellation_event ON cancellation (event_seq);
COMMENT ON COLUMN cancellation.waiting IS 'Whether what it cancels has not come yet';
