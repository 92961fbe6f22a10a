//! German text of any length for long translations.

use std::fmt::Write as _;

const DAYS: [&str; 7] = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
const PEOPLE: [&str; 8] = [
    "der Nachbar",
    "die Lehrerin",
    "mein Bruder",
    "eine Freundin",
    "der Bäcker",
    "die Ärztin",
    "unser Chef",
    "ein Gast",
];
const DEEDS: [&str; 6] = ["kauft", "verkauft", "sucht", "findet", "bezahlt", "bringt"];
const THINGS: [&str; 6] = ["Äpfel", "Bücher", "Stühle", "Karten", "Flaschen", "Blumen"];

/// At least `bytes` bytes of short sentences, some to a paragraph. No two are the same, as a translation that is known
/// is not made again.
pub fn german(bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 100);
    for number in 2.. {
        let (day, person) = (DAYS[number % DAYS.len()], PEOPLE[number % PEOPLE.len()]);
        let (deed, thing) = (DEEDS[number % DEEDS.len()], THINGS[number / 7 % THINGS.len()]);
        write!(text, "Am {day} {deed} {person} {number} {thing}.").expect("a string takes everything");
        if text.len() >= bytes {
            break;
        }
        text.push_str(if number % 5 == 0 { "\n\n" } else { " " });
    }
    text
}
