-- What the SQL page may read: the shared history, and nothing that a browser has for itself.
--
-- The MySQL image runs this file after those before it when its volume is empty. A database from before gets it by
-- `deploy/up`, or by hand as deploy/README.md says; running it again changes nothing. The account that may read the
-- view, and nothing else, is made by deploy/reader.sh. With SQLite, crates/frontend/src/reader/sqlite.rs has the view.

-- With the rights of whoever loads this, so that its reader needs none on the table.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW history AS
SELECT BIN_TO_UUID(id) AS id,
       created_at,
       source_language,
       target_language,
       source_text,
       target_text,
       model,
       duration_ms,
       source_chars
FROM translations
WHERE owner = 0x00000000000000000000000000000000;
