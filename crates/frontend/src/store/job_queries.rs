//! The queries of jobs and remembered sentences. They are the same on both databases but for what the macro is given.

/// Writes the queries for one database: its store, its sqlx type, what an insert does with a row that is there
/// already, what must be set before texts are joined, how all texts of a job's column are joined in order, and a
/// job's time as the table of translations has it.
macro_rules! job_queries {
    ($store:ty, $database:ty, $keep:literal, $prepare:expr, $join:ident, $time:literal) => {
        impl $store {
            pub(super) async fn create_job(&self, job: &NewJob<'_>) -> Result<(), StoreError> {
                let mut transaction = self.pool.begin().await?;
                let text = || job.pieces.iter().flat_map(|piece| piece.chars());
                sqlx::query(
                    "INSERT INTO jobs (id, owner, kind, source_language, target_language, state, source_excerpt,
                                       source_chars, source_bytes, detected, glossary, created_at)
                     VALUES (?, ?, ?, ?, ?, 'open', ?, ?, ?, ?, ?, ?)",
                )
                .bind(job.id)
                .bind(job.owner.0)
                .bind(if job.file.is_some() { JobKind::File } else { JobKind::Text }.as_str())
                .bind(job.source_language)
                .bind(job.target_language)
                .bind(text().take(280).collect::<String>())
                .bind(text().count() as i64)
                .bind(job.pieces.iter().map(|piece| piece.len()).sum::<usize>() as i64)
                .bind(job.detected)
                .bind(Some(job.glossary).filter(|glossary| !glossary.is_empty()))
                .bind(job.created_at.as_microsecond())
                .execute(&mut *transaction)
                .await?;
                let numbered: Vec<_> = job.pieces.iter().enumerate().collect();
                for some in numbered.chunks(PIECES_AN_INSERT) {
                    let mut insert =
                        QueryBuilder::<$database>::new("INSERT INTO job_pieces (job_id, piece, source_text) ");
                    insert.push_values(some, |mut row, (index, text)| {
                        row.push_bind(job.id).push_bind(*index as i64).push_bind(**text);
                    });
                    insert.build().execute(&mut *transaction).await?;
                }
                if let Some(file) = &job.file {
                    Self::create_file(&mut transaction, job, file).await?;
                }
                Ok(transaction.commit().await?)
            }

            pub(super) async fn job(&self, id: Uuid) -> Result<Option<Job>, StoreError> {
                let sql = concat!("SELECT ", job_columns!(), " FROM jobs WHERE id = ?");
                Ok(sqlx::query_as(sql).bind(id).fetch_optional(&self.pool).await?)
            }

            pub(super) async fn jobs_of(&self, owner: Owner, most: i64) -> Result<Vec<Job>, StoreError> {
                let sql = concat!(
                    "SELECT ",
                    job_columns!(),
                    " FROM jobs WHERE owner = ? ORDER BY created_at DESC, id DESC LIMIT ?"
                );
                Ok(sqlx::query_as(sql).bind(owner.0).bind(most).fetch_all(&self.pool).await?)
            }

            pub(super) async fn claim_job(
                &self,
                claim: Claim,
                now: Timestamp,
            ) -> Result<Option<Job>, StoreError> {
                let now = now.as_microsecond();
                // another frontend may be quicker; then there may be a next one
                loop {
                    let candidate: Option<Uuid> = sqlx::query_scalar(
                        "SELECT id FROM jobs WHERE state = 'open' AND claimed_until <= ?
                         ORDER BY (SELECT COUNT(*) FROM jobs AS busy
                                   WHERE busy.owner = jobs.owner AND busy.state = 'open'
                                     AND busy.claimed_until > ?), created_at, id
                         LIMIT 1",
                    )
                    .bind(now)
                    .bind(now)
                    .fetch_optional(&self.pool)
                    .await?;
                    let Some(id) = candidate else { return Ok(None) };
                    let claimed = sqlx::query(
                        "UPDATE jobs SET claimed_by = ?, claimed_until = ?
                         WHERE id = ? AND state = 'open' AND claimed_until <= ?",
                    )
                    .bind(claim.by)
                    .bind(claim.until.as_microsecond())
                    .bind(id)
                    .bind(now)
                    .execute(&self.pool)
                    .await?;
                    if claimed.rows_affected() == 1 {
                        return self.job(id).await;
                    }
                }
            }

            pub(super) async fn renew_claim(&self, id: Uuid, claim: Claim) -> Result<bool, StoreError> {
                let sql = "UPDATE jobs SET claimed_until = ? WHERE id = ? AND claimed_by = ? AND state = 'open'";
                let query = sqlx::query(sql).bind(claim.until.as_microsecond()).bind(id).bind(claim.by);
                Ok(query.execute(&self.pool).await?.rows_affected() == 1)
            }

            pub(super) async fn unfinished_pieces(
                &self,
                id: Uuid,
                most: i64,
            ) -> Result<Vec<Piece>, StoreError> {
                let sql = "SELECT piece, source_text FROM job_pieces
                           WHERE job_id = ? AND target_text IS NULL ORDER BY piece LIMIT ?";
                let rows: Vec<(i64, String)> =
                    sqlx::query_as(sql).bind(id).bind(most).fetch_all(&self.pool).await?;
                Ok(rows.into_iter().map(|(index, source)| Piece { index, source }).collect())
            }

            pub(super) async fn finished_pieces(
                &self,
                id: Uuid,
                first: i64,
                most: i64,
            ) -> Result<Vec<FinishedPiece>, StoreError> {
                let sql = "SELECT piece, source_text, target_text, alignment, links FROM job_pieces
                           WHERE job_id = ? AND piece >= ? AND target_text IS NOT NULL ORDER BY piece LIMIT ?";
                let rows: Vec<(i64, String, String, String, Option<String>)> =
                    sqlx::query_as(sql).bind(id).bind(first).bind(most).fetch_all(&self.pool).await?;
                let piece = |(index, source, target, alignment, links): (_, _, _, String, Option<_>)| FinishedPiece {
                    index,
                    source,
                    target,
                    alignment: alignment.into(),
                    links: links.map(Links::from),
                };
                Ok(rows.into_iter().map(piece).collect())
            }

            pub(super) async fn finish_piece(
                &self,
                id: Uuid,
                claim: Claim,
                progress: &Progress,
            ) -> Result<bool, StoreError> {
                let piece = &progress.piece;
                let mut transaction = self.pool.begin().await?;
                let counted = sqlx::query(
                    "UPDATE jobs SET done_bytes = done_bytes + ?, sentences = sentences + ?, reused = reused + ?,
                            model = ?, faults = 0, duration_ms = duration_ms + ?, claimed_until = ?
                     WHERE id = ? AND claimed_by = ? AND state = 'open'",
                )
                .bind(piece.source.len() as i64)
                .bind(progress.sentences)
                .bind(progress.reused)
                .bind(&progress.model)
                .bind(progress.duration.as_millis() as i64)
                .bind(claim.until.as_microsecond())
                .bind(id)
                .bind(claim.by)
                .execute(&mut *transaction)
                .await?;
                let written = sqlx::query(
                    "UPDATE job_pieces SET target_text = ?, alignment = ?, links = ?
                     WHERE job_id = ? AND piece = ? AND target_text IS NULL",
                )
                .bind(&piece.target)
                .bind(piece.alignment.as_str())
                .bind(piece.links.as_ref().map(Links::as_str))
                .bind(id)
                .bind(piece.index)
                .execute(&mut *transaction)
                .await?;
                let ours = counted.rows_affected() == 1 && written.rows_affected() == 1;
                if ours {
                    transaction.commit().await?;
                } else {
                    transaction.rollback().await?;
                }
                Ok(ours)
            }

            pub(super) async fn finish_job(&self, id: Uuid, claim: Claim) -> Result<bool, StoreError> {
                let mut transaction = self.pool.begin().await?;
                for statement in $prepare {
                    sqlx::query(statement).execute(&mut *transaction).await?;
                }
                // joined in the database, so that the whole text never comes here
                let finished = sqlx::query(concat!(
                    "INSERT INTO translations (id, owner, source_language, target_language, source_text, target_text,
                                               alignment, model, created_at, duration_ms, detected)
                     SELECT id, owner, source_language, target_language, ",
                    $join!("source_text"),
                    ", ",
                    $join!("target_text"),
                    ", ",
                    $join!("alignment"),
                    ", model, ",
                    $time,
                    ", CASE WHEN duration_ms > 4294967295 THEN 4294967295 ELSE duration_ms END, detected
                     FROM jobs WHERE id = ? AND claimed_by = ? AND state = 'open' AND NOT EXISTS
                         (SELECT 1 FROM job_pieces WHERE job_id = jobs.id AND target_text IS NULL)"
                ))
                .bind(id)
                .bind(claim.by)
                .execute(&mut *transaction)
                .await?;
                if finished.rows_affected() == 0 {
                    transaction.rollback().await?;
                    return Ok(false);
                }
                sqlx::query("DELETE FROM jobs WHERE id = ?").bind(id).execute(&mut *transaction).await?;
                transaction.commit().await?;
                Ok(true)
            }

            pub(super) async fn count_fault(&self, id: Uuid, claim: Claim) -> Result<i64, StoreError> {
                let sql = "UPDATE jobs SET faults = faults + 1 WHERE id = ? AND claimed_by = ? AND state = 'open'";
                sqlx::query(sql).bind(id).bind(claim.by).execute(&self.pool).await?;
                Ok(self.job(id).await?.map_or(0, |job| job.faults))
            }

            pub(super) async fn fail_job(
                &self,
                id: Uuid,
                claim: Claim,
                failure: &str,
            ) -> Result<bool, StoreError> {
                let sql = "UPDATE jobs SET state = 'failed', failure = ?, claimed_until = 0
                           WHERE id = ? AND claimed_by = ? AND state = 'open'";
                let failure: String = failure.chars().take(1000).collect();
                let query = sqlx::query(sql).bind(failure).bind(id).bind(claim.by);
                Ok(query.execute(&self.pool).await?.rows_affected() == 1)
            }

            pub(super) async fn cancel_job(&self, id: Uuid, owner: Owner) -> Result<bool, StoreError> {
                let sql = "UPDATE jobs SET state = 'cancelled', claimed_until = 0
                           WHERE id = ? AND owner = ? AND state = 'open'";
                Ok(sqlx::query(sql).bind(id).bind(owner.0).execute(&self.pool).await?.rows_affected() == 1)
            }

            pub(super) async fn resume_job(&self, id: Uuid, owner: Owner) -> Result<bool, StoreError> {
                let sql = "UPDATE jobs SET state = 'open', failure = NULL, faults = 0, claimed_until = 0
                           WHERE id = ? AND owner = ? AND state <> 'open'";
                Ok(sqlx::query(sql).bind(id).bind(owner.0).execute(&self.pool).await?.rows_affected() == 1)
            }

            pub(super) async fn delete_job(&self, id: Uuid, owner: Owner) -> Result<bool, StoreError> {
                self.delete_with_file("DELETE FROM jobs WHERE id = ? AND owner = ?", id, owner).await
            }

            pub(super) async fn remember(
                &self,
                owner: Owner,
                sentences: &[Remembered],
                now: Timestamp,
            ) -> Result<(), StoreError> {
                for some in sentences.chunks(SENTENCES_AT_ONCE) {
                    let mut insert = QueryBuilder::<$database>::new(
                        "INSERT INTO sentences (id, owner, sentence, target_text, links, created_at) ",
                    );
                    insert.push_values(some, |mut row, sentence| {
                        row.push_bind(&sentence.key[..])
                            .push_bind(owner.0)
                            .push_bind(&sentence.sentence[..])
                            .push_bind(sentence.target.as_str())
                            .push_bind(sentence.links.as_ref().map(Links::as_str))
                            .push_bind(now.as_microsecond());
                    });
                    insert.push($keep);
                    insert.build().execute(&self.pool).await?;
                }
                Ok(())
            }

            pub(super) async fn forget(&self, keys: &[SentenceKey]) -> Result<(), StoreError> {
                for some in keys.chunks(SENTENCES_AT_ONCE) {
                    for sql in ["DELETE FROM sentences WHERE id IN (", "DELETE FROM sentences WHERE sentence IN ("] {
                        let mut delete = QueryBuilder::<$database>::new(sql);
                        let mut list = delete.separated(", ");
                        for key in some {
                            list.push_bind(&key[..]);
                        }
                        list.push_unseparated(")");
                        delete.build().execute(&self.pool).await?;
                    }
                }
                Ok(())
            }

            pub(super) async fn recall(
                &self,
                keys: &[SentenceKey],
            ) -> Result<HashMap<SentenceKey, Remembered>, StoreError> {
                let mut found = HashMap::new();
                for some in keys.chunks(SENTENCES_AT_ONCE) {
                    let mut select =
                        QueryBuilder::<$database>::new("SELECT id, sentence, target_text, links FROM sentences WHERE id IN (");
                    let mut list = select.separated(", ");
                    for key in some {
                        list.push_bind(&key[..]);
                    }
                    list.push_unseparated(")");
                    let rows: Vec<(Vec<u8>, Option<Vec<u8>>, String, Option<String>)> =
                        select.build_query_as().fetch_all(&self.pool).await?;
                    found.extend(rows.into_iter().filter_map(|(key, sentence, target, links)| {
                        let key = key.try_into().ok()?;
                        // none of what was remembered before there were names of sentences
                        let sentence = sentence.and_then(|name| name.try_into().ok()).unwrap_or(key);
                        Some((key, Remembered { key, sentence, target, links: links.map(Links::from) }))
                    }));
                }
                Ok(found)
            }
        }
    };
}

/// What a [`Job`](super::jobs::Job) is made of.
macro_rules! job_columns {
    () => {
        "id, owner, kind, source_language, target_language, state, failure, source_excerpt, source_chars, source_bytes,
         done_bytes, sentences, reused, faults, duration_ms, detected, glossary, created_at"
    };
}

pub(super) use {job_columns, job_queries};

/// Some hundreds of kilobytes in one statement.
pub(super) const PIECES_AN_INSERT: usize = 40;
/// Well below the number of parameters that a statement may have.
pub(super) const SENTENCES_AT_ONCE: usize = 500;
