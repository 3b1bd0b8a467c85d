-- Passkeys, places elsewhere that say who somebody is, and colleagues who let somebody back in.

-- Only public keys: what signs stays on its owner's phone or computer.
CREATE TABLE passkey (
    id      BYTEA NOT NULL PRIMARY KEY,
    whose   TEXT COLLATE "C" NOT NULL,
    actor   TEXT COLLATE "C" NOT NULL,
    name    TEXT COLLATE "C" NOT NULL,
    cose    BYTEA NOT NULL,
    counter BIGINT NOT NULL,
    created BIGINT NOT NULL,
    seen    BIGINT
);
CREATE INDEX passkey_whose ON passkey (whose);

-- Who somebody is to another place. One subject there is one somebody here.
CREATE TABLE elsewhere (
    issuer  TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    whose   TEXT COLLATE "C" NOT NULL,
    actor   TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    seen    BIGINT,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX elsewhere_whose ON elsewhere (whose);

-- A sign-in that is under way: what was asked, to be answered once. The key is a hash.
CREATE TABLE waiting (
    key     BYTEA NOT NULL PRIMARY KEY,
    kind    TEXT COLLATE "C" NOT NULL,
    detail  TEXT COLLATE "C" NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX waiting_expires ON waiting (expires);

-- Who has said that a worker who cannot sign in is who they say. The journal keeps it too.
CREATE TABLE vouch (
    worker  UUID NOT NULL,
    role    TEXT COLLATE "C" NOT NULL,
    voucher UUID NOT NULL,
    how     TEXT COLLATE "C" NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (worker, role, voucher)
);
