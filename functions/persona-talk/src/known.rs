//! What this instance has already learnt about whose a conversation is. That never changes, so it is kept.
//!
//! It spares a look at the database before a conversation's owner is asked. Whether the session lasts and the
//! conversation still exists is judged by the statements that read and write it.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
};

use edge::UserId;
use uuid::Uuid;

/// Entries of each kind, some hundred kilobytes. Beyond it everything is forgotten and learnt anew.
const ENTRIES_MAX: usize = 4_096;

#[derive(Default)]
struct Known {
    conversations: HashSet<(Uuid, Uuid)>,
    replies: HashMap<(Uuid, Uuid), Uuid>,
}

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::default();
}

/// Remembers that a conversation is this person's.
pub fn conversation(user: &UserId, id: Uuid) {
    KNOWN.with_borrow_mut(|known| {
        if known.conversations.len() >= ENTRIES_MAX {
            known.conversations.clear();
        }
        known.conversations.insert((user.key(), id));
    });
}

/// Remembers in which conversation a reply to this person is written.
pub fn reply(user: &UserId, id: Uuid, of: Uuid) {
    KNOWN.with_borrow_mut(|known| {
        if known.replies.len() >= ENTRIES_MAX {
            known.replies.clear();
        }
        known.replies.insert((user.key(), id), of);
    });
}

/// Whether a conversation is known to be this person's.
pub fn is_owned(user: &UserId, id: Uuid) -> bool {
    KNOWN.with_borrow(|known| known.conversations.contains(&(user.key(), id)))
}

/// The conversation of a reply to this person, where it is known.
pub fn conversation_of(user: &UserId, id: Uuid) -> Option<Uuid> {
    KNOWN.with_borrow(|known| known.replies.get(&(user.key(), id)).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_of_one_person_says_nothing_about_another() {
        let (owner, stranger) = (UserId::from_clerk("user_a"), UserId::from_clerk("user_b"));
        let (id, of) = (Uuid::from_u128(1), Uuid::from_u128(2));
        conversation(&owner, of);
        reply(&owner, id, of);
        assert!(is_owned(&owner, of) && !is_owned(&stranger, of) && !is_owned(&owner, id));
        assert_eq!(
            (conversation_of(&owner, id), conversation_of(&stranger, id)),
            (Some(of), None)
        );
    }

    #[test]
    fn memory_is_bounded() {
        let user = UserId::from_clerk("user_a");
        for number in 0..3 * ENTRIES_MAX as u128 {
            conversation(&user, Uuid::from_u128(number));
            reply(&user, Uuid::from_u128(number), Uuid::nil());
        }
        KNOWN.with_borrow(|known| {
            assert!(known.conversations.len() <= ENTRIES_MAX && known.replies.len() <= ENTRIES_MAX);
        });
    }
}
