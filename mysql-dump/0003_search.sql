-- What a history is searched and filtered by, whether a language was found out, and sentences from other programs.
--
-- The MySQL image runs this file after 0002 when its volume is empty. A database from before gets it by
-- `deploy/up`, or by hand as deploy/README.md says; running it again changes nothing. The SQLite form is
-- crates/frontend/src/store/sqlite/0003_search.sql.

-- MySQL has no ADD COLUMN IF NOT EXISTS.
SET @change = IF(
    EXISTS (SELECT 1 FROM information_schema.columns
            WHERE table_schema = DATABASE() AND table_name = 'translations' AND column_name = 'detected'),
    'DO 0',
    'ALTER TABLE translations
        ADD COLUMN detected INT UNSIGNED NULL
            COMMENT ''how sure the source language was found out, in thousandths; NULL: it was chosen'',
        ADD COLUMN pair VARCHAR(71) AS (CONCAT(source_language, '' '', target_language)) VIRTUAL NOT NULL,
        ADD KEY translations_by_pair (owner, pair, created_at, id)'
);
PREPARE change_table FROM @change;
EXECUTE change_table;
DEALLOCATE PREPARE change_table;

SET @change = IF(
    EXISTS (SELECT 1 FROM information_schema.columns
            WHERE table_schema = DATABASE() AND table_name = 'jobs' AND column_name = 'detected'),
    'DO 0',
    'ALTER TABLE jobs ADD COLUMN detected INT UNSIGNED NULL COMMENT ''as in translations'''
);
PREPARE change_table FROM @change;
EXECUTE change_table;
DEALLOCATE PREPARE change_table;

-- Every word of both texts of every translation, in the order in which a search walks them: of an owner, of a word,
-- newest last. FULLTEXT would keep what all owners wrote in one list, without an order, and words of deleted texts.
CREATE TABLE IF NOT EXISTS words (
    owner           BINARY(16)      NOT NULL,
    word            VARCHAR(64)     NOT NULL COMMENT 'in small letters, without accents; or "SOURCE TARGET", the pair',
    id              BINARY(16)      NOT NULL COMMENT 'of the translation; it begins with its time',
    place           INT UNSIGNED    NOT NULL
        COMMENT 'twice the characters before it where it is first; odd: in the translation',

    PRIMARY KEY (owner, word, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin;

-- Translations whose words are not all in that table yet. The frontend works them off.
CREATE TABLE IF NOT EXISTS unindexed (
    id              BINARY(16)      NOT NULL,

    PRIMARY KEY (id),
    FOREIGN KEY (id) REFERENCES translations (id) ON DELETE CASCADE
) ENGINE = InnoDB;

CREATE TRIGGER IF NOT EXISTS translations_are_indexed AFTER INSERT ON translations
    FOR EACH ROW INSERT INTO unindexed (id) VALUES (NEW.id);

INSERT IGNORE INTO unindexed (id) SELECT id FROM translations WHERE NOT EXISTS (SELECT 1 FROM words);

-- Sentences with their translations that an owner brought along, as TMX.
CREATE TABLE IF NOT EXISTS units (
    id              BINARY(32)      NOT NULL COMMENT 'SHA-256 of owner, languages and sentence',
    owner           BINARY(16)      NOT NULL,
    source_language VARCHAR(35)     NOT NULL COMMENT 'BCP 47',
    target_language VARCHAR(35)     NOT NULL COMMENT 'BCP 47',
    source_text     MEDIUMTEXT      NOT NULL,
    target_text     MEDIUMTEXT      NOT NULL,
    created_at      BIGINT          NOT NULL COMMENT 'microseconds since 1970-01-01 UTC, as the file says or of the import',

    PRIMARY KEY (id),
    KEY units_by_owner (owner, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci;
