//! A cache of users' conversations and replies. Ownership never changes.
//!
//! It saves a query before a request is forwarded to a conversation's owner. The statements that read and write the
//! conversation still check the session and whether the conversation exists.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
};

use edge::UserId;
use uuid::Uuid;

/// The limit of entries of each kind, a few hundred kilobytes. The cache is cleared when it is full.
const ENTRIES_MAX: usize = 4_096;

#[derive(Default)]
struct Cache {
    conversations: HashSet<(Uuid, Uuid)>,
    replies: HashMap<(Uuid, Uuid), Uuid>,
}

thread_local! {
    static CACHE: RefCell<Cache> = RefCell::default();
}

/// Caches that a conversation is the user's.
pub fn insert_conversation(user: &UserId, id: Uuid) {
    CACHE.with_borrow_mut(|cache| {
        if cache.conversations.len() >= ENTRIES_MAX {
            cache.conversations.clear();
        }
        cache.conversations.insert((user.key(), id));
    });
}

/// Caches the conversation of a user's reply.
pub fn insert_reply(user: &UserId, id: Uuid, conversation: Uuid) {
    CACHE.with_borrow_mut(|cache| {
        if cache.replies.len() >= ENTRIES_MAX {
            cache.replies.clear();
        }
        cache.replies.insert((user.key(), id), conversation);
    });
}

/// Whether a conversation is cached as the user's.
pub fn is_owned(user: &UserId, id: Uuid) -> bool {
    CACHE.with_borrow(|cache| cache.conversations.contains(&(user.key(), id)))
}

/// The cached conversation of a user's reply.
pub fn conversation_of(user: &UserId, id: Uuid) -> Option<Uuid> {
    CACHE.with_borrow(|cache| cache.replies.get(&(user.key(), id)).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_different_users_are_separate() {
        let (owner, stranger) = (UserId::from_clerk("user_a"), UserId::from_clerk("user_b"));
        let (id, of) = (Uuid::from_u128(1), Uuid::from_u128(2));
        insert_conversation(&owner, of);
        insert_reply(&owner, id, of);
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
            insert_conversation(&user, Uuid::from_u128(number));
            insert_reply(&user, Uuid::from_u128(number), Uuid::nil());
        }
        CACHE.with_borrow(|cache| {
            assert!(cache.conversations.len() <= ENTRIES_MAX && cache.replies.len() <= ENTRIES_MAX);
        });
    }
}
