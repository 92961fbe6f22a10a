use crate::Format::Po;
use crate::testing::{texts, translate_text};

const CATALOGUE: &str = r#"# Übersetzung
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Language: de\n"

#. Bemerkung
#: src/a.c:12
#, c-format
msgid "%d Datei \"%s\" gelöscht\n"
msgid_plural "%d Dateien gelöscht\n"
msgstr[0] ""
msgstr[1] ""

msgctxt "Menü"
msgid "Datei <b>öffnen</b>"
msgstr ""

msgid "Fertig"
msgstr "Done"

msgid ""
"Erste Zeile\n"
"zweite Zeile"
msgstr ""

#~ msgid "Alt"
#~ msgstr ""
"#;

#[test]
fn untranslated_messages_are_filled_and_marked_fuzzy() {
    let [one, many, open, lines] =
        ["%d Datei \"%s\" gelöscht", "%d Dateien gelöscht", "Datei öffnen", "Erste Zeile\nzweite Zeile"];
    assert_eq!(texts(Po, CATALOGUE), [one, many, open, lines]);
    let known = [
        (one, "%d file \"%s\" deleted", ""),
        (many, "%d files deleted", ""),
        (open, "Open file", "0-1 1-0"),
        (lines, "First line\nsecond line", ""),
    ];
    let expected = CATALOGUE
        .replace("Language: de", "Language: en")
        .replace("#, c-format", "#, fuzzy, c-format")
        .replace("msgstr[0] \"\"", r#"msgstr[0] "%d file \"%s\" deleted\n""#)
        .replace("msgstr[1] \"\"", r#"msgstr[1] "%d files deleted\n""#)
        .replace("msgctxt \"Menü\"", "#, fuzzy\nmsgctxt \"Menü\"")
        .replace("öffnen</b>\"\nmsgstr \"\"", "öffnen</b>\"\nmsgstr \"<b>Open</b> file\"")
        .replace("msgid \"\"\n\"Erste", "#, fuzzy\nmsgid \"\"\n\"Erste")
        .replace(
            "zweite Zeile\"\nmsgstr \"\"",
            "zweite Zeile\"\nmsgstr \"\"\n\"First line\\n\"\n\"second line\"",
        );
    assert_eq!(translate_text(Po, CATALOGUE, &known), expected);
}

#[test]
fn translated_and_obsolete_messages_stay() {
    let source = "msgid \"Ja\"\nmsgstr \"Yes\"\n\n#~ msgid \"Nein\"\n#~ msgstr \"\"\n";
    assert_eq!(texts(Po, source), [""; 0]);
    assert_eq!(translate_text(Po, source, &[]), source);
}

#[test]
fn escapes_are_written_as_they_were() {
    let source = r#"msgid "Ein\tWort\a \\ \"hier\" Zeile\r\n"
msgstr ""
"#;
    let text = "Ein\tWort\u{7} \\ \"hier\" Zeile";
    assert_eq!(texts(Po, source), [text]);
    let expected = r#"#, fuzzy
msgid "Ein\tWort\a \\ \"hier\" Zeile\r\n"
msgstr "A\tword\a \\ \"here\" line\r\n"
"#;
    assert_eq!(translate_text(Po, source, &[(text, "A\tword\u{7} \\ \"here\" line", "")]), expected);
}
