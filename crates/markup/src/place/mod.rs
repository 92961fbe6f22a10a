//! Places tags in a translation by the word alignment.
//!
//! The tags of a text form a tree: pairs around words and around one another, and single tags. Each pair is put around
//! the one stretch of the translation that holds most of its words and fewest of others, within the stretch of the pair
//! around it; the stretches of neighbours never overlap. A single tag stays with the word it touches, or else where
//! the fewest links run across it. So a tag never breaks a word, none is lost or added, and pairs never cross.
//!
//! A pair keeps at least one word if it had any and its surroundings have one to spare.

mod gaps;
mod tree;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::ops::Range;

use crate::Link;
use crate::links::{Images, Side, connect};
use crate::tokens::tokens;
use tree::{Node, Tree};

/// A tag, as [`place`] sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    /// Where it stands in the source, a byte offset.
    pub(crate) at: usize,
    pub(crate) role: Role,
}

/// What a tag does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Opens a pair; the tag of this index closes it. Pairs do not cross.
    Open(usize),
    /// Closes a pair.
    Close,
    /// Stands alone.
    Single,
    /// Stands alone and stands for white space: a line break. Such tags keep their order.
    Separator,
}

/// Where each tag goes: byte offsets in `target`, never decreasing, and indices of `tags`, each once.
///
/// `atoms` are stretches of `source` and of `target` that count as one word each.
pub(crate) fn place(
    tags: &[Tag],
    (source, source_atoms): (&str, &[Range<usize>]),
    (target, target_atoms): (&str, &[Range<usize>]),
    links: &[Link],
) -> Vec<(usize, usize)> {
    if tags.is_empty() {
        return Vec::new();
    }
    let source = Side { text: source, tokens: tokens(source, source_atoms) };
    let target = Side { text: target, tokens: tokens(target, target_atoms) };
    let images = connect(&source, &target, links);
    let tree = Tree::new(tags, &source.tokens);
    let homes = homes(&tree, &images, target.tokens.len());
    let line_ends = |text: &str| text.match_indices('\n').map(|(at, _)| at).collect();
    let ends = (line_ends(source.text), line_ends(target.text));
    let mut placer = Placer { lines: ends, tags, source, target, images, tree, homes, spots: Vec::new() };
    placer.place_all();
    placer.write()
}

/// The innermost pair that most links of each target token come from; `None` without links.
fn homes(tree: &Tree, images: &Images, count: usize) -> Vec<Option<usize>> {
    let mut votes: Vec<Vec<(usize, usize)>> = vec![Vec::new(); count];
    for (source, &owner) in tree.owners.iter().enumerate() {
        for &target in images.of(source) {
            match votes[target].iter_mut().find(|(node, _)| *node == owner) {
                Some((_, count)) => *count += 1,
                None => votes[target].push((owner, 1)),
            }
        }
    }
    // of equals the first
    votes
        .iter()
        .map(|votes| votes.iter().rev().max_by_key(|(_, count)| *count).map(|(node, _)| *node))
        .collect()
}

/// A stretch of tokens and its score, in quarters of a word.
#[derive(Clone)]
struct Run {
    stretch: Range<usize>,
    score: i32,
}

/// Where a node goes, in target tokens: around some, or between two.
#[derive(Clone, Debug)]
enum Spot {
    Around(Range<usize>),
    /// Before the token of this index; after the token before it where `left`.
    Between {
        gap: usize,
        left: bool,
    },
}

struct Placer<'t> {
    tags: &'t [Tag],
    source: Side<'t>,
    target: Side<'t>,
    images: Images,
    tree: Tree,
    homes: Vec<Option<usize>>,
    /// Where the lines of source and target end.
    lines: (Vec<usize>, Vec<usize>),
    /// By node.
    spots: Vec<Spot>,
}

impl Placer<'_> {
    fn place_all(&mut self) {
        let nowhere = Spot::Between { gap: 0, left: false };
        self.spots = vec![nowhere; self.tree.nodes.len()];
        self.spots[0] = Spot::Around(0..self.target.tokens.len());
        // parents come before their children
        for node in 0..self.tree.nodes.len() {
            if self.tree.nodes[node].children.is_empty() {
                continue;
            }
            if let Spot::Around(range) = self.spots[node].clone() {
                self.place_pairs(node, &range);
                self.place_rest(node, &range);
            }
        }
    }

    /// Puts the pairs right inside `parent` around their words.
    fn place_pairs(&mut self, parent: usize, range: &Range<usize>) {
        let mut best = self.best_stretches(parent, range);
        let mut taken = vec![false; range.len()];
        let mut wordless = Vec::new();
        for &child in &self.tree.nodes[parent].children {
            let node = &self.tree.nodes[child];
            let all = node.words > 0 && node.words == self.tree.nodes[parent].words && !range.is_empty();
            match if all { Some(range.clone()) } else { best.remove(&child) } {
                Some(stretch) => {
                    taken[stretch.start - range.start..stretch.end - range.start].fill(true);
                    self.spots[child] = Spot::Around(stretch);
                }
                None if node.words > 0 || self.has_part_of_a_word(node) => wordless.push(child),
                None => {}
            }
        }
        for child in wordless {
            let near = self.crossing_gap(self.tree.nodes[child].first_token, range);
            if let Some(spare) = self.spare_word(near, range, &taken) {
                taken[spare - range.start] = true;
                self.spots[child] = Spot::Around(spare..spare + 1);
            }
        }
    }

    /// For each pair in `parent` with linked words, the stretch of `range` with most of its words and fewest of others.
    fn best_stretches(&self, parent: usize, range: &Range<usize>) -> HashMap<usize, Range<usize>> {
        let mut best: HashMap<usize, Run> = HashMap::new();
        let mut current: Option<(usize, Run)> = None;
        let mut cost = 0;
        for token in range.clone() {
            let Some(child) = self.homes[token].and_then(|home| self.tree.child_towards(parent, home)) else {
                // a word of someone else costs what a word of its own gains
                cost += if self.homes[token].is_some() { 4 } else { 1 };
                continue;
            };
            let run = match current.take() {
                Some((last, run)) if last == child && run.score >= cost => {
                    Run { stretch: run.stretch.start..token + 1, score: run.score - cost + 4 }
                }
                _ => Run { stretch: token..token + 1, score: 4 },
            };
            let known = best.entry(child).or_insert_with(|| run.clone());
            let longer = known.stretch.start == run.stretch.start && known.score <= run.score;
            if known.score < run.score || longer {
                *known = run.clone();
            }
            current = Some((child, run));
            cost = 0;
        }
        best.into_iter().map(|(child, run)| (child, run.stretch)).collect()
    }

    /// Whether a node is around some of a token whose other part is longer.
    fn has_part_of_a_word(&self, node: &Node) -> bool {
        let Role::Open(close) = self.tags[node.tag].role else { return false };
        let token = self.source.tokens.get(node.first_token);
        token.is_some_and(|token| token.range.start < self.tags[close].at)
    }

    /// The word nearest to a gap that no pair has, one without links rather than another.
    fn spare_word(&self, near: usize, range: &Range<usize>, taken: &[bool]) -> Option<usize> {
        /// How far is looked.
        const REACH: usize = 16;
        let reach = near.saturating_sub(REACH).max(range.start)..(near + REACH).min(range.end);
        let free = reach.filter(|&token| self.target.tokens[token].word && !taken[token - range.start]);
        let distance = |token: usize| if token < near { near - 1 - token } else { token - near };
        free.min_by_key(|&token| (self.homes[token].is_some(), distance(token)))
    }

    /// Puts single tags and pairs without words into gaps of `range`.
    fn place_rest(&mut self, parent: usize, range: &Range<usize>) {
        let children = std::mem::take(&mut self.tree.nodes[parent].children);
        let mut stretches: Vec<(Range<usize>, usize)> = Vec::new();
        for (order, &child) in children.iter().enumerate() {
            if let Spot::Around(stretch) = &self.spots[child] {
                stretches.push((stretch.clone(), order));
            }
        }
        stretches.sort_by_key(|(stretch, _)| stretch.start);
        let mut separated: Option<(usize, usize)> = None;
        for (order, &child) in children.iter().enumerate() {
            if matches!(self.spots[child], Spot::Around(_)) {
                continue;
            }
            let node = &self.tree.nodes[child];
            let (mut gap, left) = self.gap(node, parent, range);
            if self.tags[node.tag].role == Role::Separator {
                if let Some((last_gap, last_token)) = separated {
                    let between = usize::from(node.first_token > last_token);
                    gap = gap.max(last_gap + between).min(range.end);
                }
                separated = Some((gap, node.first_token));
            }
            // not inside a neighbour
            let before = stretches.partition_point(|(stretch, _)| stretch.start < gap);
            if let Some((stretch, neighbour)) = stretches[..before].last()
                && gap < stretch.end
            {
                gap = if *neighbour < order { stretch.end } else { stretch.start };
            }
            self.spots[child] = Spot::Between { gap, left };
        }
        self.tree.nodes[parent].children = children;
    }

    /// Puts the tags of all nodes in order.
    fn write(&self) -> Vec<(usize, usize)> {
        enum Step {
            Node(usize, Range<usize>, usize, usize),
            Close(usize, usize),
        }
        let mut placed = Vec::with_capacity(self.tags.len());
        let whole = 0..self.target.tokens.len();
        let mut steps = self.steps_of_children(0, &whole, 0, self.target.text.len());
        steps.reverse();
        let mut stack: Vec<Step> =
            steps.into_iter().map(|(node, range, start, end)| Step::Node(node, range, start, end)).collect();
        while let Some(step) = stack.pop() {
            match step {
                Step::Close(tag, at) => placed.push((at, tag)),
                Step::Node(node, range, start, end) => {
                    let tag = self.tree.nodes[node].tag;
                    placed.push((start, tag));
                    if let Role::Open(close) = self.tags[tag].role {
                        stack.push(Step::Close(close, end));
                        let children = self.steps_of_children(node, &range, start, end);
                        stack.extend(
                            children
                                .into_iter()
                                .rev()
                                .map(|(node, range, start, end)| Step::Node(node, range, start, end)),
                        );
                    }
                }
            }
        }
        placed
    }

    /// The children of a node as they stand in the translation, each with its tokens and its first and last byte.
    fn steps_of_children(
        &self,
        parent: usize,
        range: &Range<usize>,
        start: usize,
        end: usize,
    ) -> Vec<(usize, Range<usize>, usize, usize)> {
        let tokens = &self.target.tokens;
        let mut children: Vec<_> = self.tree.nodes[parent].children.clone();
        if range.is_empty() {
            return children.into_iter().map(|child| (child, range.clone(), start, start)).collect();
        }
        // sorting keeps the order of equals
        children.sort_by_key(|&child| match &self.spots[child] {
            Spot::Around(stretch) => (stretch.start, 2),
            Spot::Between { gap, left } => (*gap, u8::from(!left)),
        });
        let step = |child: usize| match &self.spots[child] {
            Spot::Around(stretch) => {
                (child, stretch.clone(), tokens[stretch.start].range.start, tokens[stretch.end - 1].range.end)
            }
            Spot::Between { gap, left } => {
                let at = match *gap {
                    gap if gap <= range.start => start,
                    gap if *left => tokens[gap - 1].range.end,
                    gap if gap >= range.end => end,
                    gap => tokens[gap].range.start,
                };
                (child, *gap..*gap, at, at)
            }
        };
        children.into_iter().map(step).collect()
    }
}
