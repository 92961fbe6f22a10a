-- The SQLite form of mysql-dump/0001_translations.sql. Times are microseconds since 1970-01-01 UTC.
-- The texts come last: SQLite walks through a row from its start, and a list needs only what lies before them.

CREATE TABLE IF NOT EXISTS translations (
    id              BLOB    NOT NULL PRIMARY KEY,
    source_language TEXT    NOT NULL,
    target_language TEXT    NOT NULL,
    model           TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    duration_ms     INTEGER NOT NULL,
    source_excerpt  TEXT    NOT NULL AS (substr(source_text, 1, 280)) STORED,
    target_excerpt  TEXT    NOT NULL AS (substr(target_text, 1, 280)) STORED,
    source_chars    INTEGER NOT NULL AS (length(source_text)) STORED,
    source_text     TEXT    NOT NULL,
    target_text     TEXT    NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS translations_by_time ON translations (created_at, id);
