//! The first pass over the stamps of a stream.

use super::found::Found;
use super::packets::Packets;
use super::state;
use super::tracker::Tracker;
use super::warm_up::{find_start, Begin};
use crate::sampling::MISSING;

/// Samples from which period and noise are found.
const WARM_UP: usize = 8192;

/// Why a stream has no lattice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Skipped {
    TooFew = 1,
    Irregular = 2,
}

#[derive(Clone, Debug)]
enum State {
    WarmUp(Vec<(i64, i64)>),
    Tracking(Box<Tracker>),
    Packets(Box<Packets>),
    Skipped(Skipped),
    /// Restored: nothing can be added.
    Ended(Box<Found>),
}

/// Gathers what the lattice of a stream is found from, in bounded memory.
#[derive(Clone, Debug)]
pub struct Survey {
    nominal: Option<f64>,
    rows: i64,
    state: State,
}

impl Survey {
    /// Starts; a nominal period in ns is tried beside the one that the stamps show.
    pub fn new(nominal: Option<f64>) -> Survey {
        Survey { nominal, rows: 0, state: State::WarmUp(Vec::new()) }
    }

    /// Adds the next samples in file order.
    pub fn add(&mut self, times: &[i64]) {
        let mut rest = times;
        while let Some(&time) = rest.first() {
            let taken = match &mut self.state {
                State::Tracking(tracker) if time != MISSING => {
                    let count = rest.iter().position(|&time| time == MISSING).unwrap_or(rest.len());
                    tracker.add_all(self.rows, &rest[..count]);
                    count
                }
                _ => {
                    self.add_one(time);
                    1
                }
            };
            self.rows += taken as i64;
            rest = &rest[taken..];
        }
    }

    fn add_one(&mut self, time: i64) {
        if time == MISSING {
            return;
        }
        match &mut self.state {
            State::Tracking(tracker) => tracker.add(self.rows, time),
            State::Packets(packets) => packets.add(self.rows, time),
            State::WarmUp(held) => {
                held.push((self.rows, time));
                if held.len() >= WARM_UP {
                    self.end_warm_up();
                }
            }
            State::Skipped(_) | State::Ended(_) => {}
        }
    }

    fn end_warm_up(&mut self) {
        let State::WarmUp(held) = &self.state else {
            return;
        };
        self.state = match find_start(held, self.nominal) {
            Ok(Begin::Packets(period, step)) => {
                let mut packets = Packets::new(period, step);
                held.iter().for_each(|&(row, time)| packets.add(row, time));
                State::Packets(Box::new(packets))
            }
            Ok(Begin::Samples(tracker)) => State::Tracking(tracker),
            Err(reason) => State::Skipped(reason),
        };
    }

    /// Ends a copy, so that more samples can be added to this one.
    pub fn finished(&self) -> Result<Found, Skipped> {
        let mut done = self.clone();
        done.end_warm_up();
        match done.state {
            State::Tracking(tracker) => Ok(tracker.found()),
            State::Packets(packets) => Ok(packets.finish()),
            State::Skipped(reason) => Err(reason),
            State::Ended(found) => Ok(*found),
            State::WarmUp(_) => Err(Skipped::TooFew),
        }
    }

    /// What was found so far as bytes.
    pub fn state(&self) -> Vec<u8> {
        state::write(&self.finished())
    }

    /// A survey that ended, from its state; none when the bytes are something else.
    pub fn restore(bytes: &[u8]) -> Option<Survey> {
        let state = match state::read(bytes)? {
            Ok(found) => State::Ended(Box::new(found)),
            Err(reason) => State::Skipped(reason),
        };
        Some(Survey { nominal: None, rows: 0, state })
    }
}
