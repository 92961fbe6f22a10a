//! What went wrong with a file, as the visitor reads it.

use axum::http::StatusCode;
use markup::{Excess, Fault, Format, Trick};

use super::failure::{DEFAULT_RETRY_AFTER, Failure};
use crate::files::FileError;
use crate::locale::{Arguments, Locale};

impl Failure {
    /// The file is larger than a form may be.
    pub(super) fn file_too_large(max_mb: usize) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "failure-file-large", &[("megabytes", max_mb.into())])
    }

    /// A file was to be translated, and there is none.
    pub(super) fn no_file() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "failure-file-none", &[])
    }

    /// The file is in the language that it is to be translated to.
    pub(super) fn nothing_to_do(target: &str) -> Self {
        let target = Locale::current().language(target);
        Self::new(StatusCode::BAD_REQUEST, "failure-file-same", &[("target", target.into())])
    }

    /// The file is none that can be translated.
    pub(super) fn of_file(error: FileError, name: &str, max_mb: usize) -> Self {
        let new = |status, message| Self::new(status, message, &[("name", name.into())]);
        let failure = match &error {
            FileError::Document(fault) => Self::of_document(fault, name, max_mb),
            FileError::NotText => new(StatusCode::BAD_REQUEST, "failure-file-nul"),
            FileError::Empty => new(StatusCode::BAD_REQUEST, "failure-file-empty"),
            FileError::Store(_) => {
                new(StatusCode::SERVICE_UNAVAILABLE, "failure-file-away").retry_after(DEFAULT_RETRY_AFTER)
            }
            FileError::Changed | FileError::Panicked => {
                new(StatusCode::INTERNAL_SERVER_ERROR, "failure-file-stumbled")
            }
        };
        failure.caused_by(error)
    }

    fn of_document(error: &markup::Error, name: &str, max_mb: usize) -> Self {
        let bad = StatusCode::BAD_REQUEST;
        let new = |status, message, fault: String| {
            Self::new(status, message, &[("name", name.into()), ("fault", fault.into())])
        };
        match error {
            markup::Error::UnknownFormat { .. } => {
                let arguments = [("name", name.into()), ("formats", Format::NAMES.into())];
                Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "failure-file-format", &arguments)
            }
            markup::Error::Invalid { fault: Fault::OldOrEncrypted | Fault::Encrypted, .. } => {
                Self::new(bad, "failure-file-locked", &[("name", name.into())])
            }
            markup::Error::Invalid { fault, format } => {
                let fault = of_fault(fault);
                let arguments =
                    [("name", name.into()), ("format", (*format).into()), ("fault", fault.into())];
                Self::new(bad, "failure-file-damaged", &arguments)
            }
            markup::Error::TooLarge(Excess::File { .. }) => Self::file_too_large(max_mb),
            markup::Error::TooLarge(excess) => {
                new(StatusCode::PAYLOAD_TOO_LARGE, "failure-file-excess", of_excess(excess))
            }
            markup::Error::Hostile(trick) => new(bad, "failure-file-hostile", of_trick(trick)),
            markup::Error::Count { .. } => {
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "failure-file-stumbled", &[])
            }
        }
    }
}

fn of_fault(fault: &Fault) -> String {
    match fault {
        Fault::NoArchive(_) => say("fault-no-archive", &[]),
        Fault::Missing(part) => say("fault-missing", &[("part", (*part).into())]),
        Fault::Xml { part, at, .. } => {
            say("fault-xml", &[("part", part.as_str().into()), ("at", (*at).into())])
        }
        Fault::Damaged(_) | Fault::OldOrEncrypted | Fault::Encrypted => say("fault-damaged", &[]),
    }
}

fn of_excess(excess: &Excess) -> String {
    let limits = |name, size: u64, most: u64| say(name, &[("size", size.into()), ("most", most.into())]);
    let megabytes = |bytes: u64| bytes >> 20;
    match excess {
        Excess::Entries { count, most } => limits("fault-entries", *count as u64, *most as u64),
        Excess::Unpacked { size, most } => limits("fault-unpacked", megabytes(*size), megabytes(*most)),
        Excess::File { size, most } | Excess::Text { size, most } => {
            limits("fault-text", megabytes(*size as u64), megabytes(*most as u64))
        }
        Excess::Ratio { part, most } => {
            say("fault-ratio", &[("part", part.as_str().into()), ("most", (*most).into())])
        }
        Excess::Markup { most } => say("fault-markup", &[("most", (*most).into())]),
        Excess::Paragraph { most } => say("fault-paragraph", &[("most", megabytes(*most as u64).into())]),
        Excess::Undeclared => say("fault-undeclared", &[]),
    }
}

fn of_trick(trick: &Trick) -> String {
    match trick {
        Trick::SharedBytes => say("fault-shared-bytes", &[]),
        Trick::SameName => say("fault-same-name", &[]),
        Trick::Outside(part) => say("fault-outside", &[("part", part.as_str().into())]),
        Trick::Entities(part) => say("fault-own-entities", &[("part", part.as_str().into())]),
        Trick::Depth(part) => say("fault-depth", &[("part", part.as_str().into())]),
    }
}

fn say(name: &str, arguments: Arguments<'_>) -> String {
    Locale::current().text_with(name, arguments)
}
