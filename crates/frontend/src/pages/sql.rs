//! The SQL page.

use serde::Serialize;

use super::{Alert, Page};
use crate::reader::{Cell, Table};

/// A query to begin with.
pub(crate) const EXAMPLE: &str = "SELECT * FROM history ORDER BY created_at DESC LIMIT 20";
/// The columns of the view, in its order.
const COLUMNS: [&str; 9] = [
    "id",
    "created_at",
    "source_language",
    "target_language",
    "source_text",
    "target_text",
    "model",
    "duration_ms",
    "source_chars",
];

/// The query and what came of it.
#[derive(Debug, Serialize)]
pub(crate) struct SqlPage {
    query: String,
    columns: [&'static str; 9],
    max_rows: usize,
    alert: Option<Alert>,
    result: Option<ResultView>,
}

impl Page for SqlPage {
    const TEMPLATE: &'static str = "sql.html";
}

/// A table.
#[derive(Debug, Serialize)]
struct ResultView {
    columns: Vec<String>,
    rows: Vec<Vec<CellView>>,
    count: usize,
    /// There are more rows.
    cut: bool,
    /// Some values are shown in part.
    short: bool,
}

#[derive(Debug, Serialize)]
struct CellView {
    /// None: NULL.
    text: Option<String>,
    /// How long the whole value is, if this is a part.
    bytes: Option<usize>,
}

impl SqlPage {
    /// With this query in the box.
    pub(crate) fn new(query: String, max_rows: usize) -> Self {
        Self { query, columns: COLUMNS, max_rows, alert: None, result: None }
    }

    pub(crate) fn with_alert(self, alert: Alert) -> Self {
        Self { alert: Some(alert), ..self }
    }

    pub(crate) fn with_result(self, table: &Table) -> Self {
        let rows = table.rows.iter().map(|row| row.iter().map(CellView::of).collect());
        let result = ResultView {
            columns: table.columns.clone(),
            rows: rows.collect(),
            count: table.rows.len(),
            cut: table.cut,
            short: table.rows.iter().flatten().any(Cell::is_cut),
        };
        Self { result: Some(result), ..self }
    }
}

#[cfg(test)]
impl SqlPage {
    /// With this text wherever one can be, and every kind of value.
    pub(super) fn sample(text: &str) -> Self {
        let cells = [
            CellView { text: Some(text.into()), bytes: Some(9) },
            CellView { text: Some(String::new()), bytes: None },
            CellView { text: None, bytes: None },
        ];
        let result = ResultView {
            columns: vec![text.into(), "b".into(), "c".into()],
            rows: vec![cells.into()],
            count: 1,
            cut: true,
            short: true,
        };
        Self { result: Some(result), ..Self::new(text.into(), 1_000) }
    }
}

impl CellView {
    fn of(cell: &Cell) -> Self {
        let (text, bytes) = match cell {
            Cell::Null => (None, 0),
            Cell::Text(text, bytes) => (Some(text.clone()), *bytes),
            Cell::Binary(digits, bytes) => (Some(format!("0x{digits}")), *bytes),
        };
        Self { text, bytes: cell.is_cut().then_some(bytes) }
    }
}
