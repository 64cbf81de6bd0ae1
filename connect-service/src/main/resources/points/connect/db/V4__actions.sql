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
