//! Dates in the format of Clerk's error messages.

/// The largest distance from 1970 that ECMAScript's `Date` holds, in milliseconds (ECMA-262 §21.4.1.1).
pub(crate) const DATE_MS_MAX: f64 = 8.64e15;

/// `NumericDate` (RFC 7519, seconds) as milliseconds; fractions of a second are dropped as
/// `Date.setUTCSeconds` drops them. `None` if it is outside the range of `Date`.
pub(crate) fn numeric_date_ms(seconds: f64) -> Option<i64> {
    let ms = seconds.trunc() * 1000.0;
    (ms.is_finite() && ms.abs() <= DATE_MS_MAX).then_some(ms as i64)
}

/// `Thu, 01 Jan 2026 00:01:00 GMT`, as ECMAScript's `Date.toUTCString`.
pub(crate) fn utc_string(ms: i64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let seconds = ms.div_euclid(1000);
    let days = seconds.div_euclid(86_400);
    let of_day = seconds.rem_euclid(86_400);
    let (year, month, day) = civil_from_days(days);
    let weekday = usize::try_from(days.rem_euclid(7))
        .ok()
        .and_then(|i| DAYS.get(i))
        .unwrap_or(&"");
    let month = month.checked_sub(1).and_then(|i| MONTHS.get(i)).unwrap_or(&"");
    let sign = if year < 0 { "-" } else { "" };
    format!(
        "{weekday}, {day:02} {month} {sign}{year:04} {h:02}:{m:02}:{s:02} GMT",
        year = year.unsigned_abs(),
        h = of_day / 3600,
        m = of_day / 60 % 60,
        s = of_day % 60,
    )
}

/// Proleptic Gregorian (year, month 1–12, day 1–31) of a count of days since 1970-01-01.
fn civil_from_days(days: i64) -> (i64, usize, i64) {
    // Eras of 400 years that begin on 1 March, so that the leap day comes last.
    let shifted = days.saturating_add(719_468);
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, usize::try_from(month).unwrap_or(1), day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_ecmascript_writes_them() {
        for (ms, text) in [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
            (1_666_648_310_000, "Mon, 24 Oct 2022 21:51:50 GMT"),
            (1_709_164_800_000, "Thu, 29 Feb 2024 00:00:00 GMT"),
            (1_767_225_665_001, "Thu, 01 Jan 2026 00:01:05 GMT"),
            (8_640_000_000_000_000, "Sat, 13 Sep 275760 00:00:00 GMT"),
            (-8_640_000_000_000_000, "Tue, 20 Apr -271821 00:00:00 GMT"),
        ] {
            assert_eq!(utc_string(ms), text);
        }
    }

    #[test]
    fn a_number_outside_the_range_of_dates_is_rejected() {
        assert_eq!(numeric_date_ms(1_795_465_339.636), Some(1_795_465_339_000));
        assert_eq!(numeric_date_ms(8.64e12), Some(8_640_000_000_000_000));
        for number in [8.641e12, -8.641e12, f64::INFINITY, f64::NAN] {
            assert_eq!(numeric_date_ms(number), None, "{number}");
        }
    }
}
