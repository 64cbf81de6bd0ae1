CREATE TABLE api_key (
  key_hash   bytea PRIMARY KEY CHECK (octet_length(key_hash) = 32),
  source     text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);
