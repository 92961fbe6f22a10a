//! What the elements and attributes of HTML are to a translator.

/// What an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Its text stands alone.
    Block,
    /// It is left alone, and text before and after it are separate.
    Skipped,
    /// Part of a line.
    Inline,
    /// Part of a sentence that is not translated.
    Kept,
    /// Left alone, and no part of the sentence around it.
    Silent,
    LineBreak,
}

/// The role of an element; a namespace prefix does not matter.
pub(super) fn role(name: &str) -> Role {
    let local = name.rsplit(':').next().unwrap_or(name);
    match local {
        "br" => Role::LineBreak,
        "pre" | "textarea" | "iframe" | "noscript" | "noembed" | "noframes" | "xmp" | "plaintext"
        | "listing" => Role::Skipped,
        "code" | "kbd" | "samp" | "var" | "tt" | "math" => Role::Kept,
        "script" | "style" | "svg" | "object" | "audio" | "video" | "canvas" | "template" | "rt" | "rp" => {
            Role::Silent
        }
        "address" | "article" | "aside" | "base" | "blockquote" | "body" | "caption" | "center" | "col"
        | "colgroup" | "datalist" | "dd" | "details" | "dialog" | "dir" | "div" | "dl" | "dt"
        | "fieldset" | "figcaption" | "figure" | "footer" | "form" | "frameset" | "h1" | "h2" | "h3"
        | "h4" | "h5" | "h6" | "head" | "header" | "hgroup" | "hr" | "html" | "legend" | "li" | "link"
        | "main" | "map" | "menu" | "meta" | "nav" | "ol" | "optgroup" | "option" | "p" | "search"
        | "section" | "select" | "summary" | "table" | "tbody" | "td" | "tfoot" | "th" | "thead"
        | "title" | "tr" | "ul" => Role::Block,
        _ => Role::Inline,
    }
}

/// Whether an attribute holds text that people read. `kind` is the type of an input, `meta` the name of a meta element.
pub(super) fn is_text(element: &str, attribute: &str, kind: &str, meta: &str) -> bool {
    match attribute {
        "alt"
        | "title"
        | "placeholder"
        | "aria-label"
        | "aria-description"
        | "aria-placeholder"
        | "aria-roledescription"
        | "aria-valuetext" => true,
        "label" => matches!(element, "option" | "optgroup" | "track"),
        "summary" => element == "table",
        "value" => element == "input" && matches!(kind, "submit" | "button" | "reset"),
        "content" => {
            element == "meta"
                && matches!(
                    meta,
                    "description" | "og:title" | "og:description" | "twitter:title" | "twitter:description"
                )
        }
        _ => false,
    }
}
