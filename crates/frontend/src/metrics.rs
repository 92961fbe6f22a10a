//! What the frontend's metrics mean, for whoever reads `GET /metrics`.

use metrics::{Unit, describe_counter, describe_gauge};

/// Explains the metrics. To be called once recording has been set up.
pub(crate) fn describe() {
    describe_counter!("ut_translations_total", Unit::Count, "Texts sent to the backend, by outcome");
    describe_gauge!("ut_outbox_entries", Unit::Count, "Translations that wait in memory for the database");
    describe_gauge!(
        "ut_outbox_bytes",
        Unit::Bytes,
        "Bytes of the texts that wait in memory for the database"
    );
}
