use super::history::{EntryView, ExcerptView};
use super::*;
use crate::store::{FileInfo, Job, JobKind, JobState, StoredFile};
use crate::tmx::Useless;
use crate::wanted::Wanted;

fn sample() -> TranslatePage {
    TranslatePage {
        direction: DirectionView::of("de", "en"),
        choice: None,
        detected: None,
        starter: None,
        text: String::new(),
        glossary: String::new(),
        max_glossary_terms: 1000,
        text_chars: 0,
        max_body_mb: 32,
        max_file_mb: 32,
        accept: ".txt,.text".into(),
        formats: ".txt",
        live_bytes: 10_000,
        alert: None,
        notice: None,
        output: None,
    }
}

fn translation(source: &str, target: &str) -> Translation {
    Translation {
        id: uuid::Uuid::nil(),
        owner: crate::store::Owner::EVERYBODY,
        source_language: "de".into(),
        target_language: "en".into(),
        source_text: source.into(),
        target_text: target.into(),
        alignment: None,
        model: "starter-de-en".into(),
        created_at: Timestamp::from_microsecond(1_795_196_640_123_456).unwrap(),
        duration_ms: 1234,
        detected: None,
    }
}

fn entry(text: &str, cut: bool) -> EntryView {
    let excerpt = || ExcerptView::new(text, &[], u32::from(cut), cut);
    EntryView {
        permalink: "/translations/1".into(),
        file: None,
        direction: DirectionView::of("de", "en"),
        source: excerpt(),
        target: excerpt(),
        label: text.into(),
        chars: 3,
        created: Time::of(Timestamp::UNIX_EPOCH),
    }
}

fn job(state: JobState, failure: Option<&str>, source: &str) -> Job {
    Job {
        id: uuid::Uuid::nil(),
        owner: crate::store::Owner::EVERYBODY,
        kind: JobKind::Text,
        source_language: "de".into(),
        target_language: "en".into(),
        state,
        failure: failure.map(str::to_owned),
        source_excerpt: source.into(),
        source_chars: 20_000,
        source_bytes: 20_000,
        done_bytes: 5_000,
        sentences: 50,
        reused: 5,
        faults: 0,
        duration_ms: 5_000,
        detected: None,
        glossary: String::new(),
        created_at: Timestamp::UNIX_EPOCH,
    }
}

fn stored_file(name: &str) -> StoredFile {
    let info = |bytes| FileInfo { name: name.to_owned(), bytes };
    let owner = crate::store::Owner::EVERYBODY;
    StoredFile { id: uuid::Uuid::nil(), owner, source: info(1), target: Some(info(3 << 19)) }
}

fn search(problem: Option<&str>, broken_off: Option<Time>) -> SearchView {
    let wanted = Wanted { words: "a".into(), pair: "fr en".into(), ..Wanted::default() };
    SearchView {
        problem: problem.map(str::to_owned),
        whole: vec!["a".into(), "b".into()],
        broken_off,
        ..SearchView::new(&wanted, vec!["de en".into()])
    }
}

fn import() -> ImportPage {
    ImportPage { shared: false, max_mb: 32, count: 0, alert: None, report: None }
}

/// Every page in every form it can take.
fn every_page() -> Vec<String> {
    let alert = |request_id: Option<&str>| Alert {
        request_id: request_id.map(str::to_owned),
        ..Alert::new(Locale::current(), "failure-blank", &[])
    };
    let aligned =
        Translation { alignment: Some("0,5,5;".to_owned().into()), ..translation("Hallo", "Hello") };
    let output = || Output::whole(&aligned);
    let history = |entries, newer: Option<&str>, older: Option<&str>, waiting| {
        let address = |place: Option<&str>| place.map(str::to_owned);
        HistoryPage {
            jobs: vec![],
            entries,
            search: SearchView::new(&Wanted::default(), vec!["de en".into()]),
            newest: None,
            newer: address(newer),
            older: address(older),
            shared: waiting > 0,
            waiting,
        }
    };
    let job = |state, failure: Option<&str>| JobView::of(job(state, failure, "a"), None);
    let job_page = |state, failure, output: &str, cut| {
        render(&JobPage {
            job: job(state, failure),
            output: output.into(),
            detected: Some("Detected: German".into()),
            cut,
        })
    };
    let choice = || {
        let chosen = Direction { source: "auto".into(), target: "en".into() };
        ChoiceView::new(&chosen, &["auto", "de"], &["en"], &[("de", vec!["en"])].into())
    };
    let error = |request_id| ErrorPage { alert: alert(request_id) };
    let pages = [
        render(&sample()),
        render(&TranslatePage { glossary: "Vertrag = agreement".into(), ..sample() }),
        render(&TranslatePage { starter: Some("starter-de-en".into()), ..sample() }),
        render(&TranslatePage { alert: Some(alert(None)), ..sample() }),
        render(&TranslatePage {
            direction: DirectionView::of("auto", "en"),
            choice: Some(choice()),
            detected: Some("Detected: German".into()),
            ..sample()
        }),
        render(&TranslatePage {
            output: Some(Output::whole(&Translation { model: "none".into(), ..translation("a", "a") })),
            choice: Some(choice()),
            ..sample()
        }),
        render(&TranslatePage {
            alert: Some(alert(Some("r1"))),
            output: Some(Output::part("He")),
            ..sample()
        }),
        render(&TranslatePage { notice: Some("not-stored-yet"), output: Some(output()), ..sample() }),
        render(&history(vec![], None, None, 0)),
        render(&history(vec![entry("a", false)], None, Some("/history?before=1"), 1)),
        render(&history(vec![entry("a", true)], Some("/history?after=1"), Some("/history?before=1"), 2)),
        render(&history(vec![entry("a", true)], Some("/history?after=1"), None, 0)),
        render(&HistoryPage { jobs: vec![job(JobState::Open, None)], ..history(vec![], None, None, 0) }),
        render(&import()),
        render(&ImportPage { count: 5, shared: true, alert: Some(alert(Some("id"))), ..import() }),
        render(&import().report(1, &[(Useless::Empty, 1), (Useless::TooLong, 2)].into())),
        render(&HistoryPage { search: search(None, None), ..history(vec![], None, None, 0) }),
        render(&HistoryPage { search: search(Some("x"), None), ..history(vec![], None, None, 0) }),
        render(&HistoryPage {
            search: search(None, Some(Time::of(Timestamp::UNIX_EPOCH))),
            newest: Some("/history?q=a".into()),
            ..history(vec![entry("a", true)], None, Some("/history?before=1"), 0)
        }),
        render(&HistoryPage {
            jobs: vec![job(JobState::Cancelled, None), job(JobState::Failed, Some("No."))],
            ..history(vec![entry("a", true)], None, None, 0)
        }),
        render(&DeletePage { shared: true }),
        render(&DeletePage { shared: false }),
        job_page(JobState::Open, None, "", false),
        job_page(JobState::Open, None, "Hello", true),
        job_page(JobState::Cancelled, None, "Hello", false),
        job_page(JobState::Failed, Some("No."), "", false),
        render(&FilePage::of(&aligned, &stored_file("Ein Brief.docx"))),
        render(&FilePage::of(&translation(&"a".repeat(6_000), "b"), &stored_file("Ein Brief.docx"))),
        render(&SqlPage::new(String::new(), 1_000)),
        render(&SqlPage::sample("a").with_alert(alert(Some("r1")))),
        render(&error(None)),
        render(&error(Some("r1"))),
    ];
    pages.into_iter().map(|Html(page)| page).collect()
}

/// Every page in every form, in every language and light and dark.
async fn in_every_language() -> Vec<(Visit, String)> {
    let mut pages = Vec::new();
    for locale in Locale::ALL {
        for theme in Theme::ALL {
            let visit = Visit { locale, theme, address: "/?a=1&b".to_owned(), sql: true };
            let rendered = visit.clone().scope(async { every_page() }).await;
            pages.extend(rendered.into_iter().map(|page| (visit.clone(), page)));
        }
    }
    pages
}

#[tokio::test]
async fn pages_speak_the_language_of_their_visitor_and_offer_the_other() {
    for (visit, page) in in_every_language().await {
        let (code, translate, other) = match visit.locale {
            Locale::English => ("en", ">Translate</a>", "lang=\"de\">Deutsch</button>"),
            Locale::German => ("de", ">Übersetzen</a>", "lang=\"en\">English</button>"),
        };
        assert!(page.contains(&format!("<html lang=\"{code}\"")), "{page}");
        assert!(page.contains(translate) && page.contains(other), "{page}");
        assert!(page.contains("name=\"to\" value=\"&#x2f;?a=1&amp;b\""), "{page}");
    }
}

#[tokio::test]
async fn pages_are_light_or_dark_as_was_chosen() {
    for (Visit { theme, .. }, page) in in_every_language().await {
        let theme = theme.name();
        assert_eq!(page.contains(&format!(" data-theme=\"{theme}\">")), theme != "system", "{page}");
        assert!(page.contains(&format!("value=\"{theme}\" aria-pressed=\"true\"")), "{page}");
        assert_eq!(page.matches("aria-pressed=\"true\"").count(), 1, "{page}");
    }
}

#[test]
fn every_template_renders_in_every_form_it_can_take() {
    for page in every_page() {
        assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"), "{page}");
        assert!(page.trim_end().ends_with("</html>"), "{page}");
        assert_eq!(page.matches("<h1>").count(), 1, "{page}");
        assert!(page.contains(&crate::assets::address("style.css").unwrap()), "{page}");
    }
    let known = environment::templates(Locale::English).templates().map(|(name, _)| name.to_owned());
    let mut rendered = vec![
        "base.html",
        TranslatePage::TEMPLATE,
        JobPage::TEMPLATE,
        HistoryPage::TEMPLATE,
        ImportPage::TEMPLATE,
    ];
    rendered.extend([DeletePage::TEMPLATE, ErrorPage::TEMPLATE, FilePage::TEMPLATE, SqlPage::TEMPLATE]);
    rendered.sort_unstable();
    let mut known: Vec<_> = known.collect();
    known.sort_unstable();
    assert_eq!(known, rendered, "a template has no sample");
}

#[test]
fn no_page_holds_a_script_or_style_that_its_policy_forbids() {
    for page in every_page() {
        for forbidden in [" style=", "<style", " onclick=", " onload=", "<script>", "javascript:"] {
            assert!(!page.contains(forbidden), "{forbidden} in {page}");
        }
    }
}

#[test]
fn markup_in_texts_is_escaped_everywhere() {
    let nasty = "</textarea><script>alert(1)</script>\"'&";
    let Html(page) = render(&TranslatePage {
        text: nasty.into(),
        glossary: nasty.into(),
        output: Some(Output::whole(&translation(nasty, nasty))),
        alert: Some(Alert {
            title: nasty.into(),
            message: nasty.into(),
            next_step: nasty.into(),
            request_id: Some(nasty.into()),
        }),
        ..sample()
    });
    let jobs = || vec![JobView::of(job(JobState::Failed, Some(nasty), nasty), None)];
    let source = ExcerptView::new(nasty, std::slice::from_ref(&(0..nasty.len())), 0, true);
    let entries = vec![EntryView { source, ..entry(nasty, true) }];
    let wanted = Wanted { words: nasty.into(), pair: nasty.into(), from: nasty.into(), to: nasty.into() };
    let search = SearchView {
        whole: vec![nasty.into()],
        problem: Some(nasty.into()),
        ..SearchView::new(&wanted, vec![])
    };
    let history = HistoryPage { jobs: jobs(), entries, ..HistoryPage::new(search, true, 0) };
    let Html(history) = render(&history);
    assert!(!history.contains(nasty), "{history}");
    let Html(job) =
        render(&JobPage { job: jobs().remove(0), output: nasty.into(), detected: None, cut: false });
    let alert =
        Alert { title: nasty.into(), message: nasty.into(), next_step: nasty.into(), request_id: None };
    let Html(sql) = render(&SqlPage::sample(nasty).with_alert(alert));
    for page in [page, history, job, sql] {
        assert!(!page.contains("<script>alert") && !page.contains("</textarea><script"), "{page}");
        assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
    }
}

#[test]
fn a_text_that_starts_with_a_line_break_keeps_it() {
    let Html(page) = render(&TranslatePage { text: "\nHallo".into(), ..sample() });
    // of the two, browsers drop the one right after the tag
    assert!(page.contains(">\n\nHallo</textarea>"), "{page}");
    let output = Some(Output::part("\n a\n\nb \n"));
    let Html(page) = render(&TranslatePage { output, ..sample() });
    assert!(page.contains(" dir=\"auto\">\n a\n\nb \n</div>"), "{page}");
}
