//! Looks words up in `words.txt`: abbreviations by what may follow them, words that start sentences, what ordinal
//! numbers count.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// What a full stop after an abbreviation says about the end of the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The sentence goes on.
    Inner,
    /// It goes on before figures, and ends otherwise.
    Numbering,
    /// It goes on before figures, Roman numbers and single letters, and ends otherwise.
    Counting,
    /// It ends if a word follows that starts a sentence.
    Either,
    /// It ends unless a lower-case word follows.
    Closing,
}

/// The groups of `words.txt`, read once.
static WORDS: LazyLock<Words> = LazyLock::new(|| Words::read(include_str!("words.txt")));

#[derive(Default)]
struct Words {
    abbreviations: HashMap<&'static str, Stop>,
    inner_chains: HashSet<&'static str>,
    starters: HashSet<&'static str>,
    determiners: HashSet<&'static str>,
    suffixes: HashSet<&'static str>,
    exclaimed: HashSet<&'static str>,
    lettered: HashSet<&'static str>,
    counted: Vec<&'static str>,
}

impl Words {
    fn read(source: &'static str) -> Self {
        let mut words = Self::default();
        let mut group = "";
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if let Some(name) = line.strip_prefix('[') {
                group = name.trim_end_matches(']');
                continue;
            }
            for word in line.split_whitespace() {
                words.add(group, word);
            }
        }
        words
    }

    fn add(&mut self, group: &str, word: &'static str) {
        let stop = match group {
            "inner" => Stop::Inner,
            "numbering" => Stop::Numbering,
            "counting" => Stop::Counting,
            "either" => Stop::Either,
            "closing" => Stop::Closing,
            "counted" => return self.counted.push(word),
            _ => {
                self.set(group).insert(word);
                return;
            }
        };
        self.abbreviations.insert(word, stop);
    }

    fn set(&mut self, group: &str) -> &mut HashSet<&'static str> {
        match group {
            "inner chains" => &mut self.inner_chains,
            "starters" => &mut self.starters,
            "determiners" => &mut self.determiners,
            "suffixes" => &mut self.suffixes,
            "exclaimed" => &mut self.exclaimed,
            "lettered" => &mut self.lettered,
            _ => unreachable!("words.txt has no other group, as a test shows"),
        }
    }
}

/// What a stop after `word` means if that is an abbreviation.
pub(super) fn abbreviation(word: &str) -> Option<Stop> {
    WORDS.abbreviations.get(word).copied()
}

/// Whether `chain`, single letters between stops in lower case such as `z.b`, never ends a sentence.
pub(super) fn is_inner_chain(chain: &str) -> bool {
    WORDS.inner_chains.contains(chain)
}

/// Whether `word` starts sentences rather than being a name or a noun.
pub(super) fn is_starter(word: &str) -> bool {
    word.len() > 1 && WORDS.starters.contains(word.to_lowercase().as_str())
}

/// Whether `word` stands before ordinal numbers: "der 1.", "am 3.".
pub(super) fn is_determiner(word: &str) -> bool {
    WORDS.determiners.contains(word.to_lowercase().as_str())
}

/// Whether an ordinal number may count `word`: "3. Oktober", "19. Jahrhunderts".
pub(super) fn is_counted(word: &str) -> bool {
    const ENDINGS: [&str; 7] = ["", "e", "en", "er", "es", "n", "s"];
    let word = word.to_lowercase();
    WORDS.counted.iter().any(|stem| word.strip_prefix(stem).is_some_and(|ending| ENDINGS.contains(&ending)))
}

/// Whether `word` ends the names of hosts or files.
pub(super) fn is_suffix(word: &str) -> bool {
    WORDS.suffixes.contains(word.to_lowercase().as_str())
}

/// Whether `word` is a name that an exclamation mark belongs to: "Yahoo!".
pub(super) fn is_exclaimed(word: &str) -> bool {
    WORDS.exclaimed.contains(word)
}

/// Whether single letters tell one `word` from another: "Vitamin C".
pub(super) fn has_letter(word: &str) -> bool {
    WORDS.lettered.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_is_read() {
        assert_eq!(abbreviation("Dr"), Some(Stop::Inner));
        assert_eq!(abbreviation("No"), Some(Stop::Numbering));
        assert_eq!(abbreviation("Nr"), Some(Stop::Counting));
        assert_eq!(abbreviation("Mio"), Some(Stop::Either));
        assert_eq!(abbreviation("usw"), Some(Stop::Closing));
        assert!(is_inner_chain("z.b") && is_starter("Danach") && is_determiner("Am"));
        assert!(is_counted("Jahrhunderts") && is_suffix("Com"));
        assert!(is_exclaimed("Yahoo") && has_letter("Vitamin"));
    }

    #[test]
    fn an_abbreviation_stands_in_one_group_only() {
        let source = include_str!("words.txt");
        let abbreviations = &source[..source.find("[inner chains]").expect("the group is there")];
        let lines = abbreviations.lines().filter(|line| !line.starts_with(['#', '[']));
        let words: Vec<_> = lines.flat_map(str::split_whitespace).collect();
        let mut seen = HashSet::new();
        let twice: Vec<_> = words.into_iter().filter(|word| !seen.insert(*word)).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}
