-- The SQLite form of mysql-dump/0004_files.sql, where the columns are explained.

CREATE TABLE files (
    id               BLOB    NOT NULL PRIMARY KEY,
    owner            BLOB    NOT NULL,
    name             TEXT    NOT NULL,
    bytes            INTEGER NOT NULL,
    translated_name  TEXT,
    translated_bytes INTEGER
) STRICT;
CREATE INDEX files_by_owner ON files (owner);

CREATE TABLE file_chunks (
    file_id          BLOB    NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    side             TEXT    NOT NULL,
    chunk            INTEGER NOT NULL,
    content          BLOB    NOT NULL,
    PRIMARY KEY (file_id, side, chunk)
) STRICT;

ALTER TABLE job_pieces ADD COLUMN links TEXT;
ALTER TABLE sentences ADD COLUMN links TEXT;
