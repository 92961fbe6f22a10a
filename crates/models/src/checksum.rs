//! Checksums of files: the SHA-256 by which a hub knows large files and a manifest all of them, and the SHA-1 that git
//! gives small ones.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// What a file must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Checksum {
    /// Of its bytes.
    Sha256(String),
    /// Of its bytes after git's header.
    GitSha1(String),
}

impl Checksum {
    /// Whether the file is that one.
    pub(crate) fn fits(&self, path: &Path) -> io::Result<bool> {
        Ok(match self {
            Self::Sha256(expected) => sha256(path)? == *expected,
            Self::GitSha1(expected) => git_sha1(path)? == *expected,
        })
    }
}

/// The SHA-256 of a file, in hexadecimal digits.
pub(crate) fn sha256(path: &Path) -> io::Result<String> {
    digest(Sha256::new(), &mut File::open(path)?)
}

fn git_sha1(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let header = format!("blob {}\0", file.metadata()?.len());
    digest(Sha1::new_with_prefix(header), &mut file)
}

fn digest(mut digest: impl Digest, file: &mut File) -> io::Result<String> {
    let mut piece = vec![0; 1 << 18];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hex(&digest.finalize())),
            len => digest.update(&piece[..len]),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_sha256sum_and_git() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, "hello\n").unwrap();
        let sha256 = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
        assert!(Checksum::Sha256(sha256.to_owned()).fits(&path).unwrap());
        assert!(
            Checksum::GitSha1("ce013625030ba8dba906f756967f9e9ca394464a".to_owned()).fits(&path).unwrap()
        );
        assert!(!Checksum::GitSha1(sha256.to_owned()).fits(&path).unwrap());
    }
}
