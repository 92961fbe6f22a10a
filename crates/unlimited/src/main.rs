//! The embedded default and the command line.

fn main() {}
