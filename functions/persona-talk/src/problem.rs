//! What a failing model means to a person.

use api::Problem;
use edge::respond::PROBLEM_PREFIX;
use engine::reply::Failure;
use uuid::Uuid;

/// The stable slug of a failure, for the problem type and for the record.
pub fn slug(failure: &Failure) -> &'static str {
    match failure {
        Failure::Busy { .. } => "model-busy",
        Failure::Rejected { .. } => "model-rejected",
        Failure::Unreachable | Failure::Upstream { .. } => "model-unavailable",
        Failure::Truncated | Failure::Silent => "model-interrupted",
        Failure::TooLong => "reply-too-long",
    }
}

/// The problem that the reader of a stream is told. What the provider said goes to the log alone.
pub fn problem(failure: &Failure, request_id: Uuid) -> Problem {
    let (status, title, detail) = match failure {
        Failure::Busy {
            retry_after_s: Some(seconds),
        } => (
            503,
            "The model is busy",
            format!("The model is busy. Try again in {seconds} seconds."),
        ),
        Failure::Busy { retry_after_s: None } => (
            503,
            "The model is busy",
            "The model is busy. Try again in a moment.".to_owned(),
        ),
        Failure::Rejected { .. } => (
            502,
            "The model refused the request",
            "The model did not accept this request.".to_owned(),
        ),
        Failure::Unreachable | Failure::Upstream { .. } => (
            503,
            "The model is unavailable",
            "The model cannot be reached right now. Try again in a moment.".to_owned(),
        ),
        Failure::Truncated => (
            502,
            "The reply broke off",
            "The reply broke off before its end.".to_owned(),
        ),
        Failure::Silent => (
            504,
            "The reply broke off",
            "The model stopped in the middle of its reply.".to_owned(),
        ),
        Failure::TooLong => (
            502,
            "The reply is too long",
            "The reply grew too long and was ended.".to_owned(),
        ),
    };
    Problem {
        kind: format!("{PROBLEM_PREFIX}{}", slug(failure)),
        title: title.into(),
        status,
        detail,
        instance: format!("urn:uuid:{request_id}"),
        errors: Vec::new(),
        resets_at: None,
    }
}
