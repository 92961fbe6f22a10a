-- Every finished translation, one row each.
--
-- The MySQL image runs this file in the database named by MYSQL_DATABASE when its volume is empty; running it again
-- changes nothing. The SQLite form of the same table is crates/frontend/src/store/sqlite.sql.

CREATE TABLE IF NOT EXISTS translations (
    id              BINARY(16)      NOT NULL COMMENT 'UUIDv7, given before the translation starts',
    source_language VARCHAR(35)     NOT NULL COMMENT 'BCP 47',
    target_language VARCHAR(35)     NOT NULL COMMENT 'BCP 47',
    source_text     LONGTEXT        NOT NULL,
    target_text     LONGTEXT        NOT NULL,
    model           VARCHAR(255)    NOT NULL,
    created_at      DATETIME(6)     NOT NULL COMMENT 'UTC',
    duration_ms     INT UNSIGNED    NOT NULL,

    -- What a list shows of a row, so that listing never reads the texts themselves, which may be tens of megabytes.
    source_excerpt  VARCHAR(280)    AS (LEFT(source_text, 280)) STORED NOT NULL,
    target_excerpt  VARCHAR(280)    AS (LEFT(target_text, 280)) STORED NOT NULL,
    source_chars    INT UNSIGNED    AS (CHAR_LENGTH(source_text)) STORED NOT NULL,

    PRIMARY KEY (id),
    KEY translations_by_time (created_at, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci;
