//! A visitor without a browser: posts the form and reads pages through the published port.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use ureq::{Agent, Body, http::Response};

/// One visitor of one address.
#[derive(Debug)]
pub(super) struct Visitor {
    agent: Agent,
    origin: String,
}

/// What a page or a post was answered with.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Where a redirect leads.
    pub(super) location: Option<String>,
    pub(super) body: String,
}

impl Visitor {
    /// A visitor of loopback's `port`.
    pub(super) fn new(port: u16) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_mins(1)))
            .build();
        Self { agent: config.new_agent(), origin: format!("http://127.0.0.1:{port}") }
    }

    /// Posts the form with `text`.
    pub(super) fn post(&self, text: &str) -> Result<Answer> {
        answer(self.agent.post(&self.origin).send_form([("text", text)]).context("posting the form")?)
    }

    /// Posts a query to the SQL page.
    pub(super) fn ask(&self, query: &str) -> Result<Answer> {
        let post = self.agent.post(format!("{}/sql", self.origin));
        answer(post.send_form([("query", query)]).context("posting a query")?)
    }

    /// Reads a page.
    pub(super) fn get(&self, path: &str) -> Result<Answer> {
        answer(
            self.agent
                .get(format!("{}{path}", self.origin))
                .call()
                .with_context(|| format!("reading {path}"))?,
        )
    }

    /// Posts the form, expects that the translation was stored, and returns where its page is.
    pub(super) fn store(&self, text: &str) -> Result<String> {
        let answer = self.post(text)?;
        match (answer.status, answer.location) {
            (303, Some(location)) if location.starts_with("/translations/") => Ok(location),
            (status, location) => bail!("the answer was {status}, location {location:?}\n{}", answer.body),
        }
    }
}

fn answer(mut response: Response<Body>) -> Result<Answer> {
    let location =
        response.headers().get("location").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let status = response.status().as_u16();
    Ok(Answer { status, location, body: response.body_mut().read_to_string().context("reading the answer")? })
}
