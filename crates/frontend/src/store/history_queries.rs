//! The queries of the list and of the search. They are the same on both databases but for what the macro is given.

/// Writes the queries for one database: its store, its sqlx type, a row's time in microseconds, what stands before and
/// after microseconds to make them such a time, what an insert does with a row that is there already, how a
/// transaction that writes begins, what keeps others from changing rows that it reads, and the deletion of some words.
macro_rules! history_queries {
    ($store:ty, $database:ty, $micros:literal, [$before:literal, $after:literal], $keep:literal, $begin:literal,
     $lock:literal, $delete_words:literal) => {
        impl $store {
            pub(super) async fn list(
                &self,
                filter: &Filter,
                position: Position,
                most: u8,
            ) -> Result<Vec<Summary>, StoreError> {
                let mut select = QueryBuilder::<$database>::new(Self::SUMMARIES);
                select.push("owner = ").push_bind(filter.owner.0);
                narrow(&mut select, &filter.but_for(position));
                let (cursor, signs, order) = match position {
                    Position::Newest => (None, ["", ""], "DESC"),
                    Position::Before(cursor) => (Some(cursor), [" <= ", " < "], "DESC"),
                    Position::After(cursor) => (Some(cursor), [" >= ", " > "], "ASC"),
                };
                if let Some(cursor) = cursor {
                    // The plain comparison of times leads through the index; MySQL would not use one of pairs.
                    time_is(&mut select, " AND created_at", signs[0], cursor.created_at);
                    time_is(&mut select, " AND (created_at", signs[1], cursor.created_at);
                    select.push(" OR id").push(signs[1]).push_bind(cursor.id).push(")");
                }
                select.push(" ORDER BY created_at ").push(order).push(", id ").push(order);
                select.push(" LIMIT ").push_bind(most);
                Ok(select.build_query_as().fetch_all(&self.pool).await?)
            }

            /// Those of these translations of the owner's that the filter lets through.
            pub(super) async fn summaries(
                &self,
                filter: &Filter,
                ids: &[Uuid],
            ) -> Result<Vec<Summary>, StoreError> {
                let mut select = QueryBuilder::<$database>::new(Self::SUMMARIES);
                // without the owner, whose index SQLite would walk
                select.push("id IN (");
                let mut list = select.separated(", ");
                for id in ids {
                    list.push_bind(*id);
                }
                list.push_unseparated(")");
                narrow(&mut select, filter);
                Ok(select.build_query_as().fetch_all(&self.pool).await?)
            }

            const SUMMARIES: &str = concat!(
                "SELECT id, source_language, target_language, source_excerpt, target_excerpt, source_chars, ",
                $micros,
                " AS created_us FROM translations WHERE "
            );

            /// An owner's next pair of languages after this one.
            pub(super) async fn next_pair(
                &self,
                owner: Owner,
                after: &str,
            ) -> Result<Option<String>, StoreError> {
                let sql = "SELECT pair FROM translations WHERE owner = ? AND pair > ? ORDER BY pair LIMIT 1";
                Ok(sqlx::query_scalar(sql).bind(owner.0).bind(after).fetch_optional(&self.pool).await?)
            }

            /// What has this word, newest first, from one id on and before another.
            pub(super) async fn with_word(
                &self,
                owner: Owner,
                word: &str,
                ids: std::ops::Range<Uuid>,
                most: u32,
            ) -> Result<Vec<Uuid>, StoreError> {
                let sql = "SELECT id FROM words WHERE owner = ? AND word = ? AND id >= ? AND id < ?
                           ORDER BY id DESC LIMIT ?";
                let query = sqlx::query_scalar(sql).bind(owner.0).bind(word).bind(ids.start).bind(ids.end);
                Ok(query.bind(most).fetch_all(&self.pool).await?)
            }

            /// Whether more than so many words of translations are among these.
            pub(super) async fn are_common(
                &self,
                owner: Owner,
                words: [&str; 2],
                most: u32,
            ) -> Result<bool, StoreError> {
                let sql = "SELECT 1 FROM words WHERE owner = ? AND word >= ? AND word <= ? LIMIT 1 OFFSET ?";
                let query = sqlx::query(sql).bind(owner.0).bind(words[0]).bind(words[1]).bind(most);
                Ok(query.fetch_optional(&self.pool).await?.is_some())
            }

            /// What has any of these words, in no order and perhaps repeatedly.
            pub(super) async fn with_words_between(
                &self,
                owner: Owner,
                words: [&str; 2],
            ) -> Result<Vec<Uuid>, StoreError> {
                let sql = "SELECT id FROM words WHERE owner = ? AND word >= ? AND word <= ?";
                let query = sqlx::query_scalar(sql).bind(owner.0).bind(words[0]).bind(words[1]);
                Ok(query.fetch_all(&self.pool).await?)
            }

            /// Those of these translations that have one of the words.
            pub(super) async fn having(
                &self,
                owner: Owner,
                words: &[String],
                ids: &[Uuid],
            ) -> Result<Vec<Uuid>, StoreError> {
                let mut select =
                    QueryBuilder::<$database>::new("SELECT DISTINCT id FROM words WHERE owner = ");
                select.push_bind(owner.0).push(" AND word IN (");
                let mut list = select.separated(", ");
                for word in words {
                    list.push_bind(word.clone());
                }
                list.push_unseparated(") AND id IN (");
                let mut list = select.separated(", ");
                for id in ids {
                    list.push_bind(*id);
                }
                list.push_unseparated(")");
                Ok(select.build_query_scalar().fetch_all(&self.pool).await?)
            }

            /// Where a translation has words between these first.
            pub(super) async fn places(
                &self,
                owner: Owner,
                words: [&str; 2],
                id: Uuid,
            ) -> Result<Vec<u32>, StoreError> {
                let sql = "SELECT place FROM words WHERE owner = ? AND word >= ? AND word <= ? AND id = ?
                           ORDER BY place LIMIT 100";
                let query = sqlx::query_scalar(sql).bind(owner.0).bind(words[0]).bind(words[1]).bind(id);
                Ok(query.fetch_all(&self.pool).await?)
            }

            /// So many characters of a text, from one on, counted from 1.
            pub(super) async fn window(
                &self,
                id: Uuid,
                side: Side,
                first: u32,
                chars: u32,
            ) -> Result<Option<String>, StoreError> {
                let sql = match side {
                    Side::Source => "SELECT substr(source_text, ?, ?) FROM translations WHERE id = ?",
                    Side::Target => "SELECT substr(target_text, ?, ?) FROM translations WHERE id = ?",
                };
                let query = sqlx::query_scalar(sql).bind(first).bind(chars).bind(id);
                Ok(query.fetch_optional(&self.pool).await?)
            }

            /// Some translations whose words are not all written down.
            pub(super) async fn unindexed(&self, most: u32) -> Result<Vec<Uuid>, StoreError> {
                let sql = "SELECT id FROM unindexed ORDER BY id DESC LIMIT ?";
                Ok(sqlx::query_scalar(sql).bind(most).fetch_all(&self.pool).await?)
            }

            /// Writes words down, but for those of translations that were deleted meanwhile, and that these are done.
            pub(super) async fn write_words(
                &self,
                words: &[Entry],
                done: &[Uuid],
            ) -> Result<(), StoreError> {
                let mut ids: Vec<Uuid> = words.iter().map(|entry| entry.id).chain(done.iter().copied()).collect();
                ids.sort_unstable();
                ids.dedup();
                let mut transaction = self.pool.begin_with($begin).await?;
                let mut select =
                    QueryBuilder::<$database>::new("SELECT id FROM unindexed WHERE id IN (");
                let mut list = select.separated(", ");
                for id in &ids {
                    list.push_bind(*id);
                }
                list.push_unseparated(")").push_unseparated($lock);
                let there: Vec<Uuid> = select.build_query_scalar().fetch_all(&mut *transaction).await?;
                let there: HashSet<Uuid> = there.into_iter().collect();
                let words: Vec<&Entry> = words.iter().filter(|entry| there.contains(&entry.id)).collect();
                for some in words.chunks(WORDS_AT_ONCE) {
                    let mut insert =
                        QueryBuilder::<$database>::new("INSERT INTO words (owner, word, id, place) ");
                    insert.push_values(some, |mut row, entry| {
                        row.push_bind(entry.owner.0)
                            .push_bind(entry.word.as_str())
                            .push_bind(entry.id)
                            .push_bind(entry.place);
                    });
                    insert.push($keep);
                    insert.build().execute(&mut *transaction).await?;
                }
                if !done.is_empty() {
                    let mut delete = QueryBuilder::<$database>::new("DELETE FROM unindexed WHERE id IN (");
                    let mut list = delete.separated(", ");
                    for id in done {
                        list.push_bind(*id);
                    }
                    list.push_unseparated(")");
                    delete.build().execute(&mut *transaction).await?;
                }
                Ok(transaction.commit().await?)
            }

            /// Deletes a translation with its words. Those go first: it can be deleted again if this is broken off.
            pub(super) async fn delete(
                &self,
                id: Uuid,
                owner: Owner,
                words: &[String],
            ) -> Result<bool, StoreError> {
                // nobody writes its words any more
                sqlx::query("DELETE FROM unindexed WHERE id = ?").bind(id).execute(&self.pool).await?;
                for some in words.chunks(WORDS_AT_ONCE) {
                    let mut delete = QueryBuilder::<$database>::new("DELETE FROM words WHERE owner = ");
                    delete.push_bind(owner.0).push(" AND id = ").push_bind(id).push(" AND word IN (");
                    let mut list = delete.separated(", ");
                    for word in some {
                        list.push_bind(word.as_str());
                    }
                    list.push_unseparated(")");
                    delete.build().execute(&self.pool).await?;
                }
                self.delete_with_file("DELETE FROM translations WHERE id = ? AND owner = ?", id, owner).await
            }

            pub(super) async fn delete_some(&self, owner: Owner) -> Result<bool, StoreError> {
                // Within a derived table, as MySQL takes a limit nowhere else here, and SQLite in no deletion. Words go
                // after the translations, without which none are written.
                for sql in [
                    "DELETE FROM translations WHERE id IN
                         (SELECT id FROM (SELECT id FROM translations WHERE owner = ? LIMIT 200) AS some)",
                    "DELETE FROM jobs WHERE id IN
                         (SELECT id FROM (SELECT id FROM jobs WHERE owner = ? LIMIT 1) AS some)",
                    "DELETE FROM files WHERE id IN
                         (SELECT id FROM (SELECT id FROM files WHERE owner = ? LIMIT 1) AS some)",
                    "DELETE FROM sentences WHERE id IN
                         (SELECT id FROM (SELECT id FROM sentences WHERE owner = ? LIMIT 5000) AS some)",
                    DELETE_UNITS,
                    $delete_words,
                ] {
                    let deleted = sqlx::query(sql).bind(owner.0).execute(&self.pool).await?;
                    if deleted.rows_affected() > 0 {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
        }

        /// Adds what a filter asks for beside the owner.
        fn narrow(select: &mut QueryBuilder<$database>, filter: &Filter) {
            if let Some(pair) = &filter.pair {
                select.push(" AND pair = ").push_bind(pair.clone());
            }
            if let Some(from) = filter.from {
                time_is(select, " AND created_at", " >= ", from);
            }
            if let Some(until) = filter.until {
                time_is(select, " AND created_at", " < ", until);
            }
        }

        /// Adds the comparison of a time with one in microseconds.
        fn time_is(query: &mut QueryBuilder<$database>, column: &str, sign: &str, time: Timestamp) {
            query.push(column).push(sign).push($before).push_bind(time.as_microsecond()).push($after);
        }
    };
}

pub(super) use history_queries;

/// Well below the number of parameters that a statement may have.
pub(super) const WORDS_AT_ONCE: usize = 1000;
