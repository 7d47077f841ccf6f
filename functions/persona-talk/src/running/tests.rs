use futures_util::FutureExt;

use super::*;

fn end() -> EndEvent {
    EndEvent {
        status: api::MessageStatus::Stopped,
        message_id: Uuid::nil(),
        content: "a".into(),
    }
}

fn user(name: &str) -> UserId {
    UserId::from_clerk(name)
}

fn claim(replies: &RunningReplies, user: &UserId, id: Uuid) -> Claim {
    match replies.claim(user, id) {
        Claimed::New(claim) => claim,
        Claimed::Taken(_) => panic!("the reply is taken"),
    }
}

#[test]
fn a_reader_gets_every_event_once() {
    let reply = RunningReply::new(user("user_a"), Uuid::nil());
    assert_eq!(reply.changed(0).now_or_never(), None);
    reply.push("1".into());
    reply.push("2".into());
    assert_eq!(reply.changed(0).now_or_never(), Some(()));
    assert_eq!(reply.since(0), ("12".into(), 2));
    assert_eq!(reply.changed(2).now_or_never(), None);
    reply.finish("3".into(), end());
    assert_eq!(reply.since(2), ("3".into(), 3));
    assert_eq!(reply.ended().now_or_never(), Some(Some(end())));
}

#[test]
fn a_reader_with_a_too_large_event_id_gets_later_events() {
    let reply = RunningReply::new(user("user_a"), Uuid::nil());
    reply.push("1".into());
    let (text, seen) = reply.since(1_000);
    assert_eq!((text.as_str(), seen), ("", 1));
    reply.finish("2".into(), end());
    assert_eq!(reply.since(seen).0, "2");
}

#[test]
fn a_reply_whose_ending_is_not_stored_has_no_ending() {
    let reply = RunningReply::new(user("user_a"), Uuid::nil());
    reply.close();
    assert_eq!(reply.ended().now_or_never(), Some(None));
}

#[test]
fn the_first_stop_request_counts() {
    let reply = RunningReply::new(user("user_a"), Uuid::nil());
    assert_eq!(reply.stop_requested().now_or_never(), None);
    reply.request_stop(5);
    reply.request_stop(9);
    assert_eq!(reply.stop_requested().now_or_never(), Some(5));
}

#[test]
fn another_user_can_neither_find_nor_replace_a_reply() {
    let replies = RunningReplies::default();
    let (user, stranger, id) = (user("user_a"), user("user_b"), Uuid::max());
    let reply = claim(&replies, &user, id).begin();
    drop(claim(&replies, &stranger, id));
    let find = |user: &UserId| replies.find(user, id).now_or_never().flatten();
    assert!(find(&user).is_some_and(|found| Rc::ptr_eq(&found, &reply)));
    assert!(find(&stranger).is_none());
    replies.remove(&reply);
    assert!(find(&user).is_none());
}

#[test]
fn a_second_request_waits_for_the_beginning() {
    let replies = RunningReplies::default();
    let (user, id) = (user("user_a"), Uuid::max());
    for begins in [false, true] {
        let first = claim(&replies, &user, id);
        let mut second = Box::pin(replies.find(&user, id));
        assert!((&mut second).now_or_never().is_none());
        if begins {
            first.begin();
        } else {
            drop(first);
        }
        assert_eq!(second.now_or_never().flatten().is_some(), begins);
    }
}

#[test]
fn after_a_failed_first_request_the_second_begins_and_the_third_follows() {
    let replies = RunningReplies::default();
    let (user, id) = (user("user_a"), Uuid::max());
    let first = claim(&replies, &user, id);
    drop(first);
    let second = claim(&replies, &user, id);
    let Claimed::Taken(third) = replies.claim(&user, id) else {
        panic!("the third request replaced the second one's reply");
    };
    let reply = second.begin();
    assert_eq!(third.is_begun().now_or_never(), Some(true));
    drop(third);
    let found = replies.find(&user, id).now_or_never().flatten();
    assert!(found.is_some_and(|found| Rc::ptr_eq(&found, &reply)));
}
