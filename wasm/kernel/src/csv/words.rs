//! The distinct texts of a column, so that each crosses to JavaScript once.

const FIRST_SLOTS: usize = 64;
const EMPTY_SLOT: u32 = u32::MAX;

struct Word {
    start: u32,
    end: u32,
    hash: u32,
    /// Whether the bytes are UTF-8.
    valid: bool,
}

/// Numbers texts in the order of their first appearance; number 0 is the empty text.
pub struct Words {
    words: Vec<Word>,
    bytes: Vec<u8>,
    /// Open addressing by hash; the length is a power of two.
    slots: Vec<u32>,
    last: u32,
    /// First word that was not handed over, its text and the ends of the texts in UTF-16 units.
    handed: usize,
    text: String,
    ends: Vec<u32>,
}

impl Words {
    pub fn new() -> Words {
        let mut words = Words {
            words: Vec::new(),
            bytes: Vec::new(),
            slots: Vec::new(),
            last: 0,
            handed: 0,
            text: String::new(),
            ends: Vec::new(),
        };
        words.forget();
        words
    }

    /// Forgets every word, also on the side that they were handed to.
    pub fn forget(&mut self) {
        self.words.clear();
        self.bytes.clear();
        self.slots = vec![EMPTY_SLOT; FIRST_SLOTS];
        self.last = 0;
        self.handed = 0;
        self.intern(b"");
    }

    /// Bytes of all words.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Number of words.
    pub fn known(&self) -> usize {
        self.words.len()
    }

    /// The number of a text, and whether it is UTF-8.
    #[inline]
    pub fn intern(&mut self, text: &[u8]) -> (u32, bool) {
        if let Some(word) = self.words.get(self.last as usize) {
            if self.bytes[word.start as usize..word.end as usize] == *text {
                return (self.last, word.valid);
            }
        }
        self.last = self.look_up(text);
        (self.last, self.words[self.last as usize].valid)
    }

    fn look_up(&mut self, text: &[u8]) -> u32 {
        let hash = hash(text);
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        while self.slots[slot] != EMPTY_SLOT {
            let found = self.slots[slot];
            let word = &self.words[found as usize];
            if word.hash == hash && self.bytes[word.start as usize..word.end as usize] == *text {
                return found;
            }
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = self.words.len() as u32;
        self.add(text, hash)
    }

    fn add(&mut self, text: &[u8], hash: u32) -> u32 {
        let number = self.words.len() as u32;
        let start = self.bytes.len() as u32;
        self.bytes.extend_from_slice(text);
        let valid = text.is_ascii() || core::str::from_utf8(text).is_ok();
        self.words.push(Word {
            start,
            end: self.bytes.len() as u32,
            hash,
            valid,
        });
        if self.words.len() * 2 > self.slots.len() {
            self.grow();
        }
        number
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        self.slots.clear();
        self.slots.resize(mask + 1, EMPTY_SLOT);
        for (number, word) in self.words.iter().enumerate() {
            let mut slot = word.hash as usize & mask;
            while self.slots[slot] != EMPTY_SLOT {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = number as u32;
        }
    }

    /// Every text, in order.
    #[cfg(test)]
    pub fn all(&self) -> Vec<String> {
        let text = |word: &Word| {
            String::from_utf8_lossy(&self.bytes[word.start as usize..word.end as usize]).into()
        };
        self.words.iter().map(text).collect()
    }

    /// Texts of the words since the last call, joined, with where each ends in UTF-16 units. Bytes that are not
    /// UTF-8 are replaced by U+FFFD.
    pub fn hand_over(&mut self) -> (&str, &[u32]) {
        self.text.clear();
        self.ends.clear();
        let mut units = 0;
        for word in &self.words[self.handed..] {
            let text = String::from_utf8_lossy(&self.bytes[word.start as usize..word.end as usize]);
            units += text.encode_utf16().count() as u32;
            self.ends.push(units);
            self.text.push_str(&text);
        }
        self.handed = self.words.len();
        (&self.text, &self.ends)
    }
}

impl Default for Words {
    fn default() -> Self {
        Words::new()
    }
}

/// Multiplies and folds eight bytes at a time; the table tolerates any collision.
fn hash(text: &[u8]) -> u32 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut state = text.len() as u64;
    for block in text.chunks(8) {
        let mut word = [0; 8];
        word[..block.len()].copy_from_slice(block);
        state = (state.rotate_left(23) ^ u64::from_le_bytes(word)).wrapping_mul(ODD);
    }
    (state >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn numbers_each_text_once_and_hands_it_over_once() {
        let mut words = Words::new();
        let numbers: Vec<u32> = ["b", "", "a\u{1f600}", "b", "b"]
            .iter()
            .map(|text| words.intern(text.as_bytes()).0)
            .collect();
        assert_eq!(numbers, [1, 0, 2, 1, 1]);
        assert_eq!(words.hand_over(), ("ba\u{1f600}", &[0, 1, 4][..]));
        assert_eq!(words.intern(b"\xff"), (3, false));
        assert_eq!(words.hand_over(), ("\u{fffd}", &[1][..]));
        words.forget();
        assert_eq!(words.intern(b"z"), (1, true));
    }

    #[test]
    fn keeps_many_texts_apart() {
        let mut words = Words::new();
        for round in 0..2 {
            for number in 1..5000 {
                let text = format!("{number}");
                assert_eq!(words.intern(text.as_bytes()).0, number, "round {round}");
            }
        }
    }
}
