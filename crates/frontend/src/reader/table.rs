//! What a query found.

use std::fmt::Write as _;

/// How much of a result is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) rows: usize,
    /// Of all cells together.
    pub(crate) bytes: usize,
    /// Of a cell; longer ones are cut.
    pub(crate) cell_bytes: usize,
}

/// Some rows.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<Cell>>,
    /// The query finds more than that.
    pub(crate) cut: bool,
    bytes: usize,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    Null,
    /// A text, number or time: as much of it as is kept, and its size in bytes.
    Text(String, usize),
    /// Bytes as hexadecimal digits: as many as are kept, and how many bytes there are.
    Binary(String, usize),
}

impl Cell {
    /// A text; what is not UTF-8 in it is replaced.
    pub(super) fn text(bytes: &[u8], limits: Limits) -> Self {
        let kept = &bytes[..bytes.len().min(limits.cell_bytes)];
        let kept = match str::from_utf8(kept) {
            Ok(text) => text.to_owned(),
            // cut within a character
            Err(error) if error.error_len().is_none() && kept.len() < bytes.len() => {
                String::from_utf8_lossy(&kept[..error.valid_up_to()]).into_owned()
            }
            Err(_) => String::from_utf8_lossy(kept).into_owned(),
        };
        Self::Text(kept, bytes.len())
    }

    /// Bytes that are no text.
    pub(super) fn binary(bytes: &[u8], limits: Limits) -> Self {
        let kept = &bytes[..bytes.len().min(limits.cell_bytes / 2)];
        let mut digits = String::with_capacity(2 * kept.len());
        for byte in kept {
            // writing to a string cannot fail
            let _ = write!(digits, "{byte:02x}");
        }
        Self::Binary(digits, bytes.len())
    }

    /// Whether something of it is missing.
    pub(crate) fn is_cut(&self) -> bool {
        match self {
            Self::Null => false,
            // a replacement is longer than what it replaces, so that only a shorter text is one that was cut
            Self::Text(text, bytes) => text.len() < *bytes,
            Self::Binary(digits, bytes) => digits.len() < 2 * bytes,
        }
    }

    fn bytes(&self) -> usize {
        // a cell without a text takes its room, too
        size_of::<Self>()
            + match self {
                Self::Null => 0,
                Self::Text(text, _) | Self::Binary(text, _) => text.len(),
            }
    }
}

impl Table {
    /// Without rows yet.
    pub(super) fn new(columns: Vec<String>) -> Self {
        Self { columns, ..Self::default() }
    }

    /// Adds a row. False if it would be beyond the limits: then the table is cut.
    pub(super) fn push(&mut self, row: Vec<Cell>, limits: Limits) -> bool {
        self.bytes += row.iter().map(Cell::bytes).sum::<usize>();
        self.cut = self.rows.len() == limits.rows || self.bytes > limits.bytes;
        if !self.cut {
            self.rows.push(row);
        }
        !self.cut
    }

    /// As RFC 4180 has it, with a head line. NULL is an empty field, an empty text one of two quotes.
    pub(crate) fn csv(&self) -> String {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let field = |cell: &Cell| match cell {
            Cell::Null => String::new(),
            Cell::Text(text, _) => quoted(text),
            Cell::Binary(digits, _) => format!("\"0x{digits}\""),
        };
        let mut lines = self.columns.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(",") + "\r\n";
        for row in &self.rows {
            lines.push_str(&row.iter().map(field).collect::<Vec<_>>().join(","));
            lines.push_str("\r\n");
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { rows: 2, bytes: 1000, cell_bytes: 5 };

    #[test]
    fn cells_are_cut_between_characters() {
        let cut = Cell::text("äöü".as_bytes(), LIMITS);
        assert_eq!(cut, Cell::Text("äö".into(), 6));
        assert!(cut.is_cut());
        let whole = Cell::text(b"a\xffb", LIMITS);
        assert_eq!(whole, Cell::Text("a\u{fffd}b".into(), 3));
        assert!(!whole.is_cut() && !Cell::Null.is_cut());
        assert_eq!(Cell::binary(b"\x00\xff\x10", LIMITS), Cell::Binary("00ff".into(), 3));
        assert!(Cell::binary(b"\x00\xff\x10", LIMITS).is_cut());
        assert!(!Cell::binary(b"\x00\xff", LIMITS).is_cut());
    }

    #[test]
    fn a_table_is_full_by_rows_and_by_bytes() {
        let mut table = Table::new(vec!["a".into()]);
        assert!(table.push(vec![Cell::Null], LIMITS) && table.push(vec![Cell::Null], LIMITS));
        assert!(!table.cut && !table.push(vec![Cell::Null], LIMITS));
        assert!(table.cut && table.rows.len() == 2);
        let large = Limits { cell_bytes: 2000, ..LIMITS };
        let mut table = Table::new(vec!["a".into()]);
        assert!(!table.push(vec![Cell::text(&[b'a'; 1000], large)], large));
        assert!(table.cut && table.rows.is_empty());
    }

    #[test]
    fn csv_tells_null_from_an_empty_text() {
        let mut table = Table::new(vec!["a".into(), "say \"b\"".into(), "c".into()]);
        let limits = Limits { rows: 9, bytes: 1000, cell_bytes: 1000 };
        let row = vec![Cell::Null, Cell::text(b"", limits), Cell::text(b"x,\n\"y\"", limits)];
        assert!(table.push(row, limits) && table.push(vec![Cell::binary(b"\xff", limits)], limits));
        assert_eq!(table.csv(), "\"a\",\"say \"\"b\"\"\",\"c\"\r\n,\"\",\"x,\n\"\"y\"\"\"\r\n\"0xff\"\r\n");
    }
}
