//! The queries of files, the same on both databases.

/// Writes the queries for a store of this sqlx type.
macro_rules! file_queries {
    ($store:ty, $database:ty) => {
        impl $store {
            pub(super) async fn files(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, StoredFile>, StoreError> {
                let mut select = QueryBuilder::<$database>::new(
                    "SELECT id, owner, name, bytes, translated_name, translated_bytes FROM files WHERE id IN (",
                );
                let mut list = select.separated(", ");
                for id in ids {
                    list.push_bind(*id);
                }
                list.push_unseparated(")");
                let rows: Vec<(Uuid, Uuid, String, i64, Option<String>, Option<i64>)> =
                    select.build_query_as().fetch_all(&self.pool).await?;
                let file = |(id, owner, name, bytes, translated_name, translated_bytes): (_, _, _, _, Option<_>, _)| {
                    let target = translated_name.zip(translated_bytes);
                    let target = target.map(|(name, bytes)| FileInfo { name, bytes });
                    (id, StoredFile { id, owner: Owner(owner), source: FileInfo { name, bytes }, target })
                };
                Ok(rows.into_iter().map(file).collect())
            }

            pub(super) async fn file_chunk(
                &self,
                id: Uuid,
                side: FileSide,
                chunk: i64,
            ) -> Result<Option<Vec<u8>>, StoreError> {
                let sql = "SELECT content FROM file_chunks WHERE file_id = ? AND side = ? AND chunk = ?";
                let query = sqlx::query_scalar(sql).bind(id).bind(side.as_str()).bind(chunk);
                Ok(query.fetch_optional(&self.pool).await?)
            }

            pub(super) async fn write_translated(
                &self,
                id: Uuid,
                claim: Claim,
                file: NewFile<'_>,
            ) -> Result<bool, StoreError> {
                let mut transaction = self.pool.begin().await?;
                let ours = sqlx::query(
                    "UPDATE jobs SET claimed_until = ? WHERE id = ? AND claimed_by = ? AND state = 'open'",
                )
                .bind(claim.until.as_microsecond())
                .bind(id)
                .bind(claim.by)
                .execute(&mut *transaction)
                .await?;
                let sql = "UPDATE files SET translated_name = ?, translated_bytes = ? WHERE id = ?";
                let named = sqlx::query(sql)
                    .bind(file.name)
                    .bind(file.content.len() as i64)
                    .bind(id)
                    .execute(&mut *transaction)
                    .await?;
                if ours.rows_affected() == 0 || named.rows_affected() == 0 {
                    transaction.rollback().await?;
                    return Ok(false);
                }
                sqlx::query("DELETE FROM file_chunks WHERE file_id = ? AND side = ?")
                    .bind(id)
                    .bind(FileSide::Target.as_str())
                    .execute(&mut *transaction)
                    .await?;
                Self::write_chunks(&mut transaction, id, FileSide::Target, file.content).await?;
                transaction.commit().await?;
                Ok(true)
            }

            /// Deletes what `sql` does, given the id and the owner, and its file.
            async fn delete_with_file(
                &self,
                sql: &'static str,
                id: Uuid,
                owner: Owner,
            ) -> Result<bool, StoreError> {
                let mut transaction = self.pool.begin().await?;
                let deleted = sqlx::query(sql).bind(id).bind(owner.0).execute(&mut *transaction).await?;
                if deleted.rows_affected() == 1 {
                    let sql = "DELETE FROM files WHERE id = ? AND owner = ?";
                    sqlx::query(sql).bind(id).bind(owner.0).execute(&mut *transaction).await?;
                }
                transaction.commit().await?;
                Ok(deleted.rows_affected() == 1)
            }

            async fn create_file(
                transaction: &mut Transaction<'_, $database>,
                job: &NewJob<'_>,
                file: &NewFile<'_>,
            ) -> Result<(), StoreError> {
                sqlx::query("INSERT INTO files (id, owner, name, bytes) VALUES (?, ?, ?, ?)")
                    .bind(job.id)
                    .bind(job.owner.0)
                    .bind(file.name)
                    .bind(file.content.len() as i64)
                    .execute(&mut **transaction)
                    .await?;
                Self::write_chunks(transaction, job.id, FileSide::Source, file.content).await
            }

            async fn write_chunks(
                transaction: &mut Transaction<'_, $database>,
                id: Uuid,
                side: FileSide,
                content: &[u8],
            ) -> Result<(), StoreError> {
                for (index, chunk) in content.chunks(CHUNK_BYTES).enumerate() {
                    let sql = "INSERT INTO file_chunks (file_id, side, chunk, content) VALUES (?, ?, ?, ?)";
                    let insert = sqlx::query(sql).bind(id).bind(side.as_str()).bind(index as i64).bind(chunk);
                    insert.execute(&mut **transaction).await?;
                }
                Ok(())
            }
        }
    };
}

pub(super) use file_queries;
