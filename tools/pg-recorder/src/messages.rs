//! Messages of Postgres's protocol, found in a stream of bytes that arrives in any pieces.

/// The length field, which counts itself.
const LENGTH_BYTES: usize = 4;
/// No message of the product is as long; a stream that claims one is not Postgres's protocol.
const MESSAGE_BYTES_MAX: usize = 64 * 1_048_576;

/// One whole message.
#[derive(Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// The type; none for the first messages of a client, which have no type.
    pub kind: Option<u8>,
    /// What stands behind the length.
    pub body: &'a [u8],
}

/// Collects bytes until messages are whole.
#[derive(Debug, Default)]
pub struct Messages {
    bytes: Vec<u8>,
}

/// What is no message.
#[derive(Debug, PartialEq, Eq)]
pub struct NoMessage;

impl Messages {
    /// Adds what arrived.
    pub fn extend(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Hands the next whole message to `read`, if there is one. `is_typed` says whether it begins with its type.
    ///
    /// # Errors
    /// [`NoMessage`] for an impossible length.
    pub fn next<T>(
        &mut self,
        is_typed: bool,
        read: impl FnOnce(Message<'_>) -> T,
    ) -> Result<Option<T>, NoMessage> {
        let head = usize::from(is_typed);
        let Some(length) = self.bytes.get(head..head + LENGTH_BYTES) else {
            return Ok(None);
        };
        let length = length.try_into().map(u32::from_be_bytes).map_err(|_| NoMessage)? as usize;
        if !(LENGTH_BYTES..=MESSAGE_BYTES_MAX).contains(&length) {
            return Err(NoMessage);
        }
        let Some(body) = self.bytes.get(head + LENGTH_BYTES..head + length) else {
            return Ok(None);
        };
        let kind = is_typed.then(|| self.bytes.first().copied()).flatten();
        let answer = read(Message { kind, body });
        self.bytes.drain(..head + length);
        Ok(Some(answer))
    }
}

/// The text up to the next zero byte, and what stands behind it.
#[must_use]
pub fn text(bytes: &[u8]) -> (String, &[u8]) {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    let (text, rest) = bytes.split_at(end);
    (
        String::from_utf8_lossy(text).into_owned(),
        rest.get(1..).unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_whole_however_it_arrives() {
        let mut messages = Messages::default();
        let mut seen = Vec::new();
        for byte in *b"S\0\0\0\x04Q\0\0\0\x06a\0" {
            messages.extend(&[byte]);
            let read = |message: Message<'_>| (message.kind, message.body.to_vec());
            seen.extend(messages.next(true, read).unwrap());
        }
        assert_eq!(seen, [(Some(b'S'), vec![]), (Some(b'Q'), b"a\0".to_vec())]);
    }

    #[test]
    fn what_is_no_message_is_not_waited_for() {
        let mut messages = Messages::default();
        messages.extend(b"GET / HTTP/1.1");
        assert_eq!(messages.next(false, |_| ()), Err(NoMessage));
    }

    #[test]
    fn texts_end_at_zero() {
        assert_eq!(text(b"a\0b"), ("a".into(), &b"b"[..]));
        assert_eq!(text(b"a"), ("a".into(), &b""[..]));
    }
}
