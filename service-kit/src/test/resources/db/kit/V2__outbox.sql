CREATE TABLE outbox (
  position      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  aggregate     text NOT NULL,
  event_id      uuid NOT NULL UNIQUE,
  type          text NOT NULL,
  time          timestamptz NOT NULL DEFAULT clock_timestamp(),
  data          jsonb NOT NULL,
  written_in    xid8 NOT NULL DEFAULT pg_current_xact_id(),
  parked_at     timestamptz,
  parked_reason text,
  CHECK ((parked_at IS NULL) = (parked_reason IS NULL))
);

-- What the events of the tests are about.
CREATE TABLE thing (
  name    text PRIMARY KEY,
  changes integer NOT NULL
);
