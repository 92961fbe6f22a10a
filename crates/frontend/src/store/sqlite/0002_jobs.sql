-- The SQLite form of mysql-dump/0002_jobs.sql, where the columns are explained.

ALTER TABLE translations ADD COLUMN owner BLOB NOT NULL DEFAULT x'00000000000000000000000000000000';
ALTER TABLE translations ADD COLUMN alignment TEXT;
DROP INDEX translations_by_time;
CREATE INDEX translations_by_owner ON translations (owner, created_at, id);

CREATE TABLE jobs (
    id              BLOB    NOT NULL PRIMARY KEY,
    owner           BLOB    NOT NULL,
    kind            TEXT    NOT NULL,
    source_language TEXT    NOT NULL,
    target_language TEXT    NOT NULL,
    state           TEXT    NOT NULL,
    failure         TEXT,
    source_excerpt  TEXT    NOT NULL,
    source_chars    INTEGER NOT NULL,
    source_bytes    INTEGER NOT NULL,
    done_bytes      INTEGER NOT NULL DEFAULT 0,
    sentences       INTEGER NOT NULL DEFAULT 0,
    reused          INTEGER NOT NULL DEFAULT 0,
    model           TEXT    NOT NULL DEFAULT '',
    faults          INTEGER NOT NULL DEFAULT 0,
    duration_ms     INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL,
    claimed_by      BLOB,
    claimed_until   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX jobs_by_state ON jobs (state, created_at);
CREATE INDEX jobs_by_owner ON jobs (owner, created_at);

CREATE TABLE job_pieces (
    job_id          BLOB    NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    piece           INTEGER NOT NULL,
    source_text     TEXT    NOT NULL,
    target_text     TEXT,
    alignment       TEXT,
    PRIMARY KEY (job_id, piece)
) STRICT, WITHOUT ROWID;

CREATE TABLE sentences (
    id              BLOB    NOT NULL PRIMARY KEY,
    owner           BLOB    NOT NULL,
    target_text     TEXT    NOT NULL,
    created_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sentences_by_owner ON sentences (owner, created_at);
