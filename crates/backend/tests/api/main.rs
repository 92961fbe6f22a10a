//! The backend as its clients meet it: over real HTTP, with an engine whose work the tests hold up and watch.

mod detection;
mod failures;
mod helpers;
mod input;
mod load;
mod operations;
mod translate;
