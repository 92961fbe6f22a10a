//! Secrets from the environment or from files, by the rule of the official MySQL image, so that one secret file
//! serves both the database and the services.
//!
//! A program declares the pair `X` and `X_FILE` in its clap configuration and hands both to [`read`]:
//!
//! ```
//! # use std::path::PathBuf;
//! #[derive(clap::Args)]
//! struct Database {
//!     /// Password of the database account.
//!     #[arg(long, env = "DB_PASSWORD", hide_env_values = true)]
//!     db_password: Option<String>,
//!     /// File that holds the password.
//!     #[arg(long, env = "DB_PASSWORD_FILE", value_parser = service::secret::path)]
//!     db_password_file: Option<PathBuf>,
//! }
//!
//! # fn connect(args: Database) -> Result<(), service::secret::SecretError> {
//! let password = service::secret::read("DB_PASSWORD", args.db_password, args.db_password_file)?;
//! # Ok(())
//! # }
//! ```

use std::{convert::Infallible, io, path::PathBuf};

use secrecy::SecretString;

/// Why a secret could not be read. Names the variable and the path, never the content.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The value and the file are both given.
    #[error("both {name} and {name}_FILE are set, but they exclude each other; unset one of them")]
    Both {
        /// The variable without `_FILE`.
        name: String,
    },
    /// The file is missing, unreadable or not UTF-8.
    #[error("cannot read the file {} that {name}_FILE names", path.display())]
    File {
        /// The variable without `_FILE`.
        name: String,
        /// What `X_FILE` says.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// The secret `name`, from the value of the variable `name` or else from the file that `{name}_FILE` names; `None`
/// if both are unset or empty.
///
/// All line feeds at the end of a file are stripped and nothing else. A carriage return that remains at the end is
/// most likely an accident of an editor and is warned of.
pub fn read(
    name: &str,
    value: Option<String>,
    file: Option<PathBuf>,
) -> Result<Option<SecretString>, SecretError> {
    let value = value.filter(|value| !value.is_empty());
    let file = file.filter(|file| !file.as_os_str().is_empty());
    let secret = match (value, file) {
        (Some(_), Some(_)) => return Err(SecretError::Both { name: name.to_owned() }),
        (Some(value), None) => value,
        (None, Some(path)) => read_file(name, path)?,
        (None, None) => return Ok(None),
    };
    Ok(Some(SecretString::from(secret)))
}

fn read_file(name: &str, path: PathBuf) -> Result<String, SecretError> {
    let mut content = match std::fs::read_to_string(&path) {
        Ok(content) => content,
        Err(source) => return Err(SecretError::File { name: name.to_owned(), path, source }),
    };
    content.truncate(content.trim_end_matches('\n').len());
    if content.ends_with('\r') {
        tracing::warn!(
            variable = format!("{name}_FILE"),
            path = %path.display(),
            "the secret ends with a carriage return, which is taken as part of it; \
             write the file without Windows line ends if that is not meant"
        );
    }
    Ok(content)
}

/// A path for clap that may be empty, as it is where a stack file sets `X_FILE: ${X_FILE:-}`; [`read`] takes the
/// empty path as unset.
pub fn path(argument: &str) -> Result<PathBuf, Infallible> {
    Ok(PathBuf::from(argument))
}

#[cfg(test)]
mod tests {
    use std::{error::Error, path::Path};

    use secrecy::ExposeSecret;

    use super::*;

    fn from_file(content: &[u8]) -> String {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        let secret = read("DB_PASSWORD", None, Some(file.path().to_owned())).unwrap();
        secret.expect("a file is given").expose_secret().to_owned()
    }

    #[test]
    fn all_line_feeds_at_the_end_are_stripped_and_nothing_else() {
        for (content, secret) in [
            ("s3cret", "s3cret"),
            ("s3cret\n", "s3cret"),
            ("s3cret\n\n\n", "s3cret"),
            ("  s3 cret  \n", "  s3 cret  "),
            ("s3\ncret\n", "s3\ncret"),
            ("\ns3cret", "\ns3cret"),
            ("s3cret\r\n", "s3cret\r"),
            ("s3cret\t\n", "s3cret\t"),
            ("\n", ""),
            ("", ""),
        ] {
            assert_eq!(from_file(content.as_bytes()), secret, "{content:?}");
        }
    }

    #[test]
    fn the_value_is_taken_as_it_is() {
        let secret = read("DB_USER", Some("unlimited\n".into()), None).unwrap();
        assert_eq!(secret.expect("a value is given").expose_secret(), "unlimited\n");
    }

    #[test]
    fn value_and_file_together_are_an_error_that_names_both() {
        let error =
            read("DB_USER", Some("unlimited".into()), Some("/run/secrets/db_user".into())).unwrap_err();
        let message = error.to_string();
        assert!(message.contains("DB_USER and DB_USER_FILE"), "{message}");
        assert!(!message.contains("unlimited"), "{message}");
    }

    #[test]
    fn an_empty_one_of_the_two_counts_as_unset() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "root").unwrap();
        let secret = read("DB_USER", Some(String::new()), Some(file.path().into())).unwrap();
        assert_eq!(secret.expect("a file is given").expose_secret(), "root");
        let secret = read("DB_USER", Some("root".into()), Some(path("").unwrap())).unwrap();
        assert_eq!(secret.expect("a value is given").expose_secret(), "root");
        assert!(read("DB_USER", Some(String::new()), Some(PathBuf::new())).unwrap().is_none());
        assert!(read("DB_USER", None, None).unwrap().is_none());
    }

    #[test]
    fn a_missing_file_is_an_error_that_names_variable_and_path() {
        let error = read("DB_USER", None, Some("/nonexistent/db_user".into())).unwrap_err();
        assert_eq!(error.to_string(), "cannot read the file /nonexistent/db_user that DB_USER_FILE names");
        assert!(error.source().is_some());
    }

    #[test]
    fn a_file_that_is_no_text_is_an_error_that_does_not_show_it() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), b"abc\xff").unwrap();
        let error = read("DB_USER", None, Some(file.path().into())).unwrap_err();
        let SecretError::File { path, .. } = &error else { panic!("{error}") };
        assert_eq!(path.as_path(), file.path() as &Path);
        assert!(!format!("{error:?}").contains("abc"));
    }

    #[test]
    fn a_secret_is_not_shown_by_debug() {
        let secret = read("DB_PASSWORD", Some("hunter2".into()), None).unwrap();
        assert!(!format!("{secret:?}").contains("hunter2"));
    }
}
