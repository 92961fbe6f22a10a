//! How large a document may be.

/// Limits on what a document may make us read. They guard against archives made to fill the memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of the file itself.
    pub file: usize,
    /// The most bytes that everything in an archive may have unpacked.
    pub unpacked: u64,
    /// The most files in an archive.
    pub entries: usize,
    /// How many times larger than packed a file of more than a megabyte may be. Office documents reach 50.
    pub ratio: u64,
    /// How deep elements may be nested in XML.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file: 64 << 20, unpacked: 256 << 20, entries: 10_000, ratio: 250, depth: 256 }
    }
}
