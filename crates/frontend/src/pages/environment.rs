//! The templates, once in each language, with what they call: messages, numbers, files.

use std::sync::LazyLock;

use fluent_bundle::FluentValue;
use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, Error, ErrorKind, HtmlEscape, UndefinedBehavior};

use crate::assets;
use crate::locale::Locale;

static ENGLISH: LazyLock<Environment<'static>> = LazyLock::new(|| environment(Locale::English));
static GERMAN: LazyLock<Environment<'static>> = LazyLock::new(|| environment(Locale::German));

/// The templates in a language.
pub(super) fn templates(locale: Locale) -> &'static Environment<'static> {
    match locale {
        Locale::English => &ENGLISH,
        Locale::German => &GERMAN,
    }
}

fn environment(locale: Locale) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // t(NAME, ARGUMENT=…) is a message as text, html(NAME, ARGUMENT=…) one that has tags
    environment.add_function("t", move |name: &str, arguments: Kwargs| {
        message(locale, name, &arguments, ToString::to_string)
    });
    environment.add_function("html", move |name: &str, arguments: Kwargs| {
        message(locale, name, &arguments, escaped).map(Value::from_safe_string)
    });
    environment.add_function("language", move |code: &str| locale.language(code));
    environment.add_function("pair", move |source: &str, target: &str| locale.direction(source, target));
    environment.add_filter("number", move |number: f64| locale.number(number));
    environment.add_function("asset", |file: &str| {
        assets::address(file).map(Value::from_safe_string).ok_or_else(|| no_asset(file))
    });
    environment.add_function("script", |file: &str| {
        assets::script(file).map(Value::from_safe_string).ok_or_else(|| no_asset(file))
    });
    environment.add_function("messages_for_scripts", move || messages_for_scripts(locale));
    load_templates(&mut environment);
    environment
}

#[expect(elided_lifetimes_in_paths, reason = "the macro's own code has them")]
fn load_templates(environment: &mut Environment<'_>) {
    minijinja_embed::load_templates!(*environment);
}

fn message(
    locale: Locale,
    name: &str,
    arguments: &Kwargs,
    written: fn(&Value) -> String,
) -> Result<String, Error> {
    let mut filled = Vec::new();
    for argument in arguments.args() {
        let value: Value = arguments.get(argument)?;
        let value = match f64::try_from(value.clone()) {
            Ok(number) if value.is_number() => FluentValue::from(number),
            _ => FluentValue::from(written(&value)),
        };
        filled.push((argument, value));
    }
    locale
        .find(name, &filled)
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("there is no message {name}")))
}

fn escaped(value: &Value) -> String {
    let text = value.to_string();
    if value.is_safe() { text } else { HtmlEscape(&text).to_string() }
}

fn no_asset(file: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("there is no file {file} in static"))
}

/// A block of data, which the policy for scripts does not touch.
fn messages_for_scripts(locale: Locale) -> Value {
    // nothing in it may look like the end of the block
    let messages = locale.script_messages().replace('<', "\\u003c");
    Value::from_safe_string(format!("<script type=\"application/json\" id=\"messages\">{messages}</script>"))
}
