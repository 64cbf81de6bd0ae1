-- A topic that is read again from its beginning brings the same letters again: they are found by their place.
CREATE INDEX dead_letter_origin ON dead_letter (origin) WHERE event_seq IS NULL;
