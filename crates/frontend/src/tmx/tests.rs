use super::*;

const HEAD: &str = "<?xml version=\"1.0\"?><!DOCTYPE tmx SYSTEM \"tmx14.dtd\"><tmx version=\"1.4\">\
                    <header srclang=\"de\"/><body>";

fn tmx(units: &str) -> String {
    format!("{HEAD}{units}</body></tmx>")
}

fn units(file: &str) -> Vec<(String, String, String, String)> {
    let found = read(file.as_bytes()).unwrap();
    found.units.into_iter().map(|u| (u.source_language, u.source, u.target_language, u.target)).collect()
}

fn tuv(language: &str, text: &str) -> String {
    format!("<tuv xml:lang=\"{language}\"><seg>{text}</seg></tuv>")
}

fn fault(file: &str) -> (Fault, usize) {
    let error = read(file.as_bytes()).unwrap_err();
    (error.fault, error.line)
}

fn owned(units: &[(&str, &str, &str, &str)]) -> Vec<(String, String, String, String)> {
    units.iter().map(|u| (u.0.into(), u.1.into(), u.2.into(), u.3.into())).collect()
}

#[test]
fn units_are_pairs_of_the_source_with_each_other_language() {
    let file = tmx(&format!(
        "<tu changedate=\"20240131T120000Z\" creationdate=\"20200101T000000Z\"><note>x</note><prop type=\"a\">y</prop>\
         {}{}{}</tu><tu srclang=\"*all*\">{}{}</tu><tu srclang=\"fr\">{}{}</tu>",
        tuv("EN-us", "Good\n morning."),
        tuv("de_DE", " Guten &amp; Morgen&#33; "),
        tuv("fr", "<![CDATA[<Bonjour>]]>"),
        tuv("it", "Ciao"),
        tuv("de", "Hallo"),
        tuv("de", "eins"),
        "<tuv lang=\"fr-CA\"><seg>un</seg></tuv>",
    ));
    assert_eq!(
        units(&file),
        owned(&[
            ("de-DE", "Guten & Morgen!", "EN-us", "Good\n morning."),
            ("de-DE", "Guten & Morgen!", "fr", "<Bonjour>"),
            ("it", "Ciao", "de", "Hallo"),
            ("fr-CA", "un", "de", "eins"),
        ])
    );
    let found = read(file.as_bytes()).unwrap();
    assert_eq!(found.units[0].changed.unwrap().to_string(), "2024-01-31T12:00:00Z");
    assert_eq!(found.units[2].changed, None);
    assert!(found.useless.is_empty());
}

#[test]
fn codes_within_a_sentence_are_left_out_and_its_words_kept() {
    let source = "Ein <bpt i=\"1\">&lt;b><sub>nicht</sub></bpt>fettes<ept i=\"1\">&lt;/b></ept> <hi>Wort</hi><ph/>,\
                  <it pos=\"begin\">x</it> <ut>y</ut>ja";
    let file = tmx(&format!("<tu>{}{}</tu>", tuv("de", source), tuv("en", "A <hi>bold <hi>word</hi></hi>")));
    assert_eq!(units(&file), owned(&[("de", "Ein fettes Wort, ja", "en", "A bold word")]));
}

#[test]
fn units_of_no_use_are_counted_by_their_reasons() {
    let long = "a".repeat(100_001);
    let useless = [
        (Useless::NoLanguage, format!("<tuv><seg>a</seg></tuv>{}", tuv("en", "b"))),
        (Useless::NoLanguage, format!("{}{}", tuv("de", "a"), tuv("<&\"", "b").replace("<&\"", "e n"))),
        (Useless::OneLanguage, tuv("de", "a")),
        (Useless::OneLanguage, format!("{}{}", tuv("de", "a"), tuv("de-AT", "b"))),
        (Useless::OneLanguage, format!("{}{}", tuv("fr", "a"), tuv("en", "b"))),
        (Useless::OneLanguage, String::new()),
        (Useless::Empty, format!("{}{}", tuv("de", " "), tuv("en", "b"))),
        (Useless::Empty, format!("{}<tuv xml:lang=\"en\"/>", tuv("de", "a"))),
        (Useless::TooLong, format!("{}{}", tuv("de", &long), tuv("en", "b"))),
    ];
    for (reason, unit) in &useless {
        let found = read(tmx(&format!("<tu>{unit}</tu>")).as_bytes()).unwrap();
        assert_eq!((found.units.len(), found.useless), (0, [(*reason, 1)].into()), "{unit:.200}");
    }
    let repeated = |target| format!("<tu>{}{}</tu>", tuv("de", "a"), tuv("en", target));
    let found = read(tmx(&(repeated("b") + &repeated("c") + &repeated("d"))).as_bytes()).unwrap();
    assert_eq!((found.units.len(), found.units[0].target.as_str()), (1, "d"));
    assert_eq!(found.useless, [(Useless::Repeated, 2)].into());
}

#[test]
fn encodings_are_told_by_the_mark_or_by_the_first_line() {
    let file = tmx(&format!("<tu>{}{}</tu>", tuv("de", "Grüße 🦔"), tuv("en", "x")));
    let expected = units(&file);
    assert_eq!(expected[0].1, "Grüße 🦔");
    let wide = |mark: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("{mark}{file}").encode_utf16().flat_map(bytes).collect()
    };
    let latin = tmx(&format!("<tu>{}{}</tu>", tuv("de", "Gr##e"), tuv("en", "x")));
    let latin = latin.replace("version=\"1.0\"?", "version='1.0' encoding='ISO-8859-1'?");
    let latin: Vec<u8> = latin.bytes().map(|byte| if byte == b'#' { 0xfc } else { byte }).collect();
    for bytes in [
        format!("\u{feff}{file}").into_bytes(),
        wide("\u{feff}", u16::to_le_bytes),
        wide("\u{feff}", u16::to_be_bytes),
        wide("", u16::to_le_bytes),
        wide("", u16::to_be_bytes),
    ] {
        assert_eq!(read(&bytes).unwrap().units[0].source, "Grüße 🦔");
    }
    assert_eq!(read(&latin).unwrap().units[0].source, "Grüüe");
    let mut broken = tmx("\n\n<tu>#</tu>").into_bytes();
    let place = broken.iter().position(|&byte| byte == b'#').unwrap();
    broken[place] = 0xfc;
    assert_eq!(read(&broken), Err(TmxError { fault: Fault::Encoding("UTF-8"), line: 3 }));
    let unknown = b"<?xml version=\"1.0\" encoding=\"klingon\"?><tmx/>";
    assert_eq!(read(unknown), Err(TmxError { fault: Fault::UnknownEncoding("klingon".to_owned()), line: 1 }));
}

#[test]
fn a_broken_file_says_where_and_what() {
    let unit = format!("<tu>{}{}</tu>\n", tuv("de", "a"), tuv("en", "b"));
    assert_eq!(fault(&format!("{HEAD}\n{unit}{unit}")), (Fault::BrokenOff, 4));
    assert!(matches!(fault(&tmx(&format!("\n{unit}</tu>"))), (Fault::Malformed(_), 3)));
    assert!(matches!(fault(&tmx("\n<tu srclang=de></tu>")), (Fault::Malformed(_), 2)));
    for nothing in ["", "Hallo", "{}", "<!-- -->", "PK\u{3}\u{4}"] {
        assert!(matches!(fault(nothing).0, Fault::NoTmx(_)), "{nothing}: {:?}", fault(nothing));
    }
    assert_eq!(fault("<html><body/></html>"), (Fault::NoTmx("html".to_owned()), 1));
    assert_eq!(fault(&tmx("\n\n&nbsp;")), (Fault::UnknownEntity("nbsp".to_owned()), 3));
    assert_eq!(fault(&tmx("&#0;")).0, Fault::UnknownEntity("#0".to_owned()));
    assert_eq!(fault(&tmx(&"<hi>".repeat(1000))).0, Fault::TooDeep);
}

#[test]
fn a_sentence_is_not_copied_for_more_translations_than_a_file_could_mean() {
    let source = tuv("de", &"a".repeat(1000));
    let targets = |count: usize| (0..count).map(|n| tuv(&format!("x{n}"), "b")).collect::<String>();
    let found = read(tmx(&format!("<tu>{source}{}</tu>", targets(100))).as_bytes()).unwrap();
    assert_eq!((found.units.len(), found.useless.len()), (100, 0));
    let found = read(tmx(&format!("<tu>{source}{}</tu>", targets(101))).as_bytes()).unwrap();
    assert_eq!((found.units.len(), found.useless), (0, [(Useless::TooLong, 1)].into()));

    let long = format!("srclang=\"de-{}\"", "x".repeat(1_000_000));
    let many = format!("<tu>{}{}</tu>", tuv("de", "a"), tuv("en", "b")).repeat(100_000);
    let (found, began) = (tmx(&many).replace("srclang=\"de\"", &long), std::time::Instant::now());
    assert_eq!(units(&found), owned(&[("de", "a", "en", "b")]));
    assert!(began.elapsed().as_secs() < 10, "the language of the header was copied 100,000 times");
}

#[test]
fn entities_are_neither_defined_nor_fetched() {
    let bomb = "<!DOCTYPE tmx [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><tmx>&b;</tmx>";
    assert_eq!(fault(bomb), (Fault::Entities, 1));
    let fetch = "<!DOCTYPE tmx [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><tmx>&a;</tmx>";
    assert_eq!(fault(fetch).0, Fault::Entities);
    let named = "<!DOCTYPE tmx SYSTEM \"file:///etc/passwd\"><tmx>&a;</tmx>";
    assert_eq!(fault(named).0, Fault::UnknownEntity("a".to_owned()));
}
