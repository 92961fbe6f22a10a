//! Headless Chromium with a fresh profile, driven through chromedriver.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{
    By, ChromeCapabilities, ChromiumLikeCapabilities as _, DesiredCapabilities, Key, TypingData, WebDriver,
    WebElement,
};

/// How long what a test waits for may take. Generous: it ends tests that hang, nothing is measured by it.
const LIMIT: Duration = Duration::from_mins(3);
/// How often a condition is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(40);
/// How long Chromium may take to end.
const GOING: Duration = Duration::from_secs(5);

/// How a browser differs from a usual one.
#[derive(Clone, Copy, Debug)]
pub struct BrowserOptions<'a> {
    /// Width and height of the page, in CSS pixels.
    pub size: (u32, u32),
    /// Whether pages may run scripts.
    pub scripts: bool,
    /// Languages that pages are asked for, as in `Accept-Language`.
    pub languages: &'a str,
}

impl Default for BrowserOptions<'_> {
    fn default() -> Self {
        Self { size: (1280, 900), scripts: true, languages: "en" }
    }
}

/// A browser with one window. Ended with this value.
pub struct Browser {
    driver: WebDriver,
    process: Process,
}

/// What was started, and the folder of everything it writes; ended and removed with this value.
struct Process {
    chromedriver: Child,
    chromium: Option<u64>,
    folder: TempDir,
}

impl Process {
    fn profile(&self) -> PathBuf {
        self.folder.path().join("profile")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // at once: nothing of it is to be kept, and it would write its profile when it ends by itself
        if let Some(id) = self.chromium {
            let _ = Command::new("kill").args(["-KILL", &id.to_string()]).status();
        }
        let _ = self.chromedriver.kill();
        let _ = self.chromedriver.wait();
        // its own children end a moment later
        let began = Instant::now();
        while fs::remove_dir_all(self.folder.path()).is_err() && began.elapsed() < GOING {
            thread::sleep(LOOK_AGAIN);
        }
    }
}

impl Browser {
    /// Starts Chromium. Fails with what to install if it is missing.
    pub async fn start(options: BrowserOptions<'_>) -> Result<Self> {
        let (mut process, port) = start_chromedriver()?;
        let capabilities = capabilities(&process.profile(), options)?;
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities).await.context(
            "starting Chromium. Is it there, in the version of chromedriver? On Debian and Ubuntu: sudo apt-get \
             install chromium chromium-driver",
        )?;
        process.chromium = driver.capabilities().get("goog:processID").and_then(Value::as_u64);
        // otherwise the client would end the session when it is dropped, and wait for minutes if that cannot be
        driver.clone().leak().context("keeping the session")?;
        let browser = Self { driver, process };
        browser.resize(options.size).await?;
        let downloads = json!({ "behavior": "allow", "downloadPath": browser.downloads() });
        browser.devtools("Browser.setDownloadBehavior", downloads).await?;
        Ok(browser)
    }

    /// Shows the page at this address.
    pub async fn open(&self, url: &str) -> Result<()> {
        self.driver.goto(url).await.with_context(|| format!("opening {url}"))
    }

    /// The address of the page that is shown.
    pub async fn address(&self) -> Result<String> {
        Ok(self.driver.current_url().await?.to_string())
    }

    /// Shows the page again, as by F5.
    pub async fn reload(&self) -> Result<()> {
        Ok(self.driver.refresh().await?)
    }

    /// What a JavaScript expression is on the page.
    pub async fn eval<T: DeserializeOwned>(&self, expression: &str) -> Result<T> {
        self.run(&format!("return ({expression})"), Vec::new()).await
    }

    /// Runs statements of JavaScript with `arguments` and returns what they `return`, awaited.
    pub async fn run<T: DeserializeOwned>(&self, script: &str, arguments: Vec<Value>) -> Result<T> {
        let result = self.driver.execute(script, arguments).await.with_context(|| {
            format!("running on the page: {}", script.chars().take(200).collect::<String>())
        })?;
        Ok(result.convert()?)
    }

    /// Waits until a JavaScript expression is true on the page, whichever that is by then.
    pub async fn until(&self, expression: &str) -> Result<()> {
        let began = Instant::now();
        loop {
            // there is no page in the moment between two
            let now = self.eval::<Value>(expression).await;
            match &now {
                Ok(Value::Bool(true)) => return Ok(()),
                Ok(Value::Bool(false)) | Err(_) => {}
                Ok(other) => bail!("{expression} is {other}, not true or false"),
            }
            if began.elapsed() > LIMIT {
                let page: String =
                    self.eval("document.body.innerText.slice(0, 2000)").await.unwrap_or_default();
                let address = self.address().await?;
                bail!("{expression}: still {now:?} after {} s on {address}:\n{page}", LIMIT.as_secs());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Waits until the text of the element with this CSS selector contains `part`.
    pub async fn until_text(&self, selector: &str, part: &str) -> Result<()> {
        let (selector, part) = (json!(selector), json!(part));
        self.until(&format!("Boolean(document.querySelector({selector})?.textContent.includes({part}))"))
            .await
    }

    /// The text of the element with this CSS selector, as it is in the document.
    pub async fn text(&self, selector: &str) -> Result<String> {
        let text: Option<String> =
            self.eval(&format!("document.querySelector({})?.textContent", json!(selector))).await?;
        text.with_context(|| format!("nothing matches {selector}"))
    }

    /// What a field holds.
    pub async fn value(&self, selector: &str) -> Result<String> {
        let value: Option<String> =
            self.eval(&format!("document.querySelector({})?.value", json!(selector))).await?;
        value.with_context(|| format!("nothing matches {selector}"))
    }

    /// Whether an element with this CSS selector is there and can be seen.
    pub async fn sees(&self, selector: &str) -> Result<bool> {
        self.eval(&format!("Boolean(document.querySelector({})?.checkVisibility())", json!(selector))).await
    }

    /// The element with this CSS selector.
    pub async fn find(&self, selector: &str) -> Result<WebElement> {
        self.driver.find(By::Css(selector)).await.with_context(|| format!("nothing matches {selector}"))
    }

    /// Scrolls to the element with this CSS selector and clicks on it.
    pub async fn click(&self, selector: &str) -> Result<()> {
        // not to the edge, where something else may lie above it
        let scroll = "document.querySelector(arguments[0])?.scrollIntoView({ block: 'center' }); return true";
        let _: bool = self.run(scroll, vec![json!(selector)]).await?;
        let element = self.find(selector).await?;
        element.click().await.with_context(|| format!("clicking on {selector}"))
    }

    /// Types into the element with this CSS selector, key by key. Files to choose are given by their paths.
    pub async fn type_into(&self, selector: &str, keys: impl Into<TypingData>) -> Result<()> {
        let element = self.find(selector).await?;
        element.send_keys(keys).await.with_context(|| format!("typing into {selector}"))
    }

    /// Presses keys wherever the focus is.
    pub async fn press(&self, keys: impl Into<TypingData>) -> Result<()> {
        Ok(self.driver.active_element().await?.send_keys(keys).await?)
    }

    /// Presses the tab key, wherever the focus is: keys that are sent to a field for files would name files.
    pub async fn tab(&self) -> Result<()> {
        Ok(self.driver.action_chain().send_keys(Key::Tab).perform().await?)
    }

    /// Puts a text into a field at once, as pasting does.
    pub async fn paste(&self, selector: &str, text: &str) -> Result<()> {
        let script = "const field = document.querySelector(arguments[0]); field.focus(); field.value = arguments[1]; \
                      field.dispatchEvent(new Event('input', { bubbles: true })); return true";
        let _: bool = self.run(script, vec![json!(selector), json!(text)]).await?;
        Ok(())
    }

    /// Makes the page this wide and high, in CSS pixels; windows cannot be as narrow as telephones.
    pub async fn resize(&self, (width, height): (u32, u32)) -> Result<()> {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await.map(drop)
    }

    /// Makes the system's colours dark or light.
    pub async fn set_dark(&self, dark: bool) -> Result<()> {
        let scheme = if dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", media).await.map(drop)
    }

    /// Where downloads are put.
    pub fn downloads(&self) -> PathBuf {
        self.process.folder.path().join("downloads")
    }

    /// The content of a file with this name once it has been downloaded.
    pub async fn downloaded(&self, name: &str) -> Result<Vec<u8>> {
        let path = self.downloads().join(name);
        let began = Instant::now();
        // it has another name until it is whole
        while !path.exists() {
            if began.elapsed() > LIMIT {
                bail!("{name} is not downloaded after {} s", LIMIT.as_secs());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        fs::read(&path).with_context(|| format!("reading the download {name}"))
    }

    /// A picture of what is shown, as PNG.
    pub async fn picture(&self) -> Result<Vec<u8>> {
        Ok(self.driver.screenshot_as_png().await?)
    }

    /// A command of the DevTools protocol, for what WebDriver has no word for.
    pub async fn devtools(&self, method: &str, parameters: Value) -> Result<Value> {
        self.driver.cdp().send_raw(method, parameters).await.with_context(|| method.to_owned())
    }
}

/// Starts chromedriver on a free port, and returns that.
fn start_chromedriver() -> Result<(Process, u16)> {
    let folder = TempDir::new().context("making a folder for the browser")?;
    let mut child = Command::new("chromedriver")
        .arg("--port=0")
        // whatever it and Chromium leave is removed with the folder
        .env("TMPDIR", folder.path())
        .env("HOME", folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context(
            "starting chromedriver. These tests need Chromium; on Debian and Ubuntu: sudo apt-get install chromium \
             chromium-driver",
        )?;
    let output = child.stdout.take().context("the output of chromedriver")?;
    let process = Process { chromedriver: child, chromium: None, folder };
    let mut said = String::new();
    for line in BufReader::new(output).lines() {
        let line = line.context("reading what chromedriver says")?;
        let port =
            line.split_once("started successfully on port ").map(|(_, port)| port.trim_end_matches('.'));
        if let Some(port) = port {
            return Ok((process, port.parse().with_context(|| format!("a port in: {line}"))?));
        }
        said.push_str(&line);
        said.push('\n');
    }
    bail!("chromedriver did not start: {said}")
}

fn capabilities(profile: &Path, options: BrowserOptions<'_>) -> Result<ChromeCapabilities> {
    let mut chrome = DesiredCapabilities::chrome();
    let profile = format!("--user-data-dir={}", profile.display());
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-background-networking",
        // containers have little shared memory
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--hide-scrollbars",
        // ends with chromedriver, however that ends
        "--remote-debugging-pipe",
        &profile,
    ];
    for argument in arguments {
        chrome.add_arg(argument)?;
    }
    let mut preferences = json!({ "intl.accept_languages": options.languages });
    if !options.scripts {
        preferences["profile.managed_default_content_settings.javascript"] = json!(2);
    }
    chrome.add_experimental_option("prefs", preferences)?;
    Ok(chrome)
}
