//! The queries of sentences that were brought along. They are the same on both databases but for what the macro is
//! given.

/// Writes the queries for one database: its store, its sqlx type, and what an insert does with a row that is there
/// already.
macro_rules! unit_queries {
    ($store:ty, $database:ty, $replace:literal) => {
        impl $store {
            pub(super) async fn add_units(&self, owner: Owner, units: &[Unit]) -> Result<(), StoreError> {
                let mut transaction = self.pool.begin().await?;
                for some in units.chunks(UNITS_AN_INSERT) {
                    let mut insert = QueryBuilder::<$database>::new(
                        "INSERT INTO units (id, owner, source_language, target_language, source_text, target_text,
                                            created_at) ",
                    );
                    insert.push_values(some, |mut row, unit| {
                        row.push_bind(&unit.key[..])
                            .push_bind(owner.0)
                            .push_bind(unit.source_language.as_str())
                            .push_bind(unit.target_language.as_str())
                            .push_bind(unit.source.as_str())
                            .push_bind(unit.target.as_str())
                            .push_bind(unit.changed.as_microsecond());
                    });
                    insert.push($replace);
                    insert.build().execute(&mut *transaction).await?;
                }
                Ok(transaction.commit().await?)
            }

            pub(super) async fn recall_units(
                &self,
                keys: &[SentenceKey],
            ) -> Result<HashMap<SentenceKey, String>, StoreError> {
                let mut found = HashMap::new();
                for some in keys.chunks(SENTENCES_AT_ONCE) {
                    let mut select =
                        QueryBuilder::<$database>::new("SELECT id, target_text FROM units WHERE id IN (");
                    let mut list = select.separated(", ");
                    for key in some {
                        list.push_bind(&key[..]);
                    }
                    list.push_unseparated(")");
                    let rows: Vec<(Vec<u8>, String)> = select.build_query_as().fetch_all(&self.pool).await?;
                    found.extend(rows.into_iter().filter_map(|(key, text)| Some((key.try_into().ok()?, text))));
                }
                Ok(found)
            }

            pub(super) async fn count_units(&self, owner: Owner) -> Result<i64, StoreError> {
                let sql = "SELECT COUNT(*) FROM units WHERE owner = ?";
                Ok(sqlx::query_scalar(sql).bind(owner.0).fetch_one(&self.pool).await?)
            }

            pub(super) async fn units(
                &self,
                owner: Owner,
                after: SentenceKey,
                most: u32,
            ) -> Result<Vec<Unit>, StoreError> {
                let sql = "SELECT id, source_language, target_language, source_text, target_text, created_at
                           FROM units WHERE owner = ? AND id > ? ORDER BY id LIMIT ?";
                let query = sqlx::query_as(sql).bind(owner.0).bind(&after[..]).bind(most);
                Ok(query.fetch_all(&self.pool).await?)
            }

            pub(super) async fn delete_some_units(&self, owner: Owner) -> Result<bool, StoreError> {
                let deleted = sqlx::query(DELETE_UNITS).bind(owner.0).execute(&self.pool).await?;
                Ok(deleted.rows_affected() > 0)
            }
        }
    };
}

pub(super) use unit_queries;

/// Some of them can be as long as texts get.
pub(super) const UNITS_AN_INSERT: usize = 100;

/// Of one owner, some thousands.
pub(super) const DELETE_UNITS: &str = "DELETE FROM units WHERE id IN
     (SELECT id FROM (SELECT id FROM units WHERE owner = ? LIMIT 5000) AS some)";
