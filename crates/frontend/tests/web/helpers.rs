//! A frontend for one test, and what its answers say.

use std::path::PathBuf;

use clap::Parser;
use frontend::{App, Config};
use reqwest::header::{HeaderMap, LOCATION};
use service::Shutdown;
use tempfile::TempDir;
use testkit::backend::FakeBackend;
use tokio::task::JoinHandle;

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    config: Config,
}

/// A running frontend. Stopped without grace with this value.
pub(crate) struct Frontend {
    pub(crate) url: String,
    pub(crate) http: reqwest::Client,
    shutdown: Shutdown,
    served: JoinHandle<()>,
    data: Option<TempDir>,
}

impl Frontend {
    /// One with SQLite, in front of `backend`.
    pub(crate) async fn start(backend: &FakeBackend) -> Self {
        Self::with_sqlite(&["--backend-url", &backend.url()]).await
    }

    /// One with SQLite and these flags. Its history is shared unless they say otherwise.
    pub(crate) async fn with_sqlite(flags: &[&str]) -> Self {
        Self::on(tempfile::tempdir().unwrap(), flags).await
    }

    /// One with SQLite in this folder and these flags.
    pub(crate) async fn on(data: TempDir, flags: &[&str]) -> Self {
        let folder = data.path().to_str().unwrap().to_owned();
        let mut frontend = Self::with_flags(&[flags, &["--data-dir", &folder]].concat()).await;
        frontend.data = Some(data);
        frontend
    }

    /// One with a MySQL server on a port of loopback.
    pub(crate) async fn with_mysql(
        backend_url: &str,
        port: u16,
        name: &str,
        user: &str,
        password: &str,
    ) -> Self {
        let port = port.to_string();
        Self::with_flags(&[
            "--backend-url",
            backend_url,
            "--db-host",
            "127.0.0.1",
            "--db-port",
            &port,
            "--db-name",
            name,
            "--db-user",
            user,
            "--db-password",
            password,
        ])
        .await
    }

    pub(crate) async fn with_flags(flags: &[&str]) -> Self {
        let fixed: &[&str] = &["frontend", "--listen", "127.0.0.1:0"];
        let history: &[&str] = if flags.contains(&"--history") { &[] } else { &["--history", "shared"] };
        let Arguments { config } = Arguments::parse_from([fixed, history, flags].concat());
        let app = App::build(config).await.unwrap();
        let shutdown = Shutdown::new();
        Self {
            url: format!("http://{}", app.address()),
            http: reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap(),
            served: tokio::spawn(app.run(shutdown.clone())),
            shutdown,
            data: None,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::of(self.http.get(format!("{}{path}", self.url)).send().await.unwrap()).await
    }

    /// Posts a text as a browser does.
    pub(crate) async fn post(&self, text: &str) -> Answer {
        let form = reqwest::multipart::Form::new().text("text", text.to_owned());
        Answer::of(self.http.post(&self.url).multipart(form).send().await.unwrap()).await
    }

    /// Posts a text with the languages that were chosen.
    pub(crate) async fn post_in(&self, text: &str, source: &str, target: &str) -> Answer {
        let form = reqwest::multipart::Form::new()
            .text("source", source.to_owned())
            .text("text", text.to_owned())
            .text("target", target.to_owned());
        Answer::of(self.http.post(&self.url).multipart(form).send().await.unwrap()).await
    }

    /// Posts a file with the languages that were chosen, as the button beside it does; a text is in the box.
    pub(crate) async fn post_file(&self, name: &str, content: impl Into<Vec<u8>>, source: &str) -> Answer {
        let part = reqwest::multipart::Part::bytes(content.into()).file_name(name.to_owned());
        let form = reqwest::multipart::Form::new()
            .text("source", source.to_owned())
            .text("text", "Noch im Feld.")
            .text("target", "en")
            .part("file", part)
            .text("what", "file");
        Answer::of(self.http.post(&self.url).multipart(form).send().await.unwrap()).await
    }

    /// Downloads a file: its name and its bytes.
    pub(crate) async fn download(&self, path: &str) -> (String, Vec<u8>) {
        let response = self.http.get(format!("{}{path}", self.url)).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200, "{path}");
        let disposition = response.headers()["content-disposition"].to_str().unwrap().to_owned();
        let name = disposition.strip_prefix("attachment; filename=\"").unwrap().split('"').next().unwrap();
        (name.to_owned(), response.bytes().await.unwrap().to_vec())
    }

    /// Posts an empty form to an address, as a button does.
    pub(crate) async fn post_to(&self, path: &str) -> Answer {
        Answer::of(self.http.post(format!("{}{path}", self.url)).send().await.unwrap()).await
    }

    /// Posts a query to the SQL page; with the format `csv` for a file.
    pub(crate) async fn sql(&self, query: &str, format: &str) -> Answer {
        let form = [("query", query), ("format", format)];
        Answer::of(self.http.post(format!("{}/sql", self.url)).form(&form).send().await.unwrap()).await
    }

    /// Posts a body of a media type.
    pub(crate) async fn post_raw(&self, media_type: &str, body: impl Into<reqwest::Body>) -> Answer {
        let post = self.http.post(&self.url).header("content-type", media_type).body(body);
        Answer::of(post.send().await.unwrap()).await
    }

    /// The SQLite file.
    pub(crate) fn sqlite_file(&self) -> PathBuf {
        self.data.as_ref().expect("it runs on SQLite").path().join("translations.sqlite")
    }

    /// Asks it to stop and waits until it has.
    pub(crate) async fn stop(mut self) -> Option<TempDir> {
        self.shutdown.stop();
        (&mut self.served).await.unwrap();
        self.data.take()
    }
}

impl Drop for Frontend {
    fn drop(&mut self) {
        self.served.abort();
    }
}

/// An answer with its page.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) page: String,
}

impl Answer {
    pub(crate) async fn of(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, page: response.text().await.unwrap() }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where a 303 leads.
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.page);
        self.headers[LOCATION].to_str().unwrap()
    }

    /// The text in the box.
    pub(crate) fn text(&self) -> String {
        // browsers drop the line break right after the tag
        unescape(between(&self.page, "<textarea", "</textarea>").split_once(">\n").unwrap().1)
    }

    /// The code of the language that is selected in the choice with this id, and of all in it.
    pub(crate) fn choice(&self, id: &str) -> (String, Vec<String>) {
        let options =
            between(&self.page, &format!("<select id=\"{id}\""), "</select>").split("value=\"").skip(1);
        let options: Vec<(&str, &str)> = options.map(|option| option.split_once('"').unwrap()).collect();
        let mut selected = options.iter().filter(|(_, rest)| rest.starts_with(" selected"));
        let (code, _) = selected.next().unwrap();
        assert!(selected.next().is_none(), "{}", self.page);
        ((*code).to_owned(), options.iter().map(|(code, _)| (*code).to_owned()).collect())
    }

    /// The translation.
    pub(crate) fn output(&self) -> String {
        unescape(between(&self.page, "id=\"output\"", "</div>").split_once('>').unwrap().1)
    }

    /// The words of the element with this id, or of everything within it.
    pub(crate) fn words(&self, id: &str) -> String {
        let element = between(&self.page, &format!("id=\"{id}\""), "</div>").split_once('>').unwrap().1;
        let mut words = String::new();
        for part in element.split('<') {
            words.push_str(part.split_once('>').map_or(part, |(_, text)| text));
        }
        unescape(&words.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.page.contains(&format!("id=\"{id}\""))
    }

    /// The addresses of all links that start like this.
    pub(crate) fn links(&self, start: &str) -> Vec<String> {
        let links = self.page.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        links.filter(|link| link.starts_with(start)).map(str::to_owned).collect()
    }
}

fn between<'a>(page: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = page.split_once(start).unwrap_or_else(|| panic!("no {start} in {page}"));
    rest.split_once(end).unwrap_or_else(|| panic!("no {end} in {page}")).0
}

fn unescape(html: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#x2f;", "/"), ("&amp;", "&")]
        .iter()
        .fold(html.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

/// Asks again until the answer is what it should become. The test runner's own limit ends what never becomes so.
pub(crate) async fn until(frontend: &Frontend, path: &str, good: impl Fn(&Answer) -> bool) -> Answer {
    loop {
        let answer = frontend.get(path).await;
        if good(&answer) {
            return answer;
        }
        tokio::task::yield_now().await;
    }
}
