//! Every public route, in one list.

mod failure;
mod file_failure;
mod files;
mod history;
mod import;
mod jobs;
mod live;
mod offer;
mod settings;
mod sql;
mod translate;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::archive::Archive;
use crate::assets;
use crate::client::Client;
use crate::error::PageError;
use crate::files::Files;
use crate::jobs::Jobs;
use crate::owners::Owners;
use crate::reader::Reader;
use crate::security;
use crate::store::Store;
use crate::translator::Translator;

/// What handlers work with.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) client: Arc<Client>,
    pub(crate) archive: Arc<Archive>,
    pub(crate) store: Store,
    pub(crate) files: Arc<Files>,
    pub(crate) jobs: Arc<Jobs>,
    pub(crate) translator: Translator,
    pub(crate) owners: Owners,
    /// If there is an SQL page.
    pub(crate) reader: Option<Reader>,
    pub(crate) max_body_mb: u32,
}

impl App {
    /// The most bytes that a form may have.
    fn max_body_bytes(&self) -> usize {
        (self.max_body_mb as usize) << 20
    }
}

/// All pages, with the layers that pages need.
pub(crate) fn router(app: Arc<App>) -> Router {
    let router = Router::new()
        .route("/", get(translate::show_form).post(translate::create_translation))
        .route("/live", post(live::translate_live))
        .route("/translations/{id}", get(translate::show_translation))
        .route("/translations/{id}/file", get(files::download_translated))
        .route("/translations/{id}/original", get(files::download_original))
        .route("/jobs/{id}", get(jobs::show_job))
        .route("/jobs/{id}/progress", get(jobs::show_progress))
        .route("/jobs/{id}/result", get(jobs::download_result))
        .route("/jobs/{id}/cancel", post(jobs::cancel))
        .route("/jobs/{id}/resume", post(jobs::resume))
        .route("/jobs/{id}/delete", post(jobs::delete))
        .route("/translations/{id}/delete", post(history::delete_translation))
        .route("/history", get(history::show_history))
        .route("/history/export", get(history::export_history))
        .route("/history/delete", get(history::ask_to_delete).post(history::delete_history))
        .route("/history/import", get(import::show_import).post(import::import))
        .route("/history/import/delete", post(import::forget))
        .route("/settings", post(settings::change_settings).get(settings::leave))
        .route(
            "/sql",
            get(sql::show_sql).post(sql::run_sql).layer(DefaultBodyLimit::max(sql::MAX_FORM_BYTES)),
        )
        .route("/assets/{name}", get(assets::show_asset))
        .fallback(async || PageError::NotFound)
        .method_not_allowed_fallback(async || PageError::MethodNotAllowed)
        // the handler of the form reads its body up to a limit of its own
        .layer(DefaultBodyLimit::disable())
        .with_state(app);
    security::apply(router)
}
