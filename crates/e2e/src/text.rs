//! German text of any length for long translations.

/// Sentences around a number, which the starter model translates well.
const SENTENCES: [[&str; 2]; 10] = [
    ["Im Garten stehen ", " Bäume."],
    ["Meine Schwester wartet seit ", " Minuten auf den Bus."],
    ["Das Haus ist ", " Jahre alt."],
    ["Mein Bruder hat ", " Äpfel gekauft."],
    ["Der Brief kam nach ", " Tagen an."],
    ["Ein Zimmer kostet ", " Euro."],
    ["Mein Vater hat ", " Bücher gelesen."],
    ["Auf dem Tisch liegen ", " Karten."],
    ["Der Arzt sucht seit ", " Tagen seinen Schlüssel."],
    ["In der Schule gibt es ", " Computer."],
];

/// At least `bytes` bytes of short sentences, five to a paragraph. No two are the same, as a translation that is known
/// is not made again.
pub fn german(bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 100);
    for count in 0.. {
        let [before, behind] = SENTENCES[count % SENTENCES.len()];
        text += before;
        text += &(2 + count / SENTENCES.len()).to_string();
        text += behind;
        if text.len() >= bytes {
            break;
        }
        text += if count % 5 == 4 { "\n\n" } else { " " };
    }
    text
}
