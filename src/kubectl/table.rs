//! Tables as `kubectl get` prints them: columns padded with spaces, widths that only ever grow.

/// Spaces between a column's widest cell and the next column.
const PADDING: usize = 3;
/// The least width of a column that is not the last, padding included.
const MIN_WIDTH: usize = 6;

/// Prints rows one flush after the other. Widths are remembered, so the rows of a watch do not shrink.
#[derive(Clone, Debug, Default)]
pub struct Table {
    widths: Vec<usize>,
}

impl Table {
    /// A table without widths yet.
    pub fn new() -> Self {
        Table::default()
    }

    /// The lines of these rows, flushed together. Rows of one call have the same number of cells.
    pub fn print(&mut self, rows: &[Vec<String>]) -> String {
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(|c| one_line(c)).collect())
            .collect();
        for row in &rows {
            // The last cell of a row is free text and sets no width.
            for (column, cell) in row.iter().take(row.len().saturating_sub(1)).enumerate() {
                let width = MIN_WIDTH.max(cell.chars().count() + PADDING);
                match self.widths.get_mut(column) {
                    Some(known) => *known = width.max(*known),
                    None => self.widths.push(width),
                }
            }
        }
        let mut out = String::new();
        for row in &rows {
            for (column, cell) in row.iter().enumerate() {
                out.push_str(cell);
                if column + 1 < row.len() {
                    let width = self.widths.get(column).copied().unwrap_or(MIN_WIDTH);
                    out.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.chars().count())));
                }
            }
            out.push('\n');
        }
        out
    }
}

/// A cell up to its first line break, with `...` in place of the rest, and no escape characters for the terminal.
fn one_line(cell: &str) -> String {
    let (line, cut) = match cell.find(['\n', '\r', '\u{c}']) {
        Some(at) => (cell.get(..at).unwrap_or(cell), "..."),
        None => (cell, ""),
    };
    format!("{}{cut}", line.replace('\u{1b}', "^["))
}

#[cfg(test)]
mod tests {
    use super::Table;

    fn rows(text: &[&str]) -> Vec<Vec<String>> {
        text.iter()
            .map(|row| row.split('|').map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn a_table_looks_as_kubectl_prints_it() {
        let mut table = Table::new();
        let text = table.print(&rows(&[
            "NAME|READY|STATUS|RESTARTS|AGE",
            "web|1/1|Running|1 (2m57s ago)|3m1s",
            "init-demo|0/1|Init:0/2|0|12s",
        ]));
        assert_eq!(
            text,
            "NAME        READY   STATUS     RESTARTS        AGE\n\
             web         1/1     Running    1 (2m57s ago)   3m1s\n\
             init-demo   0/1     Init:0/2   0               12s\n"
        );
    }

    #[test]
    fn widths_grow_and_never_shrink() {
        let mut table = Table::new();
        assert_eq!(table.print(&rows(&["A|B|C"])), "A     B     C\n");
        assert_eq!(table.print(&rows(&["longer||x"])), "longer         x\n");
        assert_eq!(table.print(&rows(&["a|b|c"])), "a        b     c\n");
    }

    #[test]
    fn cells_stay_on_their_line() {
        let mut table = Table::new();
        assert_eq!(table.print(&rows(&["a\nb|\u{1b}[1m"])), "a...   ^[[1m\n");
    }
}
