use crate::Format::Markdown;
use crate::testing::{texts, translate_text};

fn one(source: &str, target: &str, pairs: &str) -> String {
    let text = texts(Markdown, source).into_iter().next().unwrap();
    translate_text(Markdown, source, &[(&text, target, pairs)])
}

const DOCUMENT: &str = "---
title: Bleibt
---

# Ein *kleiner* Titel {#anker}

Ein Absatz mit **fettem Text**, `code()` und
einem [Verweis](https://example.org/a_b \"Titel\"),
der umbrochen ist.

> Ein Zitat
> mit [Fußnote][1].

1. Erstens
   - [ ] Aufgabe \\*eins\\*

| Kopf | Zahl |
|------|-----:|
| Zelle | 12 |

```rust
// bleibt
```

    bleibt auch

$$E = mc^2$$

<div title=\"Ein Titel\">Ein Block</div>

![Ein Bild](bild.png)

[1]: https://example.org \"bleibt\"
";

#[test]
fn a_document_is_taken_apart_as_readers_see_it() {
    let expected = [
        "Ein kleiner Titel",
        "Ein Absatz mit fettem Text, {{1}} und einem Verweis, der umbrochen ist.",
        "Ein Zitat mit Fußnote.",
        "Erstens",
        "Aufgabe *eins*",
        "Kopf",
        "Zahl",
        "Zelle",
        "Ein Titel",
        "Ein Block",
        "Ein Bild",
    ];
    assert_eq!(texts(Markdown, DOCUMENT), expected);
}

#[test]
fn a_document_keeps_everything_but_its_words() {
    let known = [
        ("Ein kleiner Titel", "A small title", ""),
        (
            "Ein Absatz mit fettem Text, {{1}} und einem Verweis, der umbrochen ist.",
            "A paragraph with bold text, {{1}} and a link, which is wrapped.",
            "0-0 1-1 2-2 3-3 4-4 5-5 6-6 7-7 8-8 9-9 11-10 10-11",
        ),
        ("Ein Zitat mit Fußnote.", "A quote with a footnote.", "0-0 1-1 2-2 3-4"),
        ("Aufgabe *eins*", "Task *one*", ""),
        ("Ein Titel", "A title", ""),
        ("Ein Block", "A block", ""),
        ("Ein Bild", "A picture", ""),
        ("Zelle", "Cell | x", ""),
    ];
    let expected = DOCUMENT
        .replace("Ein *kleiner* Titel", "A *small* title")
        .replace(
            "Ein Absatz mit **fettem Text**, `code()` und\neinem [Verweis]",
            "A paragraph with **bold text**, `code()`\nand a [link]",
        )
        .replace("\"),\nder umbrochen ist.", "\"),\nwhich is wrapped.")
        .replace("> Ein Zitat\n> mit [Fußnote][1]", "> A quote\n> with a [footnote][1]")
        .replace("Aufgabe \\*eins\\*", "Task \\*one\\*")
        .replace("Ein Titel", "A title")
        .replace("Ein Block", "A block")
        .replace("Ein Bild", "A picture")
        .replace("Zelle", "Cell \\| x");
    assert_eq!(translate_text(Markdown, DOCUMENT, &known), expected);
}

#[test]
fn a_translation_never_becomes_markup() {
    assert_eq!(one("Am Mai\n", "1. May", ""), "1\\. May\n");
    assert_eq!(
        one("Minus eins\n", "- one *two* [three] <b> `x`", ""),
        "\\- one \\*two\\* \\[three\\] \\<b> \\`x\\`\n"
    );
    assert_eq!(one("Mein snake_case * 3\n", "5 * 3 my snake_case", ""), "5 * 3 my snake_case\n");
    assert_eq!(one("Raute\n", "# hash\nnext", ""), "\\# hash next\n");
}

#[test]
fn pairs_never_lose_their_words() {
    // an empty pair would be four asterisks
    assert_eq!(one("Komm **doch** her\n", "Come here", "0-0 2-1"), "**Come** here\n");
    assert_eq!(
        one("Das ~~alte~~ *neue* <kbd>Haus</kbd>\n", "The new house", "0-0 2-1 3-2"),
        "~~The~~ *new* <kbd>house</kbd>\n"
    );
}

#[test]
fn hard_breaks_and_inline_html_stay() {
    let source = "Zeile eins.  \nZeile <b>zwei</b>.\\\nDrei\n";
    assert_eq!(texts(Markdown, source), ["Zeile eins.\nZeile zwei.\nDrei"]);
    let expected = "Line one.  \n<b>Second</b> line.\\\nThree\n";
    assert_eq!(one(source, "Line one.\nSecond line.\nThree", "0-0 1-1 2-3 3-2 4-4"), expected);
}
