//! Run lengths as the text of COCO: differences to the count before the last, in characters of six bits.

/// Writes run lengths as text.
pub fn encode(counts: &[u32], text: &mut Vec<u8>) {
    text.clear();
    for (index, &count) in counts.iter().enumerate() {
        let before = if index > 2 { i64::from(counts[index - 2]) } else { 0 };
        write_number(i64::from(count) - before, text);
    }
}

/// Five bits a character, least first; the sixth says that more come, the last one's fifth is the sign.
fn write_number(mut value: i64, text: &mut Vec<u8>) {
    loop {
        let bits = (value & 0x1f) as u8;
        value >>= 5;
        let more = if bits & 0x10 == 0 { value != 0 } else { value != -1 };
        text.push(48 + bits + if more { 0x20 } else { 0 });
        if !more {
            return;
        }
    }
}

/// Reads text into run lengths. Tells whether it was whole.
pub fn decode(text: &[u8], counts: &mut Vec<u32>) -> bool {
    counts.clear();
    let mut rest = text;
    while !rest.is_empty() {
        let Some((value, after)) = read_number(rest) else { return false };
        let before = if counts.len() > 2 { i64::from(counts[counts.len() - 2]) } else { 0 };
        let Ok(count) = u32::try_from(value + before) else { return false };
        counts.push(count);
        rest = after;
    }
    true
}

fn read_number(text: &[u8]) -> Option<(i64, &[u8])> {
    let mut value = 0i64;
    // Seven characters hold every difference of 32-bit counts.
    for (index, &byte) in text.iter().enumerate().take(7) {
        let bits = byte.checked_sub(48).filter(|&bits| bits < 64)?;
        value |= i64::from(bits & 0x1f) << (5 * index);
        if bits & 0x20 == 0 {
            let sign = if bits & 0x10 != 0 { -1i64 << (5 * (index + 1)) } else { 0 };
            return Some((value | sign, &text[index + 1..]));
        }
    }
    None
}
