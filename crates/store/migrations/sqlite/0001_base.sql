-- The place where everything is kept. See docs/decisions/0002-records-and-journal.md.
-- Instants are microseconds since 1970 UTC; days are days since 1970-01-01.

-- Small facts about the database itself: format, whether a generator made it, revisions.
CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- One row a chain: the newest number and hash. Locking this row orders everything
-- that happens to one person (or organisation, or the partnership).
CREATE TABLE chain (
    id     BLOB   NOT NULL PRIMARY KEY,
    kind   TEXT   NOT NULL CHECK (kind IN ('person', 'organisation', 'partnership', 'looks')),
    number INTEGER   NOT NULL,
    hash   BLOB  NOT NULL
) STRICT;

-- The current version of every record.
CREATE TABLE record (
    id               BLOB  NOT NULL PRIMARY KEY,
    kind             TEXT  NOT NULL,
    person           BLOB,
    owner            BLOB  NOT NULL,
    version          INTEGER  NOT NULL,
    schema           INTEGER  NOT NULL,
    at               INTEGER  NOT NULL,
    created          INTEGER  NOT NULL,
    author           TEXT  NOT NULL,
    created_by       TEXT  NOT NULL,
    recorded_for     TEXT,
    entered_in_error INTEGER  NOT NULL CHECK (entered_in_error IN (0, 1)),
    area             TEXT  NOT NULL,
    sensitivity      INTEGER  NOT NULL CHECK (sensitivity BETWEEN 0 AND 4),
    state            TEXT  NOT NULL,
    open             INTEGER  NOT NULL CHECK (open IN (0, 1)),
    due              INTEGER,
    sort             TEXT  NOT NULL,
    body             TEXT  NOT NULL,
    chain            BLOB  NOT NULL,
    number           INTEGER  NOT NULL
) STRICT;
-- A person's page reads every record of one person.
CREATE INDEX record_person ON record (person, kind);
-- Lists of one kind in reading order.
CREATE INDEX record_kind ON record (kind, sort, id);

-- Found from: this record can be found from target in a role ("holder_lead", "service").
CREATE TABLE record_link (
    target BLOB  NOT NULL,
    role   TEXT  NOT NULL,
    record BLOB  NOT NULL,
    kind   TEXT  NOT NULL,
    person BLOB,
    open   INTEGER  NOT NULL,
    due    INTEGER,
    PRIMARY KEY (target, role, record)
) STRICT, WITHOUT ROWID;
-- Writing a new version replaces the links of one record.
CREATE INDEX record_link_record ON record_link (record);

-- What was changed: the header of each change, chained by hash.
CREATE TABLE journal (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    chain        BLOB  NOT NULL,
    number       INTEGER  NOT NULL,
    person       BLOB,
    record       BLOB  NOT NULL,
    version      INTEGER  NOT NULL,
    kind         TEXT  NOT NULL,
    schema       INTEGER  NOT NULL,
    action       TEXT  NOT NULL,
    at           INTEGER  NOT NULL,
    author       TEXT  NOT NULL,
    recorded_for TEXT,
    owner        BLOB  NOT NULL,
    basis        TEXT  NOT NULL,
    previous     BLOB NOT NULL,
    commitment   BLOB NOT NULL,
    hash         BLOB NOT NULL,
    UNIQUE (chain, number),
    UNIQUE (record, version)
) STRICT;

-- What it was changed to. Kept apart so that it can be destroyed by the retention
-- process while the chain still verifies.
CREATE TABLE payload (
    record  BLOB  NOT NULL,
    version INTEGER  NOT NULL,
    salt    BLOB NOT NULL,
    body    TEXT,
    removed TEXT,
    PRIMARY KEY (record, version),
    CHECK ((body IS NULL) <> (removed IS NULL))
) STRICT, WITHOUT ROWID;

-- What was looked at: one row a request and person. Chained per writing process.
CREATE TABLE look (
    writer       BLOB  NOT NULL,
    number       INTEGER  NOT NULL,
    at           INTEGER  NOT NULL,
    request      BLOB  NOT NULL,
    who          TEXT  NOT NULL,
    organisation BLOB,
    role         TEXT  NOT NULL,
    person       BLOB,
    purpose      TEXT  NOT NULL,
    action       TEXT  NOT NULL,
    basis        TEXT  NOT NULL,
    outcome      TEXT  NOT NULL CHECK (outcome IN ('listed', 'opened', 'denied', 'changed')),
    parts        TEXT  NOT NULL,
    hash         BLOB NOT NULL,
    PRIMARY KEY (writer, number)
) STRICT, WITHOUT ROWID;
-- "Who looked" of one person, newest first.
CREATE INDEX look_person ON look (person, at);

-- A form that was sent: the same form sent again shows the first answer.
CREATE TABLE submission (
    id     BLOB  NOT NULL PRIMARY KEY,
    at     INTEGER  NOT NULL,
    who    TEXT  NOT NULL,
    answer TEXT  NOT NULL
) STRICT, WITHOUT ROWID;

-- What somebody has typed but not yet sent.
CREATE TABLE draft (
    who    TEXT  NOT NULL,
    form   TEXT  NOT NULL,
    person BLOB,
    at     INTEGER  NOT NULL,
    body   TEXT  NOT NULL,
    PRIMARY KEY (who, form)
) STRICT, WITHOUT ROWID;

-- Ways to sign in with a password and a code from an app.
CREATE TABLE account (
    id           BLOB  NOT NULL PRIMARY KEY,
    who          TEXT  NOT NULL,
    login        TEXT  NOT NULL UNIQUE,
    password     TEXT  NOT NULL,
    totp         BLOB,
    totp_step    INTEGER  NOT NULL,
    failed       INTEGER  NOT NULL,
    wait_until   INTEGER  NOT NULL,
    suspended    INTEGER  NOT NULL CHECK (suspended IN (0, 1)),
    created      INTEGER  NOT NULL
) STRICT, WITHOUT ROWID;

-- Who is signed in now. Only a hash of the cookie is kept.
CREATE TABLE session (
    token         BLOB NOT NULL PRIMARY KEY,
    account       BLOB,
    actor         TEXT  NOT NULL,
    csrf          TEXT  NOT NULL,
    created       INTEGER  NOT NULL,
    seen          INTEGER  NOT NULL,
    authenticated INTEGER  NOT NULL,
    aal           INTEGER  NOT NULL,
    ended         INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX session_account ON session (account);

-- Codes on paper, links to receivers, invitations: used once, dead by a day.
CREATE TABLE code (
    hash     BLOB NOT NULL PRIMARY KEY,
    kind     TEXT  NOT NULL CHECK (kind IN ('paper', 'link', 'second', 'invitation')),
    subject  BLOB  NOT NULL,
    detail   TEXT  NOT NULL,
    created  INTEGER  NOT NULL,
    expires  INTEGER  NOT NULL,
    used     INTEGER,
    attempts INTEGER  NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX code_subject ON code (subject, kind);

-- Who runs a job now. The fence rises with each holder.
CREATE TABLE lease (
    name   TEXT  NOT NULL PRIMARY KEY,
    holder BLOB  NOT NULL,
    fence  INTEGER  NOT NULL,
    until  INTEGER  NOT NULL
) STRICT, WITHOUT ROWID;

-- What must be told to somebody outside: content-free, at least once, a stable id.
CREATE TABLE outbox (
    id      BLOB  NOT NULL PRIMARY KEY,
    at      INTEGER  NOT NULL,
    person  BLOB,
    channel TEXT  NOT NULL,
    address TEXT  NOT NULL,
    subject TEXT  NOT NULL,
    body    TEXT  NOT NULL,
    dedupe  TEXT  NOT NULL UNIQUE,
    sent    INTEGER,
    stopped TEXT
) STRICT, WITHOUT ROWID;

-- Postcodes and neighbourhoods of the place, as imported.
CREATE TABLE postcode (
    code      TEXT  NOT NULL PRIMARY KEY,
    lat       REAL  NOT NULL,
    lon       REAL  NOT NULL,
    area      TEXT  NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE place_area (
    code    TEXT  NOT NULL PRIMARY KEY,
    kind    TEXT  NOT NULL,
    name    TEXT  NOT NULL,
    parent  TEXT  NOT NULL,
    body    TEXT  NOT NULL
) STRICT, WITHOUT ROWID;
