//! The process's metrics, recorded through the `metrics` crate and shown at `GET /metrics` in Prometheus' text form.

use std::{sync::LazyLock, thread, time::Duration};

use axum::{Router, http::header::CONTENT_TYPE, routing::get};
use metrics::{Unit, describe_counter, describe_histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Bounds of the histograms of durations, in seconds: from a word to a book.
const SECONDS: [f64; 14] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0, 600.0];

/// Bounds of all other histograms, which count things.
const COUNTS: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];

/// Samples wait in memory until somebody looks or this time has passed.
const UPKEEP: Duration = Duration::from_secs(5);

static RECORDER: LazyLock<PrometheusHandle> = LazyLock::new(|| {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &SECONDS)
        .and_then(|builder| builder.set_buckets(&COUNTS))
        .and_then(PrometheusBuilder::install_recorder)
        .expect("the bounds are not empty and nothing else installs a recorder");
    describe_counter!(
        "ut_http_requests_total",
        Unit::Count,
        "Requests answered, by method, route and status"
    );
    describe_histogram!(
        "ut_http_request_seconds",
        Unit::Seconds,
        "Time from a request to the end of its answer"
    );
    let upkeep = handle.clone();
    thread::Builder::new()
        .name("metrics".into())
        .spawn(move || {
            loop {
                thread::sleep(UPKEEP);
                upkeep.run_upkeep();
            }
        })
        .expect("a process that cannot start a thread cannot serve either");
    handle
});

/// Starts recording; before, metrics go nowhere. Harmless when repeated: two services in one process share one
/// recorder.
pub fn install() {
    LazyLock::force(&RECORDER);
}

/// Everything recorded, in Prometheus' text form.
pub fn render() -> String {
    RECORDER.render()
}

/// `GET /metrics`.
pub fn routes() -> Router {
    install();
    Router::new().route(
        "/metrics",
        get(async || ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], render())),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_recorded_is_rendered() {
        install();
        metrics::counter!("ut_things_total").increment(3);
        metrics::histogram!("ut_nap_seconds").record(0.3);
        let page = render();
        assert!(page.contains("ut_things_total 3\n"), "{page}");
        assert!(page.contains("ut_nap_seconds_bucket{le=\"0.5\"} 1\n"), "{page}");
    }
}
