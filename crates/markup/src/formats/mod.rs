//! One module a format: each turns a document into a skeleton.

pub(crate) mod archive;
pub(crate) mod html;
pub(crate) mod markdown;
pub(crate) mod po;
pub(crate) mod subtitles;
pub(crate) mod tags;
pub(crate) mod text;
