CREATE TABLE api_key (
  key_hash   bytea PRIMARY KEY CHECK (octet_length(key_hash) = 32),
  source     text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);

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

-- db-scheduler's own.
CREATE TABLE scheduled_tasks (
  task_name            text NOT NULL,
  task_instance        text NOT NULL,
  task_data            bytea,
  execution_time       timestamptz NOT NULL,
  picked               boolean NOT NULL,
  picked_by            text,
  last_success         timestamptz,
  last_failure         timestamptz,
  consecutive_failures integer,
  last_heartbeat       timestamptz,
  version              bigint NOT NULL,
  priority             smallint,
  PRIMARY KEY (task_name, task_instance)
);

CREATE INDEX ON scheduled_tasks (execution_time);

CREATE TABLE listing (
  id           uuid PRIMARY KEY,
  title        text NOT NULL,
  host_id      text,
  night_points bigint NOT NULL CHECK (night_points BETWEEN 1 AND 1000000000),
  created_at   timestamptz NOT NULL DEFAULT now()
);

-- Bookings: a purchase like those of the other selling services.
CREATE TABLE purchase (
  id              uuid PRIMARY KEY,
  source          text NOT NULL,
  request_id      text NOT NULL,
  request         jsonb NOT NULL,
  item_id         uuid NOT NULL REFERENCES listing,
  user_id         text NOT NULL,
  points          bigint NOT NULL CHECK (points BETWEEN 1 AND 1000000000000),
  payment         text NOT NULL CHECK (payment = 'hold'),
  previous_state  text,
  state           text NOT NULL,
  tries           integer NOT NULL DEFAULT 1,
  hold_id         uuid,
  hold_expires_at timestamptz,
  charge_id       uuid,
  problem         jsonb,
  attempts        integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  UNIQUE (source, request_id),
  -- The table of docs/integrations/rielt.md.
  CONSTRAINT purchase_transitions CHECK (coalesce(previous_state, '') || '>' || state IN (
    '>reserving',
    'reserving>reserved', 'reserving>refused',
    'reserved>confirming', 'reserved>cancelling', 'reserved>expired',
    'confirming>paid', 'confirming>reserved', 'confirming>expired',
    'cancelling>cancelled',
    'paid>refunding', 'refunding>refunded')),
  CHECK (state IN ('reserving', 'refused') OR hold_id IS NOT NULL OR charge_id IS NOT NULL),
  CHECK (state NOT IN ('paid', 'refunding', 'refunded') OR charge_id IS NOT NULL)
);

CREATE INDEX purchase_due ON purchase (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

-- The equality of uuids in an index of ranges; the owner of a database may install it.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Who has which nights, from when a booking is written down until it ends without a stay.
CREATE TABLE stay (
  booking_id uuid PRIMARY KEY REFERENCES purchase,
  listing_id uuid NOT NULL REFERENCES listing,
  nights     daterange NOT NULL CHECK (NOT isempty(nights) AND NOT lower_inf(nights) AND NOT upper_inf(nights)),
  CONSTRAINT stay_overlaps EXCLUDE USING gist (listing_id WITH =, nights WITH &&)
);
