//! Problem documents for model failures.

use api::{Problem, ProblemKind};
use engine::reply::Failure;
use uuid::Uuid;

/// The stable slug of a failure, as stored.
pub fn slug(failure: &Failure) -> &'static str {
    kind(failure).slug()
}

fn kind(failure: &Failure) -> ProblemKind {
    match failure {
        Failure::Busy { .. } => ProblemKind::ModelBusy,
        Failure::Rejected { .. } => ProblemKind::ModelRejected,
        Failure::Unreachable | Failure::Upstream { .. } => ProblemKind::ModelUnavailable,
        Failure::Truncated | Failure::Silent => ProblemKind::ModelInterrupted,
        Failure::TooLong => ProblemKind::ReplyTooLong,
    }
}

/// The problem for readers of the stream. The provider's message is only logged.
pub fn problem(failure: &Failure, request_id: Uuid) -> Problem {
    let detail = match failure {
        Failure::Busy {
            retry_after_s: Some(seconds),
        } => format!("The model is busy. Try again in {seconds} seconds."),
        Failure::Busy { retry_after_s: None } => "The model is busy. Try again in a moment.".into(),
        Failure::Rejected { .. } => "The model did not accept this request.".into(),
        Failure::Unreachable | Failure::Upstream { .. } => {
            "The model cannot be reached right now. Try again in a moment.".into()
        }
        Failure::Truncated => "The reply was cut off.".into(),
        Failure::Silent => "The model stopped in the middle of its reply.".into(),
        Failure::TooLong => "The reply exceeded the length limit.".into(),
    };
    Problem::new(kind(failure), detail, request_id)
}
