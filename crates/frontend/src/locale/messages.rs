//! The messages of `locales/`, by Project Fluent.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast::{CallArguments, Expression, InlineExpression, Pattern, PatternElement};
use serde::Serialize;
use unic_langid::LanguageIdentifier;

use super::Locale;

/// What a message is filled in with.
pub(crate) type Arguments<'a> = &'a [(&'a str, FluentValue<'a>)];

type Bundle = FluentBundle<FluentResource>;

/// What is given to the scripts begins with one of these.
pub(super) const FOR_SCRIPTS: [&str; 2] = ["script-", "count-"];

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle(Locale::English));
static GERMAN: LazyLock<Bundle> = LazyLock::new(|| bundle(Locale::German));

/// The file of a language.
pub(super) fn source(locale: Locale) -> &'static str {
    match locale {
        Locale::English => include_str!("../../locales/en.ftl"),
        Locale::German => include_str!("../../locales/de.ftl"),
    }
}

fn bundle_of(locale: Locale) -> &'static Bundle {
    match locale {
        Locale::English => &ENGLISH,
        Locale::German => &GERMAN,
    }
}

fn bundle(locale: Locale) -> Bundle {
    let language: LanguageIdentifier = locale.code().parse().expect("our codes are well-formed");
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // both languages are written from left to right, and marks around names would be copied with them
    bundle.set_use_isolating(false);
    // a function that knows nothing of its surroundings
    bundle.set_formatter(Some(match locale {
        Locale::English => |value, _| number(Locale::English, value),
        Locale::German => |value, _| number(Locale::German, value),
    }));
    let resource = FluentResource::try_new(source(locale).to_owned());
    let resource = resource.expect("the test of all messages parses this file");
    bundle.add_resource(resource).expect("the test of all messages finds each name once");
    bundle
}

fn number(locale: Locale, value: &FluentValue<'_>) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    Some(locale.number(number.value))
}

fn pattern(locale: Locale, name: &str) -> Option<&'static Pattern<&'static str>> {
    let (name, attribute) =
        name.split_once('.').map_or((name, None), |(name, attribute)| (name, Some(attribute)));
    let message = bundle_of(locale).get_message(name)?;
    match attribute {
        None => message.value(),
        Some(attribute) => Some(message.get_attribute(attribute)?.value()),
    }
}

/// The message with this name, filled in; `None` if there is none.
pub(super) fn format(locale: Locale, name: &str, arguments: Arguments<'_>) -> Option<String> {
    let arguments: FluentArgs<'_> = arguments.iter().cloned().collect();
    let mut errors = Vec::new();
    let text = bundle_of(locale).format_pattern(pattern(locale, name)?, Some(&arguments), &mut errors);
    if !errors.is_empty() {
        tracing::error!(name, locale = locale.code(), ?errors, "a message cannot be filled in");
    }
    Some(text.into_owned())
}

/// A message for scripts.
#[derive(Serialize)]
#[serde(untagged)]
enum ForScripts {
    Text(String),
    /// English and German tell one from all others.
    Plural {
        one: String,
        other: String,
    },
}

pub(super) fn for_scripts(locale: Locale) -> String {
    let names = names(locale).filter(|name| FOR_SCRIPTS.iter().any(|start| name.starts_with(start)));
    let messages: BTreeMap<_, _> = names.map(|name| (name, for_script(locale, name))).collect();
    serde_json::to_string(&messages).unwrap_or_default()
}

fn for_script(locale: Locale, name: &str) -> ForScripts {
    let variables = pattern(locale, name).map(variables).unwrap_or_default();
    let mut arguments: Vec<_> = variables
        .into_iter()
        .map(|variable| (variable, FluentValue::from(format!("{{{variable}}}"))))
        .collect();
    let other = format(locale, name, &arguments).unwrap_or_default();
    let Some(count) = arguments.iter_mut().find(|(variable, _)| *variable == "count") else {
        return ForScripts::Text(other);
    };
    count.1 = 1.into();
    ForScripts::Plural { one: format(locale, name, &arguments).unwrap_or_default(), other }
}

/// The names of all messages.
pub(super) fn names(locale: Locale) -> impl Iterator<Item = &'static str> {
    let lines = source(locale).lines();
    lines.filter(|line| line.starts_with(|first: char| first.is_ascii_alphabetic())).filter_map(|line| {
        let (name, _) = line.split_once(" =")?;
        Some(name)
    })
}

/// The names of what is filled into a message, each once, sorted.
pub(super) fn variables(pattern: &Pattern<&'static str>) -> Vec<&'static str> {
    let mut found = Vec::new();
    collect(pattern, &mut found);
    found.sort_unstable();
    found.dedup();
    found
}

fn collect(pattern: &Pattern<&'static str>, found: &mut Vec<&'static str>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(inline) => collect_inline(inline, found),
            Expression::Select { selector, variants } => {
                collect_inline(selector, found);
                for variant in variants {
                    collect(&variant.value, found);
                }
            }
        }
    }
}

fn collect_inline(expression: &InlineExpression<&'static str>, found: &mut Vec<&'static str>) {
    match expression {
        InlineExpression::VariableReference { id } => found.push(id.name),
        InlineExpression::FunctionReference { arguments: CallArguments { positional, .. }, .. } => {
            for argument in positional {
                collect_inline(argument, found);
            }
        }
        _ => {}
    }
}
