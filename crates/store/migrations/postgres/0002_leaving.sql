-- How messages leave: who is sending one now, how often it was tried, what went wrong.
ALTER TABLE outbox ADD COLUMN guard TEXT;
ALTER TABLE outbox ADD COLUMN taken BIGINT;
ALTER TABLE outbox ADD COLUMN tries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN next_try BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN trouble TEXT;
ALTER TABLE outbox ADD COLUMN dead BIGINT;
-- The sender asks for the oldest that is due, among the many that have left.
CREATE INDEX outbox_waiting ON outbox (next_try) WHERE sent IS NULL AND stopped IS NULL AND dead IS NULL;
