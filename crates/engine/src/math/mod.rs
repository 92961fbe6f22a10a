//! The calculations a Transformer is made of. Matrix products in int8 are our own ([`int8`]), those in f32, which are the
//! reference, go to `rten-gemm`; the rest are loops over f32 compiled for several instruction sets ([`simd`]). Nothing
//! here knows of sentences or models.
//!
//! Every function treats each row by itself and in a fixed order of operations, so a row's result does not depend
//! on which other rows share the call. (Only `f32` matrix products round differently for different row counts; the
//! `i8` ones are exact.)

#![expect(
    clippy::inline_always,
    reason = "a loop must be compiled within the function that enables its instructions"
)]

pub(crate) mod attention;
pub(crate) mod best;
pub(crate) mod int8;
pub(crate) mod linear;
pub(crate) mod rows;
mod simd;
