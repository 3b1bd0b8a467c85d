-- How somebody signed in and on which browser, and who tried in vain.
-- Who was signed in before signs in once more.
DELETE FROM session;
ALTER TABLE session ADD COLUMN whose TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN method TEXT NOT NULL DEFAULT 'password';
ALTER TABLE session ADD COLUMN client TEXT;
ALTER TABLE session ADD COLUMN browser TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN shared INTEGER NOT NULL DEFAULT 0;
CREATE INDEX session_whose ON session (whose);

-- Browsers on which somebody has signed in with their own factors: strangers' tries do
-- not slow them. Only a hash of the cookie is kept.
CREATE TABLE device (
    token   BLOB NOT NULL,
    who     TEXT NOT NULL,
    created INTEGER NOT NULL,
    seen    INTEGER NOT NULL,
    PRIMARY KEY (token, who)
) STRICT, WITHOUT ROWID;

-- Wrong tries, by what they have in common; the key is a hash. Gone after a day.
CREATE TABLE slowed (
    key   BLOB NOT NULL PRIMARY KEY,
    tries INTEGER NOT NULL,
    last  INTEGER NOT NULL,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
