-- The terms of a long text, and remembered sentences by what they are, whatever they were translated with.
--
-- The MySQL image runs this file when its volume is empty. A database from before gets it by `deploy/up`, or by hand
-- as deploy/README.md says; running it again changes nothing. The SQLite form is
-- crates/frontend/src/store/sqlite/0006_glossary.sql.

-- MySQL has no ADD COLUMN IF NOT EXISTS.
SET @change = IF(
    EXISTS (SELECT 1 FROM information_schema.columns
            WHERE table_schema = DATABASE() AND table_name = 'jobs' AND column_name = 'glossary'),
    'DO 0',
    'ALTER TABLE jobs
        ADD COLUMN glossary MEDIUMTEXT NULL COMMENT ''terms as they were typed, one a line; NULL: none'''
);
PREPARE change_table FROM @change;
EXECUTE change_table;
DEALLOCATE PREPARE change_table;

-- With it, whoever deletes a translation has its sentences forgotten, under which terms ever.
SET @change = IF(
    EXISTS (SELECT 1 FROM information_schema.columns
            WHERE table_schema = DATABASE() AND table_name = 'sentences' AND column_name = 'sentence'),
    'DO 0',
    'ALTER TABLE sentences
        ADD COLUMN sentence BINARY(32) NULL COMMENT ''SHA-256 of owner, languages and sentence'',
        ADD KEY sentences_by_sentence (sentence)'
);
PREPARE change_table FROM @change;
EXECUTE change_table;
DEALLOCATE PREPARE change_table;
