//! The tags of a text as a tree.

use super::{Role, Tag};
use crate::tokens::Token;

/// A pair or a single tag.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// The tag that opens it, or the single tag. Without meaning for the root.
    pub(super) tag: usize,
    /// How many tokens before it end where it starts or earlier: the index of the first token in or after it.
    pub(super) first_token: usize,
    /// How many tokens are its own or its descendants'.
    pub(super) words: usize,
    /// In the order of the text.
    pub(super) children: Vec<usize>,
    parent: usize,
    /// The last of its descendants; itself if it has none.
    last: usize,
}

/// All nodes, in the order of the text, each before its children; the first is the root around everything.
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    /// The innermost node around each source token, or around most of it.
    pub(super) owners: Vec<usize>,
}

impl Tree {
    pub(super) fn new(tags: &[Tag], tokens: &[Token]) -> Self {
        let mut nodes = vec![Node {
            tag: usize::MAX,
            first_token: 0,
            words: 0,
            children: Vec::new(),
            parent: 0,
            last: 0,
        }];
        // which node the text belongs to from where on
        let mut changes = vec![(0, 0)];
        let mut current = 0;
        for (index, tag) in tags.iter().enumerate() {
            match tag.role {
                Role::Close => {
                    nodes[current].last = nodes.len() - 1;
                    current = nodes[current].parent;
                    changes.push((tag.at, current));
                }
                role => {
                    let node = nodes.len();
                    let first_token = tokens.partition_point(|token| token.range.end <= tag.at);
                    let (parent, children) = (current, Vec::new());
                    nodes.push(Node { tag: index, first_token, words: 0, children, parent, last: node });
                    nodes[current].children.push(node);
                    if matches!(role, Role::Open(_)) {
                        current = node;
                        changes.push((tag.at, current));
                    }
                }
            }
        }
        nodes[0].last = nodes.len() - 1;
        let owners = owners(tokens, &changes);
        for &owner in &owners {
            nodes[owner].words += 1;
        }
        for node in (1..nodes.len()).rev() {
            let (parent, words) = (nodes[node].parent, nodes[node].words);
            nodes[parent].words += words;
        }
        Self { nodes, owners }
    }

    /// The child of `parent` that is `node` or around it.
    pub(super) fn child_towards(&self, parent: usize, node: usize) -> Option<usize> {
        let children = &self.nodes[parent].children;
        let next = children.partition_point(|&child| child <= node);
        children[..next].last().copied().filter(|&child| node <= self.nodes[child].last)
    }
}

/// For each token the node that most of it belongs to; of equals the first.
fn owners(tokens: &[Token], changes: &[(usize, usize)]) -> Vec<usize> {
    let mut from = 0;
    let mut owners = Vec::with_capacity(tokens.len());
    for token in tokens {
        while changes.get(from + 1).is_some_and(|&(at, _)| at <= token.range.start) {
            from += 1;
        }
        let mut owner = (0, 0);
        for (index, &(at, node)) in changes.iter().enumerate().skip(from) {
            if at >= token.range.end {
                break;
            }
            let end = changes.get(index + 1).map_or(usize::MAX, |&(at, _)| at);
            let share = end.min(token.range.end) - at.max(token.range.start).min(end.min(token.range.end));
            if share > owner.0 {
                owner = (share, node);
            }
        }
        owners.push(owner.1);
    }
    owners
}
