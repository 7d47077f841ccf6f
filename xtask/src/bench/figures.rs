//! Medians and quartiles.

/// What the ratios of several rounds come to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// The median round.
    pub middle: f64,
    /// A quarter of the rounds are below this.
    pub lower: f64,
    /// A quarter of the rounds are above this.
    pub upper: f64,
}

impl Ratio {
    /// `None` for no rounds.
    pub fn of(mut rounds: Vec<f64>) -> Option<Self> {
        rounds.sort_by(f64::total_cmp);
        Some(Self {
            middle: at(&rounds, 2)?,
            lower: at(&rounds, 1)?,
            upper: at(&rounds, 3)?,
        })
    }
}

/// The value in the middle; of two, the upper one. `None` for no values.
pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    at(&values, 2)
}

/// The value at so many quarters of a sorted list.
fn at(sorted: &[f64], quarters: usize) -> Option<f64> {
    sorted.get(sorted.len().checked_mul(quarters)? / 4).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slow_answer_changes_no_median() {
        assert_eq!(median(vec![3.0, 1.0, 900.0, 2.0, 1.5]), Some(2.0));
        assert_eq!(median(vec![1.0]), Some(1.0));
        assert_eq!(median(Vec::new()), None);
    }

    #[test]
    fn half_of_the_rounds_lie_between_the_quartiles() {
        let rounds = (0..8).rev().map(f64::from).collect();
        let ratio = Ratio {
            middle: 4.0,
            lower: 2.0,
            upper: 6.0,
        };
        assert_eq!(Ratio::of(rounds), Some(ratio));
    }
}
