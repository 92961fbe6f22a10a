use crate::Format::{Srt, Vtt};
use crate::testing::{texts, translate, translate_text};

#[test]
fn cues_are_translated_and_wrapped_again() {
    let source = "1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>Das ist der erste,\r\nlange Satz.</i>\r\n\r\n\
        2\r\n00:00:03,000 --> 00:00:04,000 X1:40\r\n{\\an8}- Hallo!\r\n- Na & du?\r\n\r\n3\r\n00:00:05,000 --> 00:00:06,000\r\n12\r\n";
    let first = "Das ist der erste, lange Satz.";
    assert_eq!(texts(Srt, source), [first, "- Hallo!\n- Na & du?"]);
    let known =
        [(first, "This is the first long sentence.", ""), ("- Hallo!\n- Na & du?", "- Hi!\n- And you?", "")];
    let expected = source
        .replace("Das ist der erste,\r\nlange Satz.", "This is the first\r\nlong sentence.")
        .replace("- Hallo!\r\n- Na & du?", "- Hi!\r\n- And you?");
    assert_eq!(translate_text(Srt, source, &known), expected);
}

#[test]
fn a_sentence_over_two_cues_is_one_text() {
    let source = "1\n00:00:01,000 --> 00:00:02,000\nIch habe gestern\n\n2\n00:00:03,000 --> 00:00:04,000\ndas Buch gelesen.\n";
    let text = "Ich habe gestern das Buch gelesen.";
    assert_eq!(texts(Srt, source), [text]);
    let expected =
        source.replace("Ich habe gestern", "Yesterday I read").replace("das Buch gelesen.", "the book.");
    let known = [(text, "Yesterday I read the book.", "0-1 1-2 2-0 3-3 4-4 5-2")];
    assert_eq!(translate_text(Srt, source, &known), expected);
}

#[test]
fn web_captions_keep_notes_styles_voices_and_times() {
    let source = "WEBVTT - Titel\n\nSTYLE\n::cue { color: red }\n\nNOTE Bleibt\n\nintro\n00:01.000 --> 00:02.000 line:0\n\
        <v Anna>Ja &amp; <00:01.500>nein <c.gelb>danke</c>\n\n00:03.000 --> 00:04.000\n<v Bernd>Gut\n";
    assert_eq!(texts(Vtt, source), ["Ja & nein danke", "Gut"]);
    let known = [("Ja & nein danke", "Yes & no thanks", ""), ("Gut", "Well < fine", "")];
    let expected = source
        .replace("Ja &amp; <00:01.500>nein", "Yes &amp; <00:01.500>no")
        .replace("danke", "thanks")
        .replace("Gut", "Well &lt; fine");
    assert_eq!(translate_text(Vtt, source, &known), expected);
}

#[test]
fn windows_files_come_back_as_such_or_in_utf_8() {
    let source = b"1\n00:00:01,000 --> 00:00:02,000\nSch\xf6ne Gr\xfc\xdfe an alle M\xe4nner\n";
    let text = "Schöne Grüße an alle Männer";
    let same = translate(Srt, source, &[(text, "Café for all men", "")]);
    assert!(same.ends_with(b"Caf\xe9 for all men\n"));
    let other = translate(Srt, source, &[(text, "Café 東京", "")]);
    assert!(other.ends_with("Café 東京\n".as_bytes()));
}
