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

-- Who invited whom. All that must not be is impossible here, whatever the service does:
-- nobody joins twice (the key), and nobody comes after themselves, over however many others, as
-- everybody is one deeper than who invited them.
CREATE TABLE member (
  user_id         text PRIMARY KEY,
  code            text NOT NULL UNIQUE,
  position        bigint GENERATED ALWAYS AS IDENTITY,
  inviter_id      text CHECK (inviter_id <> user_id),
  inviter_depth   integer,
  -- Who invited the inviter.
  second_id       text,
  depth           integer NOT NULL CHECK (depth = coalesce(inviter_depth + 1, 0)),
  previous_status text,
  status          text NOT NULL DEFAULT 'basic',
  joined_at       timestamptz NOT NULL DEFAULT now(),
  vip_at          timestamptz,
  pro_at          timestamptz,
  UNIQUE (user_id, depth),
  UNIQUE (user_id, inviter_id),
  FOREIGN KEY (inviter_id, inviter_depth) REFERENCES member (user_id, depth),
  FOREIGN KEY (inviter_id, second_id) REFERENCES member (user_id, inviter_id),
  CHECK ((inviter_id IS NULL) = (inviter_depth IS NULL)),
  CHECK ((second_id IS NOT NULL) = (depth >= 2)),
  -- The table of docs/integrations/referral.md.
  CONSTRAINT member_transitions CHECK (coalesce(previous_status, '') || '>' || status IN (
    '>basic', 'basic>vip', 'basic>pro', 'vip>pro')),
  CHECK (status <> 'vip' OR vip_at IS NOT NULL),
  CHECK ((status = 'pro') = (pro_at IS NOT NULL))
);

-- Levels are counted and paged in these alone.
CREATE INDEX member_level1 ON member (inviter_id, position) WHERE inviter_id IS NOT NULL;
CREATE INDEX member_level2 ON member (second_id, position) WHERE second_id IS NOT NULL;
