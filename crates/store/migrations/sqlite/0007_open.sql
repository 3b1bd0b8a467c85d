-- Worklists read what is open about many people, and nothing of the much that is closed.
CREATE INDEX record_open ON record (person) WHERE open = 1;
