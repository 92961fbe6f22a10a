//! Reads tensors out of a safetensors file, one at a time and as f32.
//!
//! Format: <https://huggingface.co/docs/safetensors>. The file's own consistency (offsets, sizes) is checked by the
//! `safetensors` crate; presence, shape and type of each tensor are checked here.

use std::path::PathBuf;

use half::slice::HalfFloatSliceExt;
use safetensors::tensor::{Dtype, Metadata};

use crate::LoadError;
use crate::files::{ModelFile, ModelFiles};

/// Longest header that is read; real ones take some 30 kB.
const MAX_HEADER: u64 = 64 << 20;

/// An open weights file.
pub(crate) struct Weights {
    file: ModelFile,
    path: PathBuf,
    metadata: Metadata,
    data_start: u64,
}

impl Weights {
    pub(crate) fn open(files: &ModelFiles) -> Result<Self, LoadError> {
        let path = files.path("model.safetensors");
        let invalid = |fault: String| LoadError::invalid(&path, fault);
        let mut file = files.open("model.safetensors")?;
        let len = file.len();
        if len < 8 {
            return Err(invalid(format!("{len} bytes are too few for a safetensors file")));
        }
        let prefix = file.read(0, 8)?;
        let header_len = u64::from_le_bytes(prefix[..8].try_into().expect("eight bytes were asked for"));
        let data_start = header_len.checked_add(8).filter(|end| header_len <= MAX_HEADER && *end <= len);
        let Some(data_start) = data_start else {
            return Err(invalid(format!("its header of {header_len} bytes does not fit into {len} bytes")));
        };
        let header = file.read(8, header_len)?;
        let metadata: Metadata =
            serde_json::from_slice(&header).map_err(|error| invalid(format!("bad header: {error}")))?;
        if data_start + metadata.data_len() as u64 != len {
            let expected = data_start + metadata.data_len() as u64;
            return Err(invalid(format!(
                "{len} bytes long, but its header speaks of {expected}: truncated?"
            )));
        }
        Ok(Self { file, path, metadata, data_start })
    }

    /// The tensor of that name, row by row. `shape` is what it must have.
    pub(crate) fn tensor(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, LoadError> {
        let invalid = |fault: String| LoadError::invalid(&self.path, fault);
        let info = self.metadata.info(name).ok_or_else(|| invalid(format!("has no tensor `{name}`")))?;
        if info.shape != shape {
            return Err(invalid(format!(
                "tensor `{name}` has shape {:?}, but by config.json it must be {shape:?}",
                info.shape
            )));
        }
        let (start, end) = info.data_offsets;
        let dtype = info.dtype;
        let bytes = self.file.read(self.data_start + start as u64, (end - start) as u64)?;
        let values: Vec<f32> = match dtype {
            Dtype::F32 => {
                bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
            }
            Dtype::F16 => {
                let halves: Vec<half::f16> =
                    bytes.chunks_exact(2).map(|b| half::f16::from_le_bytes([b[0], b[1]])).collect();
                halves.to_f32_vec()
            }
            Dtype::BF16 => {
                bytes.chunks_exact(2).map(|b| half::bf16::from_le_bytes([b[0], b[1]]).to_f32()).collect()
            }
            other => return Err(invalid(format!("tensor `{name}` is of type {other:?}; floats are needed"))),
        };
        if let Some(bad) = values.iter().find(|value| !value.is_finite()) {
            return Err(invalid(format!("tensor `{name}` holds {bad}")));
        }
        Ok(values)
    }
}
