//! `unlimited translate` and the handling of flags.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

fn unlimited(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unlimited"));
    command.args(arguments).stdin(Stdio::null());
    command
}

fn translate_input(input: &[u8]) -> Output {
    let mut child = unlimited(&["translate"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join().unwrap();
    output
}

#[test]
fn a_text_on_the_command_line_is_translated() {
    let output = unlimited(&["translate", "Guten", "Morgen!"]).output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "Good morning.\n");
}

#[test]
fn the_starter_model_is_named_once_with_the_way_to_a_better_one_unless_quiet() {
    let output = unlimited(&["translate", "Guten Morgen! Wie geht es dir?"]).output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(message.matches("starter model").count(), 1, "{message}");
    assert!(message.contains("unlimited model pull Helsinki-NLP/opus-mt-de-en"), "{message}");
    let quiet = unlimited(&["translate", "--quiet", "Guten Morgen! Wie geht es dir?"]).output().unwrap();
    assert_eq!(quiet.stdout, output.stdout);
    assert!(quiet.stderr.is_empty(), "{}", String::from_utf8_lossy(&quiet.stderr));
}

#[test]
fn standard_input_gives_as_many_lines_as_it_has() {
    for input in [
        "",
        "\n",
        "Guten Morgen!",
        "Guten Morgen!\n",
        "Guten Morgen! Wie geht es dir?\n\n\n- Es regnet.\r\n\tIch bin müde.\n   \n***\n🙂\nDie Katze schläft.",
    ] {
        let output = translate_input(input.as_bytes());
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(text.matches('\n').count(), input.matches('\n').count(), "{input:?} became {text:?}");
        assert_eq!(text.ends_with('\n'), input.ends_with('\n'));
        assert_eq!(text.is_empty(), input.is_empty());
    }
}

#[test]
fn input_that_is_not_utf_8_is_named() {
    let output = translate_input(b"Gr\xfc\xdfe\n");
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("not UTF-8 (byte 3)") && message.contains("iconv"), "{message}");
}

#[test]
fn wrong_flags_end_with_status_2_and_a_hint() {
    let output = unlimited(&["--lissten", "127.0.0.1:0"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("'--listen'"));
}

#[test]
fn a_missing_model_is_named() {
    let output = unlimited(&["translate", "--model-dir", "no/such/folder", "Hallo"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("cannot load the model") && message.contains("no/such/folder"), "{message}");
}

#[test]
fn a_glossary_is_honoured_and_its_faults_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("terms.txt");
    std::fs::write(&file, "# Tiere\nKatze = feline\n").unwrap();
    let translate = || {
        let arguments = ["translate", "--glossary-file", file.to_str().unwrap(), "Die Katze schläft."];
        unlimited(&arguments).output().unwrap()
    };
    let text = String::from_utf8(translate().stdout).unwrap();
    assert!(text.to_lowercase().contains("feline"), "{text}");
    std::fs::write(&file, "Katze = feline\nHund =\n").unwrap();
    let output = translate();
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("terms.txt: line 2: the translation of `Hund` is empty"), "{message}");
}
