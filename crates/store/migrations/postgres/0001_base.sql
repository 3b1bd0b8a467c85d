-- The place where everything is kept. See docs/decisions/0002-records-and-journal.md.
-- Instants are microseconds since 1970 UTC; days are days since 1970-01-01.

-- Small facts about the database itself: format, whether a generator made it, revisions.
CREATE TABLE setting (
    name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

-- One row a chain: the newest number and hash. Locking this row orders everything
-- that happens to one person (or organisation, or the partnership).
CREATE TABLE chain (
    id     UUID   NOT NULL PRIMARY KEY,
    kind   TEXT COLLATE "C"   NOT NULL CHECK (kind IN ('person', 'organisation', 'partnership', 'looks')),
    number BIGINT   NOT NULL,
    hash   BYTEA  NOT NULL
);

-- The current version of every record.
CREATE TABLE record (
    id               UUID  NOT NULL PRIMARY KEY,
    kind             TEXT COLLATE "C"  NOT NULL,
    person           UUID,
    owner            UUID  NOT NULL,
    version          BIGINT  NOT NULL,
    schema           BIGINT  NOT NULL,
    at               BIGINT  NOT NULL,
    created          BIGINT  NOT NULL,
    author           TEXT COLLATE "C"  NOT NULL,
    created_by       TEXT COLLATE "C"  NOT NULL,
    recorded_for     TEXT COLLATE "C",
    entered_in_error BIGINT  NOT NULL CHECK (entered_in_error IN (0, 1)),
    area             TEXT COLLATE "C"  NOT NULL,
    sensitivity      BIGINT  NOT NULL CHECK (sensitivity BETWEEN 0 AND 4),
    state            TEXT COLLATE "C"  NOT NULL,
    open             BIGINT  NOT NULL CHECK (open IN (0, 1)),
    due              BIGINT,
    sort             TEXT COLLATE "C"  NOT NULL,
    body             TEXT COLLATE "C"  NOT NULL,
    chain            UUID  NOT NULL,
    number           BIGINT  NOT NULL
);
-- A person's page reads every record of one person.
CREATE INDEX record_person ON record (person, kind);
-- Lists of one kind in reading order.
CREATE INDEX record_kind ON record (kind, sort, id);

-- Found from: this record can be found from target in a role ("holder_lead", "service").
CREATE TABLE record_link (
    target UUID  NOT NULL,
    role   TEXT COLLATE "C"  NOT NULL,
    record UUID  NOT NULL,
    kind   TEXT COLLATE "C"  NOT NULL,
    person UUID,
    open   BIGINT  NOT NULL,
    due    BIGINT,
    PRIMARY KEY (target, role, record)
);
-- Writing a new version replaces the links of one record.
CREATE INDEX record_link_record ON record_link (record);

-- What was changed: the header of each change, chained by hash.
CREATE TABLE journal (
    seq          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xact         BIGINT  NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    chain        UUID  NOT NULL,
    number       BIGINT  NOT NULL,
    person       UUID,
    record       UUID  NOT NULL,
    version      BIGINT  NOT NULL,
    kind         TEXT COLLATE "C"  NOT NULL,
    schema       BIGINT  NOT NULL,
    action       TEXT COLLATE "C"  NOT NULL,
    at           BIGINT  NOT NULL,
    author       TEXT COLLATE "C"  NOT NULL,
    recorded_for TEXT COLLATE "C",
    owner        UUID  NOT NULL,
    basis        TEXT COLLATE "C"  NOT NULL,
    previous     BYTEA NOT NULL,
    commitment   BYTEA NOT NULL,
    hash         BYTEA NOT NULL,
    UNIQUE (chain, number),
    UNIQUE (record, version)
);

-- Followers read in the order of transactions, which is not the order of seq.
CREATE INDEX journal_xact ON journal (xact, seq);

-- What it was changed to. Kept apart so that it can be destroyed by the retention
-- process while the chain still verifies.
CREATE TABLE payload (
    record  UUID  NOT NULL,
    version BIGINT  NOT NULL,
    salt    BYTEA NOT NULL,
    body    TEXT COLLATE "C",
    removed TEXT COLLATE "C",
    PRIMARY KEY (record, version),
    CHECK ((body IS NULL) <> (removed IS NULL))
);

-- What was looked at: one row a request and person. Chained per writing process.
CREATE TABLE look (
    writer       UUID  NOT NULL,
    number       BIGINT  NOT NULL,
    at           BIGINT  NOT NULL,
    request      UUID  NOT NULL,
    who          TEXT COLLATE "C"  NOT NULL,
    organisation UUID,
    role         TEXT COLLATE "C"  NOT NULL,
    person       UUID,
    purpose      TEXT COLLATE "C"  NOT NULL,
    action       TEXT COLLATE "C"  NOT NULL,
    basis        TEXT COLLATE "C"  NOT NULL,
    outcome      TEXT COLLATE "C"  NOT NULL CHECK (outcome IN ('listed', 'opened', 'denied', 'changed')),
    parts        TEXT COLLATE "C"  NOT NULL,
    hash         BYTEA NOT NULL,
    PRIMARY KEY (writer, number)
);
-- "Who looked" of one person, newest first.
CREATE INDEX look_person ON look (person, at);

-- A form that was sent: the same form sent again shows the first answer.
CREATE TABLE submission (
    id     UUID  NOT NULL PRIMARY KEY,
    at     BIGINT  NOT NULL,
    who    TEXT COLLATE "C"  NOT NULL,
    answer TEXT COLLATE "C"  NOT NULL
);

-- What somebody has typed but not yet sent.
CREATE TABLE draft (
    who    TEXT COLLATE "C"  NOT NULL,
    form   TEXT COLLATE "C"  NOT NULL,
    person UUID,
    at     BIGINT  NOT NULL,
    body   TEXT COLLATE "C"  NOT NULL,
    PRIMARY KEY (who, form)
);

-- Ways to sign in with a password and a code from an app.
CREATE TABLE account (
    id           UUID  NOT NULL PRIMARY KEY,
    who          TEXT COLLATE "C"  NOT NULL,
    login        TEXT COLLATE "C"  NOT NULL UNIQUE,
    password     TEXT COLLATE "C"  NOT NULL,
    totp         BYTEA,
    totp_step    BIGINT  NOT NULL,
    failed       BIGINT  NOT NULL,
    wait_until   BIGINT  NOT NULL,
    suspended    BIGINT  NOT NULL CHECK (suspended IN (0, 1)),
    created      BIGINT  NOT NULL
);

-- Who is signed in now. Only a hash of the cookie is kept.
CREATE TABLE session (
    token         BYTEA NOT NULL PRIMARY KEY,
    account       UUID,
    actor         TEXT COLLATE "C"  NOT NULL,
    csrf          TEXT COLLATE "C"  NOT NULL,
    created       BIGINT  NOT NULL,
    seen          BIGINT  NOT NULL,
    authenticated BIGINT  NOT NULL,
    aal           BIGINT  NOT NULL,
    ended         BIGINT
);
CREATE INDEX session_account ON session (account);

-- Codes on paper, links to receivers, invitations: used once, dead by a day.
CREATE TABLE code (
    hash     BYTEA NOT NULL PRIMARY KEY,
    kind     TEXT COLLATE "C"  NOT NULL CHECK (kind IN ('paper', 'link', 'second', 'invitation')),
    subject  UUID  NOT NULL,
    detail   TEXT COLLATE "C"  NOT NULL,
    created  BIGINT  NOT NULL,
    expires  BIGINT  NOT NULL,
    used     BIGINT,
    attempts BIGINT  NOT NULL
);
CREATE INDEX code_subject ON code (subject, kind);

-- Who runs a job now. The fence rises with each holder.
CREATE TABLE lease (
    name   TEXT COLLATE "C"  NOT NULL PRIMARY KEY,
    holder UUID  NOT NULL,
    fence  BIGINT  NOT NULL,
    until  BIGINT  NOT NULL
);

-- What must be told to somebody outside: content-free, at least once, a stable id.
CREATE TABLE outbox (
    id      UUID  NOT NULL PRIMARY KEY,
    at      BIGINT  NOT NULL,
    person  UUID,
    channel TEXT COLLATE "C"  NOT NULL,
    address TEXT COLLATE "C"  NOT NULL,
    subject TEXT COLLATE "C"  NOT NULL,
    body    TEXT COLLATE "C"  NOT NULL,
    dedupe  TEXT COLLATE "C"  NOT NULL UNIQUE,
    sent    BIGINT,
    stopped TEXT COLLATE "C"
);

-- Postcodes and neighbourhoods of the place, as imported.
CREATE TABLE postcode (
    code      TEXT COLLATE "C"  NOT NULL PRIMARY KEY,
    lat       DOUBLE PRECISION  NOT NULL,
    lon       DOUBLE PRECISION  NOT NULL,
    area      TEXT COLLATE "C"  NOT NULL
);
CREATE TABLE place_area (
    code    TEXT COLLATE "C"  NOT NULL PRIMARY KEY,
    kind    TEXT COLLATE "C"  NOT NULL,
    name    TEXT COLLATE "C"  NOT NULL,
    parent  TEXT COLLATE "C"  NOT NULL,
    body    TEXT COLLATE "C"  NOT NULL
);
