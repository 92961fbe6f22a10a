//! Any body sent to the backend gets an answer of the API: a translation, or an error that is the client's.
#![no_main]

use std::io::ErrorKind;
use std::sync::{Arc, LazyLock};

use api::{ErrorBody, SegmentResponse, TranslateResponse};
use backend::{App, Config, Registry};
use engine::{Alternative, Engine, Link, ModelInfo, Request, Translation};
use libfuzzer_sys::fuzz_target;
use service::Shutdown;
use ureq::Agent;

/// Gives every sentence back, with all that can be wanted besides.
struct Echo(ModelInfo);

impl Engine for Echo {
    fn info(&self) -> &ModelInfo {
        &self.0
    }

    fn translate_batch(&self, requests: &[Request<'_>]) -> Vec<Translation> {
        let echo = |request: &Request<'_>| {
            let alternative = Alternative { text: request.text.to_uppercase(), score: -1.0 };
            let whole = 0..request.text.len();
            let link = Link { source: whole.clone(), target: whole };
            Translation {
                text: request.text.to_owned(),
                alternatives: vec![alternative; request.options.alternatives],
                alignment: if request.options.alignment { vec![link] } else { Vec::new() },
                ..Translation::default()
            }
        };
        requests.iter().map(echo).collect()
    }
}

/// A backend in this process, and what speaks to it.
struct Backend {
    _runtime: tokio::runtime::Runtime,
    agent: Agent,
    url: String,
}

static BACKEND: LazyLock<Backend> = LazyLock::new(|| {
    let name = |name: &str| name.to_owned();
    let info = ModelInfo { name: name("echo"), source: name("de"), target: name("en"), starter: false };
    let runtime = tokio::runtime::Runtime::new().expect("there are threads");
    let app = App::build(Config::default(), Registry::of(Arc::new(Echo(info))));
    let app = runtime.block_on(app).expect("there is a port");
    let url = format!("http://{}", app.address());
    runtime.spawn(app.run(Shutdown::new()));
    let agent = Agent::config_builder().http_status_as_error(false).proxy(None).build().into();
    Backend { _runtime: runtime, agent, url }
});

/// Status and body of the answer.
fn post(path: &str, body: &[u8]) -> (u16, Vec<u8>) {
    loop {
        match try_post(path, body) {
            // libFuzzer looks at the clock by a signal
            Err(ureq::Error::Io(error)) if error.kind() == ErrorKind::Interrupted => {}
            answer => return answer.expect("the backend answers"),
        }
    }
}

fn try_post(path: &str, body: &[u8]) -> Result<(u16, Vec<u8>), ureq::Error> {
    let request = BACKEND.agent.post(format!("{}{path}", BACKEND.url)).content_type("application/json");
    let mut answer = request.send(body)?;
    Ok((answer.status().as_u16(), answer.body_mut().read_to_vec()?))
}

/// Makes what the first request needs, which takes longer than an input may.
fn start() {
    let (status, _) = post("/translate", br#"{"text": "Guten Tag.", "source": "auto"}"#);
    assert_eq!(status, 200);
}

fuzz_target!(init: start(), |body: &[u8]| {
    for path in ["/translate", "/translate/stream", "/segment"] {
        let (status, answer) = post(path, body);
        let known = match (status, path) {
            (200, "/translate") => {
                serde_json::from_slice::<TranslateResponse>(&answer).is_ok()
                    || answer.starts_with(b"{\"text_en\":")
            }
            (200, "/segment") => serde_json::from_slice::<SegmentResponse>(&answer).is_ok(),
            (200, _) => answer.split_inclusive(|byte| *byte == b'\n').all(is_good),
            (400..500, _) => serde_json::from_slice::<ErrorBody>(&answer).is_ok(),
            _ => false,
        };
        assert!(known, "{path} answers {status}: {}", String::from_utf8_lossy(&answer));
    }
});

/// Whether a line of a stream is an event, and not that something is wrong.
fn is_good(line: &[u8]) -> bool {
    let event = serde_json::from_slice(line);
    event.is_ok_and(|event| !matches!(event, api::StreamEvent::Error(_)))
}
