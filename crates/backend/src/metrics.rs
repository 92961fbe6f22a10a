//! What the metrics mean, for those who look at `GET /metrics`.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

/// Has every metric of the backend explained there.
pub(crate) fn describe() {
    describe_gauge!("ut_running_requests", Unit::Count, "Requests that are being worked on");
    describe_gauge!("ut_queue_sentences", Unit::Count, "Sentences that wait for a worker");
    describe_gauge!("ut_loaded_models", Unit::Count, "Models in memory");
    describe_counter!("ut_translated_sentences_total", Unit::Count, "Sentences translated");
    describe_counter!("ut_translated_source_bytes_total", Unit::Bytes, "Bytes of the sentences translated");
    describe_counter!("ut_failed_batches_total", Unit::Count, "Batches on which the engine failed");
    describe_histogram!("ut_batch_sentences", Unit::Count, "Sentences translated together");
    describe_histogram!("ut_batch_seconds", Unit::Seconds, "Time for one batch");
}
