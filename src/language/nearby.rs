//! `Nearby`: searches in one list, with the room they need and what they found kept from one to the next, between pages and
//! threads.
//!
//! It must never answer otherwise than a search without it would.

use super::channel::Channel;
use super::near::NearList;
use super::search::{Found, Reach, Room, search};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// Searches that are remembered; more begin anew, so that a batch of any size needs the same room.
const MOST_KNOWN: usize = 60_000;

/// Rooms not in use, and what was found.
#[derive(Debug, Default)]
struct Kept {
    rooms: Vec<Room>,
    found: HashMap<(bool, String), Arc<[Found]>>,
}

/// Searches in one list with one channel.
#[derive(Debug, Default)]
pub struct Nearby {
    list: NearList,
    kept: Mutex<Kept>,
}

impl Clone for Nearby {
    /// Of the list only: what was kept comes back by use.
    fn clone(&self) -> Self {
        Self::new(self.list.clone())
    }
}

impl Nearby {
    /// Searches in `list`.
    pub fn new(list: NearList) -> Self {
        Self { list, kept: Mutex::default() }
    }

    /// The list.
    pub fn list(&self) -> &NearList {
        &self.list
    }

    /// What `read` may stand for, cheapest first. `wide` names the reach, which must be the same for all searches that
    /// give it the same value.
    pub fn find(&self, channel: &Channel, read: &str, wide: bool, reach: Reach) -> Arc<[Found]> {
        let key = (wide, read.to_owned());
        let mut room = Room::default();
        if let Ok(mut kept) = self.kept.lock() {
            if let Some(found) = kept.found.get(&key) {
                return Arc::clone(found);
            }
            room = kept.rooms.pop().unwrap_or_default();
        }
        let found: Arc<[Found]> = search(&self.list, channel, read, reach, &mut room).into();
        if let Ok(mut kept) = self.kept.lock() {
            kept.rooms.push(room);
            if kept.found.len() >= MOST_KNOWN {
                kept.found.clear();
            }
            kept.found.insert(key, Arc::clone(&found));
        }
        found
    }
}
