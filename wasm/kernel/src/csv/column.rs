//! Converts cells to the values of a column.

use super::block::Block;
use super::integer::{parse_i64, parse_i64_at, parse_scaled, parse_scaled_at};
use super::number::{parse_f64, parse_f64_at};
use super::time::parse_iso;
use super::words::Words;
use super::MISSING;

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    Skip,
    Float,
    Integer,
    Text,
    Iso,
    /// Decimal text times ten to this power.
    Scaled(i32),
}

/// What a conversion found wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Good,
    Invalid,
    Encoding,
}

/// Values of the rows of a batch.
pub enum Column {
    Skip,
    Float(Vec<f64>),
    Integer(Vec<i64>),
    Iso(Vec<i64>),
    Scaled(Vec<i64>, i32),
    Text(Vec<u32>, Words),
}

impl Column {
    pub fn new(kind: ColumnType, rows: usize) -> Column {
        match kind {
            ColumnType::Skip => Column::Skip,
            ColumnType::Float => Column::Float(vec![0.0; rows]),
            ColumnType::Integer => Column::Integer(vec![0; rows]),
            ColumnType::Iso => Column::Iso(vec![0; rows]),
            ColumnType::Scaled(exponent) => Column::Scaled(vec![0; rows], exponent),
            ColumnType::Text => Column::Text(vec![0; rows], Words::new()),
        }
    }

    /// Converts a cell to the value of a row.
    #[inline]
    pub fn store(&mut self, row: usize, cell: &[u8], point: u8) -> Verdict {
        match self {
            Column::Skip => Verdict::Good,
            Column::Float(values) => set(values, row, parse_f64(cell, point), f64::NAN),
            Column::Integer(values) => set(values, row, parse_i64(cell, point), MISSING),
            Column::Iso(values) => set(values, row, parse_iso(cell), MISSING),
            Column::Scaled(values, exponent) => {
                set(values, row, parse_scaled(cell, point, *exponent), MISSING)
            }
            Column::Text(values, words) => {
                let (number, valid) = words.intern(cell);
                values[row] = number;
                if valid {
                    Verdict::Good
                } else {
                    Verdict::Encoding
                }
            }
        }
    }

    /// Converts a column of a block; stops and returns false at a cell that is not good.
    pub fn store_block(&mut self, row: usize, block: &Block, column: usize, point: u8) -> bool {
        let cells = (0..block.rows).map(|row| block.cell(row, column));
        let (rows, bytes) = (row..row + block.rows, block.bytes());
        match self {
            Column::Skip => true,
            Column::Float(values) => set_all(&mut values[rows], cells, |(start, end)| {
                parse_f64_at(bytes, start, end, point)
            }),
            Column::Integer(values) => set_all(&mut values[rows], cells, |(start, end)| {
                parse_i64_at(bytes, start, end, point)
            }),
            Column::Iso(values) => set_all(&mut values[rows], cells, |(start, end)| {
                parse_iso(&bytes[start..end])
            }),
            Column::Scaled(values, exponent) => {
                let exponent = *exponent;
                set_all(&mut values[rows], cells, |(start, end)| {
                    parse_scaled_at(bytes, start, end, point, exponent)
                })
            }
            Column::Text(values, words) => set_all(&mut values[rows], cells, |(start, end)| {
                let (number, valid) = words.intern(&bytes[start..end]);
                valid.then_some(number)
            }),
        }
    }
}

/// Sets values until a cell is not good; returns whether none was.
#[inline]
fn set_all<T>(
    values: &mut [T],
    cells: impl Iterator<Item = (usize, usize)>,
    mut parse: impl FnMut((usize, usize)) -> Option<T>,
) -> bool {
    values.iter_mut().zip(cells).all(|(value, cell)| {
        let parsed = parse(cell);
        let good = parsed.is_some();
        if let Some(parsed) = parsed {
            *value = parsed;
        }
        good
    })
}

#[inline]
fn set<T: Copy>(values: &mut [T], row: usize, value: Option<T>, missing: T) -> Verdict {
    values[row] = value.unwrap_or(missing);
    if value.is_some() {
        Verdict::Good
    } else {
        Verdict::Invalid
    }
}
