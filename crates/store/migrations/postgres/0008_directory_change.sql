-- At which revision each entry of the directory last changed: a server that knows an earlier one takes in
-- only what changed since. The rows are written in the change's own transaction, with its revision, whose
-- row orders such transactions. A backup leaves them out: a server that has just started reads everything.
CREATE TABLE directory_change (
    record   UUID NOT NULL PRIMARY KEY,
    kind     TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL
);
CREATE INDEX directory_change_revision ON directory_change (revision);
