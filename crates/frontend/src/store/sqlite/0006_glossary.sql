-- The SQLite form of mysql-dump/0006_glossary.sql, where the columns are explained.

ALTER TABLE jobs ADD COLUMN glossary TEXT;
ALTER TABLE sentences ADD COLUMN sentence BLOB;
CREATE INDEX sentences_by_sentence ON sentences (sentence);
