-- Whose a translation is and where its sentences stand; long texts under way; sentences to use again.
--
-- The MySQL image runs this file after 0001 when its volume is empty. A database from before gets it by
-- `deploy/up`, or by hand as deploy/README.md says; running it again changes nothing. The SQLite form is
-- crates/frontend/src/store/sqlite/0002_jobs.sql. Times are microseconds since 1970-01-01 UTC.

-- MySQL has no ADD COLUMN IF NOT EXISTS.
SET @change = IF(
    EXISTS (SELECT 1 FROM information_schema.columns
            WHERE table_schema = DATABASE() AND table_name = 'translations' AND column_name = 'owner'),
    'DO 0',
    'ALTER TABLE translations
        ADD COLUMN owner BINARY(16) NOT NULL DEFAULT 0x00000000000000000000000000000000
            COMMENT ''who translated; zeros: from a shared history'' AFTER id,
        ADD COLUMN alignment LONGTEXT NULL COMMENT ''"GAP,SOURCE,TARGET;" in bytes for each sentence'',
        DROP KEY translations_by_time,
        ADD KEY translations_by_owner (owner, created_at, id)'
);
PREPARE change_table FROM @change;
EXECUTE change_table;
DEALLOCATE PREPARE change_table;

-- A long text that is not translated to its end yet. When it is, it becomes a row of translations with the same id.
CREATE TABLE IF NOT EXISTS jobs (
    id              BINARY(16)      NOT NULL COMMENT 'UUIDv7',
    owner           BINARY(16)      NOT NULL,
    kind            VARCHAR(16)     NOT NULL COMMENT 'text or file',
    source_language VARCHAR(35)     NOT NULL COMMENT 'BCP 47',
    target_language VARCHAR(35)     NOT NULL COMMENT 'BCP 47',
    state           VARCHAR(16)     NOT NULL COMMENT 'open, cancelled or failed',
    failure         VARCHAR(1000)   NULL COMMENT 'why it failed, for people',
    source_excerpt  VARCHAR(280)    NOT NULL,
    source_chars    BIGINT          NOT NULL,
    source_bytes    BIGINT          NOT NULL,
    done_bytes      BIGINT          NOT NULL DEFAULT 0,
    sentences       BIGINT          NOT NULL DEFAULT 0 COMMENT 'finished ones',
    reused          BIGINT          NOT NULL DEFAULT 0 COMMENT 'those of them that were remembered',
    model           VARCHAR(255)    NOT NULL DEFAULT '',
    faults          BIGINT          NOT NULL DEFAULT 0 COMMENT 'failed attempts since the last progress',
    duration_ms     BIGINT          NOT NULL DEFAULT 0 COMMENT 'time worked on it',
    created_at      BIGINT          NOT NULL,
    claimed_by      BINARY(16)      NULL COMMENT 'the frontend that works on it',
    claimed_until   BIGINT          NOT NULL DEFAULT 0,

    PRIMARY KEY (id),
    KEY jobs_by_state (state, created_at),
    KEY jobs_by_owner (owner, created_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci;

-- The text of a job in pieces of some kilobytes, so that neither a frontend nor a packet ever holds all of it.
CREATE TABLE IF NOT EXISTS job_pieces (
    job_id          BINARY(16)      NOT NULL,
    piece           BIGINT          NOT NULL COMMENT 'from 0',
    source_text     MEDIUMTEXT      NOT NULL,
    target_text     MEDIUMTEXT      NULL COMMENT 'NULL until it is finished',
    alignment       MEDIUMTEXT      NULL,

    PRIMARY KEY (job_id, piece),
    FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci;

-- Sentences that were translated once, for the same owner to use again.
CREATE TABLE IF NOT EXISTS sentences (
    id              BINARY(32)      NOT NULL COMMENT 'SHA-256 of owner, languages, model and sentence',
    owner           BINARY(16)      NOT NULL,
    target_text     MEDIUMTEXT      NOT NULL,
    created_at      BIGINT          NOT NULL,

    PRIMARY KEY (id),
    KEY sentences_by_owner (owner, created_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci;
