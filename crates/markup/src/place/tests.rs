use super::{Role, Tag, place};
use std::ops::Range;

use crate::Link;
use proptest::prelude::*;

/// Writes the tags into the target: `<n>` for tag number `n`.
fn written(tags: &[Tag], source: &str, target: &str, links: &[Link]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for (position, tag) in place(tags, (source, &[]), (target, &[]), links) {
        assert!(position >= at, "tags are in order");
        out.push_str(&target[at..position]);
        out.extend(["<", &tag.to_string(), ">"]);
        at = position;
    }
    out + &target[at..]
}

fn tag(at: usize, role: Role) -> Tag {
    Tag { at, role }
}

#[test]
fn line_breaks_keep_their_order_and_words_between_them() {
    let tags = [tag(1, Role::Separator), tag(3, Role::Separator)];
    let link = |source: usize, target: usize| Link { source: source..source + 1, target: target..target + 1 };
    let links = [link(0, 4), link(2, 2), link(4, 0)];
    assert_eq!(written(&tags, "a b c", "c b a", &links), "c <0>b <1>a");
}

#[test]
fn ranges_that_make_no_sense_do_no_harm() {
    let tags = [tag(0, Role::Open(1)), tag(5, Role::Close)];
    let links = [
        Link { source: Range { start: 900, end: 1 }, target: 3..usize::MAX },
        Link { source: 0..0, target: 1..1 },
    ];
    assert_eq!(written(&tags, "größe", "", &links), "<0><1>");
    assert_eq!(written(&tags, "größe", "ß", &links), "<0>ß<1>");
}

/// What a random document is made of.
#[derive(Clone, Copy, Debug)]
enum Step {
    Word,
    Open,
    Close,
    Single,
    Break,
}

/// Words with tags between and inside them, well nested.
fn document(steps: &[Step], inside: bool) -> (String, Vec<Tag>) {
    let mut text = String::new();
    let mut tags = Vec::new();
    let mut open = Vec::new();
    for step in steps {
        let at = text.len();
        match step {
            Step::Word => text.push_str(if inside { "wö" } else { "wö " }),
            Step::Open => {
                open.push(tags.len());
                tags.push(tag(at, Role::Single));
            }
            Step::Close => {
                if let Some(opened) = open.pop() {
                    tags[opened].role = Role::Open(tags.len());
                    tags.push(tag(at, Role::Close));
                }
            }
            Step::Single => tags.push(tag(at, Role::Single)),
            Step::Break => {
                tags.push(tag(at, Role::Separator));
                text.push('\n');
            }
        }
    }
    (text, tags)
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => Just(Step::Word),
        2 => Just(Step::Open),
        2 => Just(Step::Close),
        1 => Just(Step::Single),
        1 => Just(Step::Break),
    ];
    proptest::collection::vec(step, 0..40)
}

fn links() -> impl Strategy<Value = Vec<Link>> {
    let range = || (0..120_usize, 0..12_usize).prop_map(|(start, length)| start..start + length);
    let link = (range(), range()).prop_map(|(source, target)| Link { source, target });
    proptest::collection::vec(link, 0..30)
}

proptest! {
    #[test]
    fn no_tag_is_lost_added_or_crossed_and_no_word_broken(
        steps in steps(),
        inside in any::<bool>(),
        target in "([a-zä]{1,5}[ ,.\n]{0,2}){0,20}",
        links in links(),
    ) {
        let (source, tags) = document(&steps, inside);
        let placed = place(&tags, (&source, &[]), (&target, &[]), &links);
        let mut numbers: Vec<_> = placed.iter().map(|(_, number)| *number).collect();
        let mut open = Vec::new();
        for number in &numbers {
            match tags[*number].role {
                Role::Open(close) => open.push(close),
                Role::Close => prop_assert_eq!(open.pop(), Some(*number), "pairs are nested as before"),
                _ => {}
            }
        }
        prop_assert!(open.is_empty());
        numbers.sort_unstable();
        prop_assert_eq!(numbers, (0..tags.len()).collect::<Vec<_>>());
        prop_assert!(placed.is_sorted_by_key(|(at, _)| *at));
        for (at, _) in placed {
            let letter = |neighbour: Option<char>| neighbour.is_some_and(char::is_alphabetic);
            prop_assert!(target.is_char_boundary(at));
            let broken = letter(target[..at].chars().next_back()) && letter(target[at..].chars().next());
            prop_assert!(!broken, "{} breaks a word of {:?}", at, target);
        }
    }

    #[test]
    fn single_tags_and_pairs_keep_their_parents(steps in steps(), target in "([a-z]{1,5} ){0,20}", links in links()) {
        let (source, tags) = document(&steps, false);
        let parents = |order: &mut dyn Iterator<Item = usize>| {
            let mut parents = vec![None; tags.len()];
            let mut open = Vec::new();
            for number in order {
                match tags[number].role {
                    Role::Close => { open.pop(); }
                    role => {
                        parents[number] = open.last().copied();
                        if matches!(role, Role::Open(_)) { open.push(number); }
                    }
                }
            }
            parents
        };
        let placed = place(&tags, (&source, &[]), (&target, &[]), &links);
        prop_assert_eq!(parents(&mut (0..tags.len())), parents(&mut placed.iter().map(|(_, number)| *number)));
    }
}
