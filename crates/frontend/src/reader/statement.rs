//! Which texts are handed to a database: single queries. The database's own rights are what protects it; this keeps
//! out what no right can: statements with which an account changes itself (`SET PASSWORD`), and hints that lift the
//! time limit.

/// Longer queries are not parsed.
pub(crate) const MAX_BYTES: usize = 20_000;
/// What a query begins with.
const FIRST_WORDS: [&str; 4] = ["SELECT", "WITH", "VALUES", "TABLE"];
/// Comments that MySQL executes, among them `/*+ MAX_EXECUTION_TIME(0) */`.
const ACTIVE_COMMENTS: [&str; 3] = ["/*+", "/*!", "/*M!"];

/// Why a text is not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotAQuery {
    #[error("there is no query")]
    Blank,
    #[error("the query is too long")]
    TooLong,
    #[error("the query holds a NUL character")]
    Nul,
    #[error("the query holds a comment that the database would execute")]
    ActiveComment,
    #[error("the text is not a query")]
    OtherStatement,
    #[error("there are several statements")]
    Several,
}

/// Whether the text begins as a query does and has nothing active in it. Several statements are left for the database to
/// find, which alone knows where one ends.
pub(super) fn check(query: &str) -> Result<(), NotAQuery> {
    if query.len() > MAX_BYTES {
        return Err(NotAQuery::TooLong);
    }
    if query.contains('\0') {
        return Err(NotAQuery::Nul);
    }
    if ACTIVE_COMMENTS.iter().any(|comment| query.contains(comment)) {
        return Err(NotAQuery::ActiveComment);
    }
    let start = skip_comments(query).trim_start_matches('(');
    if start.is_empty() || start == ";" {
        return Err(NotAQuery::Blank);
    }
    let start = skip_comments(start);
    let end = start.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(start.len());
    if FIRST_WORDS.iter().any(|word| start[..end].eq_ignore_ascii_case(word)) {
        Ok(())
    } else {
        Err(NotAQuery::OtherStatement)
    }
}

/// The text behind white space and comments at its start. What only one of the databases takes for a comment is none
/// here, so that nothing is skipped which the other would execute.
fn skip_comments(text: &str) -> &str {
    let mut rest = text.trim_ascii_start();
    loop {
        let behind = if let Some(comment) = rest.strip_prefix("/*") {
            comment.split_once("*/").map(|(_, behind)| behind)
        } else if rest.starts_with("-- ") || rest.starts_with("--\n") || rest.starts_with("--\r\n") {
            rest.split_once('\n').map(|(_, behind)| behind)
        } else {
            return rest;
        };
        // an open comment leaves nothing
        rest = behind.unwrap_or_default().trim_ascii_start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_let_through() {
        for query in [
            "SELECT 1",
            " \n\tselect*from history;",
            "-- what is there\nSELECT 1",
            "/* one */ /* two\nlines */ -- three\r\n WITH a AS (SELECT 1) SELECT * FROM a",
            "((SELECT 1)) UNION (SELECT 2)",
            "( /* inside */ SELECT 1)",
            "VALUES (1)",
            "TABLE history",
            "SELECT 'DROP TABLE history; --'",
        ] {
            assert_eq!(check(query), Ok(()), "{query}");
        }
    }

    #[test]
    fn everything_else_is_not() {
        for (query, reason) in [
            ("", NotAQuery::Blank),
            (" \n;", NotAQuery::Blank),
            ("-- SELECT 1", NotAQuery::Blank),
            ("/* SELECT 1", NotAQuery::Blank),
            ("SET PASSWORD = 'x'", NotAQuery::OtherStatement),
            ("ALTER USER USER() IDENTIFIED BY 'x'", NotAQuery::OtherStatement),
            ("/**/ DO SLEEP(9)", NotAQuery::OtherStatement),
            ("--SELECT\nDROP TABLE history", NotAQuery::OtherStatement),
            ("# SELECT\nDROP TABLE history", NotAQuery::OtherStatement),
            ("(DELETE FROM history)", NotAQuery::OtherStatement),
            ("selection", NotAQuery::OtherStatement),
            ("SELECT_ 1", NotAQuery::OtherStatement),
            ("EXPLAIN SELECT 1", NotAQuery::OtherStatement),
            ("PREPARE p FROM 'SELECT 1'", NotAQuery::OtherStatement),
            ("/*! SET PASSWORD = 'x' */", NotAQuery::ActiveComment),
            ("/*!50000SELECT*/ 1", NotAQuery::ActiveComment),
            ("SELECT /*+ MAX_EXECUTION_TIME(0) */ SLEEP(9)", NotAQuery::ActiveComment),
            ("SELECT /*M!100000 1 */", NotAQuery::ActiveComment),
            ("SELECT '\0'", NotAQuery::Nul),
        ] {
            assert_eq!(check(query), Err(reason), "{query}");
        }
        assert_eq!(check(&format!("SELECT '{}'", "a".repeat(MAX_BYTES))), Err(NotAQuery::TooLong));
    }
}
