//! The developer's commands: `cargo xtask test`, `bench`, `stack`.

fn main() {}
