//! The recorder's HTTP control: `GET /report`, `PUT /cut?seed=1`, `DELETE /cut`.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{get, put};
use axum::{Json, Router};
use serde::Deserialize;

use crate::{Recorder, Report};

#[derive(Deserialize)]
struct Cut {
    seed: u64,
}

/// The routes.
pub fn router(recorder: Recorder) -> Router {
    Router::new()
        .route("/report", get(report))
        .route("/cut", put(cut).delete(stop_cutting))
        .with_state(recorder)
}

async fn report(State(recorder): State<Recorder>) -> Json<Report> {
    Json(recorder.report())
}

async fn cut(State(recorder): State<Recorder>, Query(Cut { seed }): Query<Cut>) -> StatusCode {
    recorder.cut(Some(seed));
    StatusCode::NO_CONTENT
}

async fn stop_cutting(State(recorder): State<Recorder>) -> StatusCode {
    recorder.cut(None);
    StatusCode::NO_CONTENT
}
