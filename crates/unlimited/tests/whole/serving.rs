//! `unlimited` without a command: page, history and engine in one process.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use reqwest::{Client, StatusCode, Url, redirect};

const BIN: &str = env!("CARGO_BIN_EXE_unlimited");

/// A running program; killed when dropped.
struct Served {
    child: Child,
    url: Url,
    client: Client,
}

impl Served {
    /// Starts the program and waits until it says that it is ready.
    fn start(data_dir: &Path) -> Self {
        let mut child = Command::new(BIN)
            .args(["--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data_dir)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("unlimited is ready: ").unwrap_or_else(|| panic!("{line:?}"));
        let client = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        Self { child, url: url.parse().unwrap(), client }
    }

    async fn get(&self, path: &str) -> String {
        let response = self.client.get(self.url.join(path).unwrap()).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.text().await.unwrap()
    }

    /// Posts the form and returns the permalink it leads to.
    async fn post(&self, text: &str) -> String {
        let encoded = Url::parse_with_params("http://form", [("text", text)]).unwrap();
        let response = self
            .client
            .post(self.url.clone())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(encoded.query().unwrap().to_owned())
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::SEE_OTHER, "{}", response.text().await.unwrap());
        response.headers()["location"].to_str().unwrap().to_owned()
    }

    /// Waits for a long text, which is translated in the background, and returns the permalink it ends at.
    async fn finished(&self, job: &str) -> String {
        for _ in 0..1200 {
            let response = self.client.get(self.url.join(job).unwrap()).send().await.unwrap();
            if response.status() == StatusCode::SEE_OTHER {
                return response.headers()["location"].to_str().unwrap().to_owned();
            }
            assert_eq!(response.status(), StatusCode::OK, "{job}");
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("{job} does not end");
    }

    /// Asks it to stop as an operator would, and checks that it does so without complaint.
    fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn what_is_typed_is_translated_and_still_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path());
    assert!(served.get("/").await.contains("starter-de-en"), "the page names the starter model");
    let permalink = served.post("Der Zug hat zwanzig Minuten Verspätung.\r\n\r\nGuten Morgen!").await;
    let expected = "The train is twenty minutes late.\n\nGood morning.";
    assert!(served.get(&permalink).await.contains(expected));
    served.stop();

    let served = Served::start(folder.path());
    assert!(served.get(&permalink).await.contains(expected));
    assert!(served.get("/history").await.contains("The train is twenty minutes late."));
    served.stop();
}

#[tokio::test]
async fn a_text_of_a_megabyte_keeps_every_line_break() {
    const LINES: [&str; 7] = [
        "Der Nachbar mäht heute den Rasen. Die Kinder spielen hinter dem Haus.",
        "",
        "  - Niemand hat an den Regenschirm gedacht, und es regnet seit Stunden.",
        "Was machen wir jetzt?",
        "",
        "",
        "In der Küche riecht es nach Zwiebeln; das Fenster im ersten Stock steht offen.",
    ];
    let mut lines = Vec::new();
    let mut bytes = 0;
    while bytes < 1 << 20 {
        let line = LINES[lines.len() % LINES.len()];
        bytes += line.len() + 1;
        lines.push(line);
    }
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path());
    let job = served.post(&lines.join("\n")).await;
    let page = served.get(&served.finished(&job).await).await;
    let translation = between(&page, "id=\"output\"", "</div>");
    let translated: Vec<&str> = translation.split('\n').collect();
    assert_eq!(translated.len(), lines.len());
    for (source, translated) in lines.iter().zip(&translated) {
        assert_eq!(source.is_empty(), translated.is_empty(), "{source:?} became {translated:?}");
        assert_eq!(source.starts_with("  - "), translated.starts_with("  - "));
    }
}

/// What stands between the end of the tag that begins with `start` and `end`.
fn between<'a>(page: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = page.split_once(start).expect("the tag is there");
    let (_, rest) = rest.split_once('>').expect("the tag ends");
    rest.split_once(end).expect("the element ends").0
}

#[test]
fn a_taken_port_is_named_with_what_to_do() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let output =
        Command::new(BIN).args(["--listen", &address, "--data-dir"]).arg(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(
        message.contains(&format!("cannot listen on {address}")) && message.contains("--listen"),
        "{message}"
    );
}
