//! Reads tensors out of a safetensors file, one at a time, as f32 or, where the file has them, as int8.
//!
//! Format: <https://huggingface.co/docs/safetensors>. The file's own consistency (offsets, sizes) is checked by the
//! `safetensors` crate; presence, shape and type of each tensor are checked here.

use std::borrow::Cow;
use std::ops::Range;
use std::path::PathBuf;

use half::slice::HalfFloatSliceExt;
use safetensors::tensor::{Dtype, Metadata};

use crate::LoadError;
use crate::files::{ModelFile, ModelFiles};
use crate::math::linear::{self, Precision, Rows};

/// Longest header that is read; real ones take some 30 kB.
const MAX_HEADER: u64 = 64 << 20;

/// Values of a matrix that are read at a time.
const PART: usize = 1 << 20;

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
        let expected = u128::from(data_start) + metadata.data_len() as u128;
        if expected != u128::from(len) {
            return Err(invalid(format!(
                "{len} bytes long, but its header speaks of {expected}: truncated?"
            )));
        }
        Ok(Self { file, path, metadata, data_start })
    }

    /// The tensor of that name, row by row. `shape` is what it must have.
    pub(crate) fn tensor(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, LoadError> {
        let tensor = self.find(name, shape)?;
        self.floats(name, tensor, 0..shape.iter().product())
    }

    /// The tensors of those names, each of `shape`, stacked row upon row.
    pub(crate) fn matrix<N: AsRef<str>>(
        &mut self,
        names: &[N],
        shape: [usize; 2],
        precision: Precision,
    ) -> Result<linear::Weights, LoadError> {
        // Only for what the file really holds is there memory: config.json alone could ask for any amount.
        for name in names {
            self.find(name.as_ref(), &shape)?;
        }
        let [rows, width] = shape;
        let mut matrix = linear::Weights::with_capacity(names.len() * rows, width, precision);
        for name in names {
            self.rows(name.as_ref(), shape, &mut matrix)?;
        }
        Ok(matrix)
    }

    /// Adds the rows of a tensor to `matrix`: in parts, so that the memory for a large matrix is needed once and not
    /// twice.
    ///
    /// An extension of the published layout: a tensor `NAME` of type I8 comes with a tensor `NAME.scale` of floats, one
    /// for each row, and stands for `integer · scale`.
    fn rows(&mut self, name: &str, shape: [usize; 2], matrix: &mut linear::Weights) -> Result<(), LoadError> {
        let [rows, width] = shape;
        let tensor = self.find(name, &shape)?;
        let scales = match tensor.dtype {
            Dtype::I8 => Some(self.tensor(&format!("{name}.scale"), &[rows])?),
            _ => None,
        };
        let step = (PART / width).max(1);
        for start in (0..rows).step_by(step) {
            let part = start..rows.min(start + step);
            let values = part.start * width..part.end * width;
            match &scales {
                Some(scales) => {
                    let values: Vec<i8> =
                        self.bytes(tensor, values)?.iter().map(|byte| byte.cast_signed()).collect();
                    matrix.push(Rows::Int8 { values: &values, scales: &scales[part] });
                }
                None => matrix.push(Rows::F32(&self.floats(name, tensor, values)?)),
            }
        }
        Ok(())
    }

    fn find(&self, name: &str, shape: &[usize]) -> Result<Tensor, LoadError> {
        let info = self
            .metadata
            .info(name)
            .ok_or_else(|| LoadError::invalid(&self.path, format!("has no tensor `{name}`")))?;
        if info.shape != shape {
            return Err(LoadError::invalid(
                &self.path,
                format!(
                    "tensor `{name}` has shape {:?}, but by config.json it must be {shape:?}",
                    info.shape
                ),
            ));
        }
        Ok(Tensor { start: self.data_start + info.data_offsets.0 as u64, dtype: info.dtype })
    }

    /// Some values of a tensor as the file has them.
    fn bytes(&mut self, tensor: Tensor, values: Range<usize>) -> Result<Cow<'static, [u8]>, LoadError> {
        let size = tensor.dtype.bitsize() as u64 / 8;
        self.file.read(tensor.start + values.start as u64 * size, values.len() as u64 * size)
    }

    fn floats(&mut self, name: &str, tensor: Tensor, values: Range<usize>) -> Result<Vec<f32>, LoadError> {
        let bytes = match tensor.dtype {
            Dtype::F32 | Dtype::F16 | Dtype::BF16 => self.bytes(tensor, values)?,
            other => {
                let fault = format!("tensor `{name}` is of type {other:?}; floats are needed");
                return Err(LoadError::invalid(&self.path, fault));
            }
        };
        let values: Vec<f32> = match tensor.dtype {
            Dtype::F16 => {
                let halves: Vec<half::f16> =
                    bytes.chunks_exact(2).map(|b| half::f16::from_le_bytes([b[0], b[1]])).collect();
                halves.to_f32_vec()
            }
            Dtype::BF16 => {
                bytes.chunks_exact(2).map(|b| half::bf16::from_le_bytes([b[0], b[1]]).to_f32()).collect()
            }
            _ => bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect(),
        };
        if !values.iter().fold(true, |finite, value| finite & value.is_finite()) {
            let bad = values.iter().find(|value| !value.is_finite()).unwrap_or(&f32::NAN);
            return Err(LoadError::invalid(&self.path, format!("tensor `{name}` holds {bad}")));
        }
        Ok(values)
    }
}

/// Where a tensor lies and how its values are written.
#[derive(Clone, Copy)]
struct Tensor {
    start: u64,
    dtype: Dtype,
}
