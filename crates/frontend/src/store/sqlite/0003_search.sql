-- The SQLite form of mysql-dump/0003_search.sql, where the tables are explained.

ALTER TABLE translations ADD COLUMN detected INTEGER;
ALTER TABLE translations ADD COLUMN pair TEXT NOT NULL AS (source_language || ' ' || target_language) VIRTUAL;
CREATE INDEX translations_by_pair ON translations (owner, pair, created_at, id);
ALTER TABLE jobs ADD COLUMN detected INTEGER;

CREATE TABLE words (
    owner           BLOB    NOT NULL,
    word            TEXT    NOT NULL,
    id              BLOB    NOT NULL,
    place           INTEGER NOT NULL,
    PRIMARY KEY (owner, word, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE unindexed (
    id              BLOB    NOT NULL PRIMARY KEY REFERENCES translations (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TRIGGER translations_are_indexed AFTER INSERT ON translations
    BEGIN INSERT INTO unindexed (id) VALUES (NEW.id); END;
INSERT INTO unindexed (id) SELECT id FROM translations;

CREATE TABLE units (
    id              BLOB    NOT NULL PRIMARY KEY,
    owner           BLOB    NOT NULL,
    source_language TEXT    NOT NULL,
    target_language TEXT    NOT NULL,
    source_text     TEXT    NOT NULL,
    target_text     TEXT    NOT NULL,
    created_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX units_by_owner ON units (owner, id);
