//! One file from a hub: resumed where it broke off, tried again, and checked before it gets its name.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::StreamExt as _;
use indicatif::ProgressBar;
use reqwest::{Response, StatusCode, header};
use tokio::fs::{self, OpenOptions};
use tokio::io::AsyncWriteExt as _;

use crate::checksum::Checksum;
use crate::hub::{Hub, HubFile};
use crate::{Error, ModelName};

/// How often it is tried again without anything having come.
const RETRIES: u32 = 5;
/// Before the first of these; doubled each time.
const PAUSE: Duration = Duration::from_millis(200);

/// Files of a model at a commit, on their way into a folder.
pub(crate) struct Download<'a> {
    pub(crate) hub: &'a Hub,
    pub(crate) name: &'a ModelName,
    pub(crate) commit: &'a str,
    pub(crate) folder: &'a Path,
    pub(crate) progress: &'a ProgressBar,
}

/// Why a transfer ended early.
enum Interruption {
    /// It may go on.
    Passing(Error),
    /// It will not.
    Lasting(Error),
}

impl Download<'_> {
    /// Fetches a file, unless it is there already.
    pub(crate) async fn fetch(&self, file: &HubFile) -> Result<(), Error> {
        let target = self.folder.join(&file.path);
        self.progress.set_message(file.path.clone());
        if self.fits(file, &target).await? {
            self.progress.inc(file.size);
            return Ok(());
        }
        let part = self.folder.join(format!("{}.part", file.path));
        let begun_before = len(&part).await? > 0;
        self.transfer(file, &part).await?;
        let mut fits = self.fits(file, &part).await?;
        if !fits && begun_before {
            // what was there may have been of another revision
            remove(&part).await?;
            self.transfer(file, &part).await?;
            fits = self.fits(file, &part).await?;
        }
        if !fits {
            remove(&part).await?;
            return Err(self.wrong(file));
        }
        fs::rename(&part, &target).await.map_err(|error| Error::io(&target, error))
    }

    fn wrong(&self, file: &HubFile) -> Error {
        Error::Checksum { file: file.path.clone(), hub: self.hub.address() }
    }

    async fn fits(&self, file: &HubFile, path: &Path) -> Result<bool, Error> {
        if len(path).await? != file.size {
            return Ok(false);
        }
        check(file.checksum.clone(), path.to_owned()).await
    }

    /// Brings the file to its full length, or longer if the hub sends too much.
    async fn transfer(&self, file: &HubFile, part: &Path) -> Result<(), Error> {
        let before = self.progress.position();
        let (mut failures, mut pause) = (0, PAUSE);
        loop {
            let start = len(part).await?;
            self.progress.set_position(before + start);
            if start >= file.size && fs::try_exists(part).await.unwrap_or(false) {
                return Ok(());
            }
            match self.try_transfer(file, part, start).await {
                Ok(()) => {}
                Err(Interruption::Lasting(error)) => return Err(error),
                Err(Interruption::Passing(error)) => {
                    if len(part).await? > start {
                        (failures, pause) = (0, PAUSE);
                    } else if failures == RETRIES {
                        return Err(error);
                    }
                    failures += 1;
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                }
            }
        }
    }

    async fn try_transfer(&self, file: &HubFile, part: &Path, start: u64) -> Result<(), Interruption> {
        let response =
            self.hub.open(self.name, self.commit, &file.path, start).await.map_err(Interruption::Passing)?;
        let resumed = match response.status() {
            StatusCode::OK => false,
            StatusCode::PARTIAL_CONTENT if continues_at(&response, start) => true,
            StatusCode::RANGE_NOT_SATISFIABLE => {
                // the next attempt begins anew
                return remove(part).await.map_err(Interruption::Lasting);
            }
            status => {
                let error = self.hub.answer(&file.path, status);
                let passing = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
                return Err(if passing {
                    Interruption::Passing(error)
                } else {
                    Interruption::Lasting(error)
                });
            }
        };
        self.write(response, part, if resumed { start } else { 0 }, file.size).await
    }

    async fn write(
        &self,
        response: Response,
        part: &Path,
        start: u64,
        size: u64,
    ) -> Result<(), Interruption> {
        let failed = |error| Interruption::Lasting(Error::io(part, error));
        let mut options = OpenOptions::new();
        options.create(true).write(true).append(start > 0).truncate(start == 0);
        let mut out = options.open(part).await.map_err(failed)?;
        let mut received = start;
        let mut chunks = response.bytes_stream();
        let result = loop {
            match chunks.next().await {
                Some(Ok(chunk)) => {
                    out.write_all(&chunk).await.map_err(failed)?;
                    self.progress.inc(chunk.len() as u64);
                    received += chunk.len() as u64;
                    if received > size {
                        // no checksum can fit what is longer; there is no sense in filling the disk
                        break Ok(());
                    }
                }
                Some(Err(error)) => break Err(Interruption::Passing(self.hub.unreachable(&error))),
                None if received < size => {
                    let error = self.hub.answer("a file", "less than it announced");
                    break Err(Interruption::Passing(error));
                }
                None => break Ok(()),
            }
        };
        out.flush().await.map_err(failed)?;
        out.sync_all().await.map_err(failed)?;
        result
    }
}

/// Whether a partial answer goes on where it was asked to.
fn continues_at(response: &Response, start: u64) -> bool {
    let range = response.headers().get(header::CONTENT_RANGE).and_then(|range| range.to_str().ok());
    range.is_some_and(|range| range.starts_with(&format!("bytes {start}-")))
}

async fn check(checksum: Checksum, path: PathBuf) -> Result<bool, Error> {
    let checked = {
        let path = path.clone();
        tokio::task::spawn_blocking(move || checksum.fits(&path)).await
    };
    checked.map_err(io::Error::other).flatten().map_err(|error| Error::io(&path, error))
}

/// Length of a file; 0 if there is none.
async fn len(path: &Path) -> Result<u64, Error> {
    match fs::metadata(path).await {
        Ok(metadata) => Ok(metadata.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(Error::io(path, error)),
    }
}

async fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path).await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io(path, error)),
        _ => Ok(()),
    }
}
