//! How many weights a model has, by the header of its file.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use safetensors::tensor::Metadata;

/// Longest header that is read; real ones take some 30 kB.
const MAX_HEADER: u64 = 64 << 20;

/// The number of weights of the model in `folder`. Whether they are all there is not looked at.
pub fn weights_of(folder: &Path) -> io::Result<u64> {
    let mut file = File::open(folder.join("model.safetensors"))?;
    let mut len = [0; 8];
    file.read_exact(&mut len)?;
    let len = u64::from_le_bytes(len);
    if len > MAX_HEADER {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut header = Vec::new();
    file.take(len).read_to_end(&mut header)?;
    let metadata: Metadata = serde_json::from_slice(&header)?;
    let weights = |shape: &[usize]| shape.iter().map(|&size| size as u64).product::<u64>();
    Ok(metadata.tensors().values().map(|tensor| weights(&tensor.shape)).sum())
}
