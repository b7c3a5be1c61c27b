//! A run of rows that are all laid out alike: as many cells as columns, no quotes, one kind of line end. Such
//! rows are converted column by column, which is faster than row by row.

use super::marks::{CR, LF};

/// Most rows of a block: few enough for their bytes to stay in the first-level cache.
const MOST_ROWS: usize = 64;

/// What a block may hold.
#[derive(Clone, Copy)]
pub struct Limits {
    pub rows: usize,
    /// Bytes of a row without its line end.
    pub row_bytes: usize,
    /// Size of the block after which no row is added.
    pub size: usize,
}

/// Rows whose cells lie between marks.
pub struct Block<'a> {
    bytes: &'a [u8],
    /// Marks from the first of the block.
    places: &'a [u32],
    start: usize,
    columns: usize,
    /// Bytes, and marks, from the end of the last cell to the next row.
    tail: usize,
    pub rows: usize,
}

impl<'a> Block<'a> {
    /// The rows from `start`, whose marks are `places`. `bytes` end with one that means nothing.
    pub fn find(
        bytes: &'a [u8],
        places: &'a [u32],
        start: usize,
        columns: usize,
        separator: u8,
        limits: Limits,
    ) -> Option<Block<'a>> {
        let last = *places.get(columns - 1)? as usize;
        let tail = tail_length(&bytes[last..bytes.len() - 1], separator)?;
        let mut block = Block {
            bytes,
            places,
            start,
            columns,
            tail,
            rows: 0,
        };
        let pattern = &bytes[last..last + tail];
        let most = limits.rows.min(MOST_ROWS);
        while block.rows < most && block.size() < limits.size {
            if !block.next_is_alike(separator, pattern, limits.row_bytes) {
                break;
            }
            block.rows += 1;
        }
        (block.rows > 0).then_some(block)
    }

    /// Marks of a row.
    fn stride(&self) -> usize {
        self.columns - 1 + self.tail
    }

    /// Marks of the block.
    pub fn marks(&self) -> usize {
        self.rows * self.stride()
    }

    /// Bytes of the block, counting each line end as one: the same whether rows are read in blocks or singly.
    pub fn size(&self) -> usize {
        let end = self.end();
        let two = self.rows > 0 && self.bytes[end - 2] == CR;
        end - self.start - if two { self.rows } else { 0 }
    }

    /// Where the block ends.
    pub fn end(&self) -> usize {
        self.row_start(self.rows)
    }

    #[inline]
    fn row_start(&self, row: usize) -> usize {
        match row {
            0 => self.start,
            _ => self.places[row * self.stride() - self.tail] as usize + self.tail,
        }
    }

    fn next_is_alike(&self, separator: u8, pattern: &[u8], row_bytes: usize) -> bool {
        let first = self.marks();
        let Some(places) = self.places.get(first..first + self.stride()) else {
            return false;
        };
        let (inner, outer) = places.split_at(self.columns - 1);
        let last = outer[0] as usize;
        let start = self.end();
        let trailing = usize::from(pattern[0] == separator);
        last + trailing - start <= row_bytes
            && inner
                .iter()
                .all(|&place| self.bytes[place as usize] == separator)
            && self.bytes[last..].starts_with(pattern)
            && (self.columns > 1 || !matches!(self.bytes[start], b' ' | b'\t' | LF | CR))
    }

    /// The bytes that the block is a part of.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Start and end of a cell.
    #[inline]
    pub fn cell(&self, row: usize, column: usize) -> (usize, usize) {
        let mark = row * self.stride() + column;
        let start = match column {
            0 => self.row_start(row),
            _ => self.places[mark - 1] as usize + 1,
        };
        (start, self.places[mark] as usize)
    }
}

/// Length of the line end, and of the separator that may stand before it.
fn tail_length(bytes: &[u8], separator: u8) -> Option<usize> {
    let extra = usize::from(bytes.first() == Some(&separator));
    match &bytes[extra..] {
        [LF, ..] => Some(extra + 1),
        [CR, LF, ..] => Some(extra + 2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Block, Limits};

    const LIMITS: Limits = Limits {
        rows: 10,
        row_bytes: 10,
        size: 100,
    };

    fn cells(text: &[u8], columns: usize, limits: Limits) -> (usize, Vec<String>) {
        let places: Vec<u32> = (0..text.len() as u32 - 1)
            .filter(|&at| b",\r\n".contains(&text[at as usize]))
            .collect();
        let Some(block) = Block::find(text, &places, 0, columns, b',', limits) else {
            return (0, Vec::new());
        };
        let cell = |index: usize| {
            let (start, end) = block.cell(index / columns, index % columns);
            String::from_utf8_lossy(&text[start..end]).into_owned()
        };
        (block.end(), (0..block.rows * columns).map(cell).collect())
    }

    #[test]
    fn holds_the_rows_that_are_alike() {
        let expected = ["1", "2", "3", ""].map(String::from).to_vec();
        assert_eq!(
            cells(b"1,2\n3,\n4\n5,6\n_", 2, LIMITS),
            (7, expected.clone())
        );
        assert_eq!(
            cells(b"1,2,\r\n3,,\r\n4,5\r\n_", 2, LIMITS),
            (11, expected.clone())
        );
        assert_eq!(cells(b"1\n2\n3\n \n4\n_", 1, LIMITS).0, 6);
    }

    #[test]
    fn keeps_to_its_limits() {
        assert_eq!(cells(b"1,2\n3,4\n_", 2, Limits { rows: 1, ..LIMITS }).0, 4);
        assert_eq!(
            cells(
                b"1,2\n3,45\n_",
                2,
                Limits {
                    row_bytes: 3,
                    ..LIMITS
                }
            )
            .0,
            4
        );
        assert_eq!(
            cells(b"1,2\n3,4\n5,6\n_", 2, Limits { size: 5, ..LIMITS }).0,
            8
        );
        let tight = Limits {
            row_bytes: 3,
            ..LIMITS
        };
        assert_eq!(cells(b"1,2,\n3,,\n_", 2, tight).0, 0);
        assert_eq!(cells(b"1,2,3\n_", 2, LIMITS).0, 0);
        assert_eq!(cells(b"1,2_", 2, LIMITS).0, 0);
    }
}
