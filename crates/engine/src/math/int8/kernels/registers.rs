//! Numbers in memory as registers, and back.

use super::Line;

/// The same bytes as another type.
#[inline(always)]
#[expect(unsafe_code, reason = "integers and registers of one size; all bytes are valid in both")]
pub(super) fn cast<From: Plain, To: Plain>(from: &From) -> To {
    const { assert!(size_of::<From>() == size_of::<To>()) }
    unsafe { std::mem::transmute_copy(from) }
}

/// Numbers without invalid values.
pub(super) trait Plain {}
impl Plain for Line {}
impl Plain for i8 {}
impl Plain for i32 {}
impl Plain for u32 {}
impl Plain for u64 {}
impl<T: Plain, const LEN: usize> Plain for [T; LEN] {}
