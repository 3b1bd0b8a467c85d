-- How somebody signed in and on which browser, and who tried in vain.
-- Who was signed in before signs in once more.
DELETE FROM session;
ALTER TABLE session ADD COLUMN whose TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN method TEXT COLLATE "C" NOT NULL DEFAULT 'password';
ALTER TABLE session ADD COLUMN client TEXT COLLATE "C";
ALTER TABLE session ADD COLUMN browser TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN shared BIGINT NOT NULL DEFAULT 0;
CREATE INDEX session_whose ON session (whose);

-- Browsers on which somebody has signed in with their own factors: strangers' tries do
-- not slow them. Only a hash of the cookie is kept.
CREATE TABLE device (
    token   BYTEA NOT NULL,
    who     TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    seen    BIGINT NOT NULL,
    PRIMARY KEY (token, who)
);

-- Wrong tries, by what they have in common; the key is a hash. Gone after a day.
CREATE TABLE slowed (
    key   BYTEA NOT NULL PRIMARY KEY,
    tries BIGINT NOT NULL,
    last  BIGINT NOT NULL,
    until BIGINT NOT NULL
);
