//! A folder of translation models: fetched by name from a hub, checked against its checksums, listed, verified,
//! removed. Loading a model and translating with it is the engine's business.
//!
//! Each model has a folder of its own in the [`Store`], in the layout in which OPUS-MT models are published, and a
//! [`Manifest`] beside its files that says where they come from and what they must be.

mod checksum;
mod command;
mod convert;
mod download;
mod error;
mod hub;
mod languages;
mod manifest;
mod name;
mod pull;
mod store;
mod weights;

pub use command::{Command, HubOptions};
pub use convert::to_safetensors;
pub use error::Error;
pub use hub::Hub;
pub use languages::{Pair, Served, normalise, pairs_of};
pub use manifest::Manifest;
pub use name::{ModelName, Revision};
pub use pull::{Pulled, pull};
pub use store::{Installed, State, Store};
pub use weights::weights_of;
