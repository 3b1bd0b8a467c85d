-- Passkeys, places elsewhere that say who somebody is, and colleagues who let somebody back in.

-- Only public keys: what signs stays on its owner's phone or computer.
CREATE TABLE passkey (
    id      BLOB NOT NULL PRIMARY KEY,
    whose   TEXT NOT NULL,
    actor   TEXT NOT NULL,
    name    TEXT NOT NULL,
    cose    BLOB NOT NULL,
    counter INTEGER NOT NULL,
    created INTEGER NOT NULL,
    seen    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX passkey_whose ON passkey (whose);

-- Who somebody is to another place. One subject there is one somebody here.
CREATE TABLE elsewhere (
    issuer  TEXT NOT NULL,
    subject TEXT NOT NULL,
    whose   TEXT NOT NULL,
    actor   TEXT NOT NULL,
    created INTEGER NOT NULL,
    seen    INTEGER,
    PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX elsewhere_whose ON elsewhere (whose);

-- A sign-in that is under way: what was asked, to be answered once. The key is a hash.
CREATE TABLE waiting (
    key     BLOB NOT NULL PRIMARY KEY,
    kind    TEXT NOT NULL,
    detail  TEXT NOT NULL,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX waiting_expires ON waiting (expires);

-- Who has said that a worker who cannot sign in is who they say. The journal keeps it too.
CREATE TABLE vouch (
    worker  BLOB NOT NULL,
    role    TEXT NOT NULL,
    voucher BLOB NOT NULL,
    how     TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (worker, role, voucher)
) STRICT, WITHOUT ROWID;
