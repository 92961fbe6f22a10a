use crate::Format::Html;
use crate::testing::{parse, texts, translate, translate_text};

fn one(source: &str, target: &str, pairs: &str) -> String {
    let text = texts(Html, source).into_iter().next().unwrap();
    translate_text(Html, source, &[(&text, target, pairs)])
}

#[test]
fn tags_follow_the_words_they_are_around() {
    let cases = [
        (
            "<p>Das <b>rote Haus</b> ist alt.</p>",
            "The red house is old.",
            "0-0 1-1 2-2 3-3 4-4",
            "<p>The <b>red house</b> is old.</p>",
        ),
        // words change places
        (
            "<p>Ich habe <em>gestern</em> ein <a href=\"b\">Buch</a> gelesen.</p>",
            "Yesterday I read a book.",
            "0-1 1-2 2-0 3-3 4-4 5-2",
            "<p><em>Yesterday</em> I read a <a href=\"b\">book</a>.</p>",
        ),
        // nested, with punctuation inside
        (
            "<p>„<b>Halt, <i>wer</i> da?</b>“, rief er.</p>",
            "“Stop, who goes there?” he called.",
            "0-0 1-1 2-3 3-5 4-4",
            "<p>“<b>Stop, <i>who</i> goes there?</b>” he called.</p>",
        ),
        // a tag inside a word never breaks the translated word
        (
            "<p>Der <b>Bahn</b>hof ist zu.</p>",
            "The station is closed.",
            "0-0 1-1 2-2 3-3",
            "<p>The <b>station</b> is closed.</p>",
        ),
        // several words for one, and one for several
        (
            "<p>Bitte <b>zur Kenntnis</b> nehmen</p>",
            "Please take note",
            "0-0 1-2 2-2 3-1",
            "<p>Please take <b>note</b></p>",
        ),
        // without any alignment, about where it was
        ("<p>Ein <b>kleines</b> Haus</p>", "A small house", "", "<p>A <b>small</b> house</p>"),
        // a pair whose word vanishes keeps a neighbour
        (
            "<p>Komm <b>doch</b> bitte her</p>",
            "Please come here",
            "0-1 2-0 3-2",
            "<p>Please <b>come</b> here</p>",
        ),
        // what surrounds everything still does
        (
            "<p><a href=x><b>Alles</b> gut</a></p>",
            "All is well",
            "0-0 1-2",
            "<p><a href=x><b>All</b> is well</a></p>",
        ),
    ];
    for (source, target, pairs, expected) in cases {
        assert_eq!(one(source, target, pairs), expected);
    }
}

#[test]
fn single_tags_keep_their_place() {
    let cases = [
        (
            "<p>Das Haus <img src=a> ist alt<!-- so? -->.</p>",
            "The house is old.",
            "0-0 1-1 2-2 3-3",
            "<p>The house <img src=a> is old<!-- so? -->.</p>",
        ),
        (
            "<label><input type=checkbox> Ja, bitte</label>",
            "Yes, please",
            "",
            "<label><input type=checkbox> Yes, please</label>",
        ),
        (
            "<p>Guten Tag,<br>\n  ich heiße Anna.<br/>Bis bald.</p>",
            "Hello, my name is Anna.\nSee you soon.",
            "0-0 1-0 2-1 3-2 3-3 4-4 5-5 6-6",
            "<p>Hello,<br>\n  my name is Anna.<br/>See you soon.</p>",
        ),
        ("<p>Donau<wbr>dampf</p>", "Danube steam", "0-0 0-1", "<p>Danube steam<wbr></p>"),
    ];
    for (source, target, pairs, expected) in &cases {
        assert_eq!(one(source, target, pairs), *expected);
    }
    assert_eq!(texts(Html, cases[2].0), ["Guten Tag, ich heiße Anna.\nBis bald."]);
    let footnote = "<p>Alte Häuser<a href=\"#1\" id=r1></a>, die stehen</p>";
    let expected = "<p>Houses<a href=\"#1\" id=r1></a> that are old, standing</p>";
    assert_eq!(one(footnote, "Houses that are old, standing", "0-3 1-0 2-1 3-4"), expected);
}

#[test]
fn code_formulas_and_names_stay_and_keep_their_place_in_the_sentence() {
    let source = "<p>Mit <code>let x = <i>5</i>;</code> und <span translate=\"no\">Müller &amp; Söhne</span> geht es.</p>";
    assert_eq!(texts(Html, source), ["Mit {{1}} und {{2}} geht es."]);
    let expected = "<p>It works with <span translate=\"no\">Müller &amp; Söhne</span> and <code>let x = <i>5</i>;</code>.</p>";
    assert_eq!(one(source, "It works with {{2}} and {{1}}.", ""), expected);
    // a stand-in that the engine lost is placed like a tag
    let expected = "<p>With <code>let x = <i>5</i>;</code>this and <span translate=\"no\">Müller &amp; Söhne</span> it works.</p>";
    assert_eq!(one(source, "With this and {{2}} it works.", "0-0 2-2 3-3 4-4 5-5"), expected);
}

#[test]
fn what_is_not_for_people_is_left_alone() {
    let source = "<!doctype html><html lang=\"de-AT\"><head><title>Titel</title><style>p { color: red }</style>\
        <script>if (a < b) { say('Hallo') }</script><meta name=description content='Eine \"Seite\"'>\
        <meta name=generator content=Werkzeug></head><body><pre>nicht  das</pre><textarea>nicht <b>das</b></textarea>\
        <p class='a notranslate'>Nein</p><div translate=no><p>Nein<p translate=yes>Doch</div>\
        <noscript><p>Nein</p></noscript><p>12.5 &ndash; 13</p><input placeholder=\"Dein Name\" value=Wert>\
        <svg><text>Nein</text></svg><math><mi>x</mi></math></body></html>";
    assert_eq!(texts(Html, source), ["Titel", "Eine \"Seite\"", "Doch", "Dein Name"]);
    let known = [
        ("Titel", "Title", ""),
        ("Eine \"Seite\"", "A 'page'", ""),
        ("Doch", "Yes", ""),
        ("Dein Name", "Your \"name\"", ""),
    ];
    let expected = source
        .replace("de-AT", "en")
        .replace("Titel", "Title")
        .replace("'Eine \"Seite\"'", "'A &#39;page&#39;'")
        .replace("Doch", "Yes")
        .replace("\"Dein Name\"", "\"Your &quot;name&quot;\"");
    assert_eq!(translate_text(Html, source, &known), expected);
}

#[test]
fn attributes_inside_a_sentence_are_translated_with_it() {
    let source = "<p>Ein <img src=\"h.png\" alt=\"rotes Haus\"> Haus</p>";
    assert_eq!(texts(Html, source), ["Ein Haus", "rotes Haus"]);
    let known = [("Ein Haus", "A house", "0-0 1-1"), ("rotes Haus", "red house", "")];
    assert_eq!(translate_text(Html, source, &known), "<p>A <img src=\"h.png\" alt=\"red house\"> house</p>");
    let known = [("Ein Haus", "Ein Haus", ""), ("rotes Haus", "red house", "")];
    assert_eq!(
        translate_text(Html, source, &known),
        source.replace("rotes Haus", "red house"),
        "the sentence stays"
    );
}

#[test]
fn entities_are_written_as_they_were() {
    let source = "<p>Caf&eacute; &amp; Bar&nbsp;&#8211; 3 > 2 &unbekannt; &quot;ja&quot;</p>";
    assert_eq!(texts(Html, source), ["Café & Bar\u{a0}– 3 > 2 \"ja\""]);
    let expected = "<p>Bar &amp; caf&eacute;&nbsp;&#8211; 3 > 2 &unbekannt; &quot;yes&quot; &lt;b></p>";
    assert_eq!(one(source, "Bar & café\u{a0}– 3 > 2 \"yes\" <b>", "0-2 2-0 6-6"), expected);
}

#[test]
fn lines_are_wrapped_about_where_they_were() {
    let source = "<p>\n  Dies ist ein Satz,\n  der weiter geht.\n</p>";
    assert_eq!(texts(Html, source), ["Dies ist ein Satz, der weiter geht."]);
    assert_eq!(
        one(source, "This is a sentence that goes on.", ""),
        "<p>\n  This is a sentence\n  that goes on.\n</p>"
    );
}

#[test]
fn malformed_pages_survive() {
    let cases = [
        "<p>Eins <b>zwei <i>drei</b> vier</i> fünf",
        "Eins </b> zwei",
        "<p>Eins <b>zwei<p>drei</b> vier",
        "<p>Eins < zwei & drei <",
        "<p title='Eins>zwei",
        "<p>Eins <code>zwei",
        "<script>nie",
        "<p>Eins <![CDATA[zwei]]> <!-- drei",
    ];
    for source in cases {
        let document = parse(Html, source);
        let upper: Vec<_> = document
            .texts()
            .map(|text| crate::Translated { text: text.replace("Eins", "ONE"), alignment: Vec::new() })
            .collect();
        let written = document.render(&upper, &crate::Languages::new("de", "en")).unwrap();
        let written = String::from_utf8(written).unwrap();
        let count = |text: &str, sign: char| text.matches(sign).count();
        assert_eq!(count(&written, '>'), count(source, '>'), "{written}");
        for word in ["zwei", "drei", "vier", "fünf", "nie"] {
            assert_eq!(written.matches(word).count(), source.matches(word).count(), "{written}");
        }
    }
}

#[test]
fn pages_in_latin_1_come_back_in_it() {
    let source = b"<meta charset=iso-8859-1><p>Gr\xfc\xdfe</p>";
    assert_eq!(
        translate(Html, source, &[("Grüße", "Grüße → you", "")]),
        b"<meta charset=iso-8859-1><p>Gr\xfc\xdfe &#8594; you</p>"
    );
}
