-- Documents that are translated as files, and which word of a remembered sentence became which.
--
-- The MySQL image runs this file when its volume is empty. A database from before gets it by `deploy/up`, or by hand
-- as deploy/README.md says; running it again changes nothing. The SQLite form is
-- crates/frontend/src/store/sqlite/0004_files.sql.

-- A file has the id of its job, which later is that of its translation. It is deleted with either.
CREATE TABLE IF NOT EXISTS files (
    id               BINARY(16)     NOT NULL,
    owner            BINARY(16)     NOT NULL,
    name             VARCHAR(255)   NOT NULL COMMENT 'as the visitor named it',
    bytes            BIGINT         NOT NULL,
    translated_name  VARCHAR(255)   NULL COMMENT 'NULL until the translation is written',
    translated_bytes BIGINT         NULL,

    PRIMARY KEY (id),
    KEY files_by_owner (owner)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci;

-- The bytes of a file and of its translation in pieces of half a megabyte, which fit into any packet.
CREATE TABLE IF NOT EXISTS file_chunks (
    file_id          BINARY(16)     NOT NULL,
    side             VARCHAR(16)    NOT NULL COMMENT 'source or target',
    chunk            BIGINT         NOT NULL COMMENT 'from 0',
    content          MEDIUMBLOB     NOT NULL,

    PRIMARY KEY (file_id, side, chunk),
    FOREIGN KEY (file_id) REFERENCES files (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci;

-- MySQL has no ADD COLUMN IF NOT EXISTS.
SET @change = IF(
    EXISTS (SELECT 1 FROM information_schema.columns
            WHERE table_schema = DATABASE() AND table_name = 'job_pieces' AND column_name = 'links'),
    'DO 0',
    'ALTER TABLE job_pieces
        ADD COLUMN links MEDIUMTEXT NULL COMMENT ''"FROM,TO,FROM,TO ...;" in bytes for each sentence of a file'''
);
PREPARE change_table FROM @change;
EXECUTE change_table;
DEALLOCATE PREPARE change_table;

SET @change = IF(
    EXISTS (SELECT 1 FROM information_schema.columns
            WHERE table_schema = DATABASE() AND table_name = 'sentences' AND column_name = 'links'),
    'DO 0',
    'ALTER TABLE sentences
        ADD COLUMN links MEDIUMTEXT NULL COMMENT ''likewise; NULL: never asked for'''
);
PREPARE change_table FROM @change;
EXECUTE change_table;
DEALLOCATE PREPARE change_table;
