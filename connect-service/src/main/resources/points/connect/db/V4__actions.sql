-- A dead letter stays the same one however often it is redriven, and somebody can close it for good.
ALTER TABLE dead_letter
    ADD COLUMN redrives      integer NOT NULL DEFAULT 0,
    ADD COLUMN closed_by     text COLLATE "C",
    ADD COLUMN closed_reason text,
    DROP CONSTRAINT dead_letter_states,
    ADD CONSTRAINT dead_letter_states CHECK (state IN ('open', 'redriven', 'discarded')),
    ADD CONSTRAINT discarded_by_somebody CHECK (
        state <> 'discarded' OR (closed_by IS NOT NULL AND closed_reason IS NOT NULL));
COMMENT ON COLUMN dead_letter.redrives IS 'How often it was decided again and failed again';
CREATE UNIQUE INDEX dead_letter_of_event ON dead_letter (event_seq) WHERE state = 'open';

-- Rewards of other types than points: their dispatchers say what became of them. They are in nobody's
-- way while they wait.
ALTER TABLE reward_action
    ADD COLUMN reference text,
    DROP CONSTRAINT credited_by_a_transaction,
    ADD CONSTRAINT credited_by_a_transaction CHECK (
        type <> 'points' OR (state IN ('credited', 'reversed')) = (transaction_id IS NOT NULL));
ALTER TABLE reversal ADD COLUMN reference text;
COMMENT ON COLUMN reward_action.reference IS 'What a dispatcher calls it; null for points';
DROP INDEX reward_action_due;
CREATE INDEX reward_action_due ON reward_action (next_at) WHERE state = 'pending' AND type = 'points';
CREATE INDEX reward_action_waiting ON reward_action (type, event_seq, action_id)
    WHERE state = 'pending' AND type <> 'points';

-- What people look for. Few actions are in these states, so the indexes cost next to nothing.
DROP INDEX reward_action_dead;
CREATE INDEX reward_action_dead ON reward_action (event_seq, action_id) WHERE state = 'dead';
CREATE INDEX reward_action_refused ON reward_action (event_seq, action_id) WHERE state = 'refused';
CREATE INDEX reward_action_reversed ON reward_action (event_seq, action_id) WHERE state = 'reversed';
CREATE INDEX reversal_failed ON reversal (state) WHERE state IN ('refused', 'dead');
COMMENT ON TABLE reversal IS
    'What is taken back of an action. It waits until the action is credited; of one that was cancelled '
    'before it came it is void from the beginning, and names the event that did';

-- What Points has taken back for us, to be compared like the credits. The stream is read anew from its
-- beginning for it; the credits that are known already stay as they are.
CREATE TABLE points_reversal (
    transaction_id uuid             PRIMARY KEY,
    credit_id      uuid             NOT NULL,
    external_id    text COLLATE "C" NOT NULL,
    account        text COLLATE "C" NOT NULL,
    points         bigint           NOT NULL,
    created_at     timestamptz      NOT NULL
);
UPDATE points_position SET position = NULL;
