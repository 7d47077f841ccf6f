//! Generation of ids.

use uuid::{Builder, Uuid};

use crate::{Error, Host};

/// A UUIDv7. Ids sort by time.
///
/// # Errors
/// [`Error::Internal`] if the random source fails.
pub fn time_ordered(host: &impl Host) -> Result<Uuid, Error> {
    time_ordered_at(host.now_ms())
}

/// A UUIDv7 with a time in milliseconds since 1970.
///
/// # Errors
/// [`Error::Internal`] if the random source fails.
pub fn time_ordered_at(now_ms: i64) -> Result<Uuid, Error> {
    Ok(Builder::from_unix_timestamp_millis(now_ms.unsigned_abs(), &random()?).into_uuid())
}

/// A UUIDv4 with 122 random bits, for ids that must not be guessable.
///
/// # Errors
/// [`Error::Internal`] if the random source fails.
pub fn unguessable() -> Result<Uuid, Error> {
    Ok(Builder::from_random_bytes(random()?).into_uuid())
}

fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::internal(format!("the random source failed: {error}")))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_right_version_and_differ() {
        let (a, b) = (time_ordered_at(1).unwrap(), time_ordered_at(2).unwrap());
        assert!(a < b);
        assert_eq!(a.get_version_num(), 7);
        let (a, b) = (unguessable().unwrap(), unguessable().unwrap());
        assert_ne!(a, b);
        assert_eq!(a.get_version_num(), 4);
    }
}
