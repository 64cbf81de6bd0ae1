-- Positions of before were at most one higher than this: an id that nobody might have yet.
COMMENT ON COLUMN transaction.position IS
    'Commit order: the greater of the writer''s transaction id and the newest one that had ended, asked for '
    'while it holds the account. Below pg_snapshot_xmin(pg_current_snapshot()) no row can appear any more, and '
    'by (position, account, seq) an account''s transactions come in the order of seq.';
