//! Turns PyTorch's weights (`pytorch_model.bin`) into `model.safetensors`, without Python and without ever executing
//! what is in the file. Numbers keep their type; they go from file to file in small pieces, so memory stays small.

mod checkpoint;
mod pickle;
mod values;

use std::fs::File;
use std::io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use safetensors::tensor::{Metadata, TensorInfo};

use crate::Error;
use checkpoint::Checkpoint;
use values::Tensor;

/// The matrix that embeddings and output layer share; its other names are left out.
const SHARED: &str = "model.shared.weight";

/// What such a name holds is calculated anew by whoever loads the model.
const POSITIONS: &str = "embed_positions.weight";

/// Writes the tensors of `source` to `target`.
pub fn to_safetensors(source: &Path, target: &Path) -> Result<(), Error> {
    let mut file = File::open(source).map_err(|error| Error::io(source, error))?;
    let invalid = |fault: String| Error::Weights { path: source.to_owned(), fault };
    let mut checkpoint = Checkpoint::read(&file).map_err(invalid)?;
    let mut tensors = std::mem::take(&mut checkpoint.tensors);
    leave_out_doubles(&mut tensors);
    // as the safetensors library orders them, so that every number lies at a multiple of its width
    tensors.sort_by(|(a, x), (b, y)| {
        y.storage.dtype.bitsize().cmp(&x.storage.dtype.bitsize()).then_with(|| a.cmp(b))
    });
    let header = header(&checkpoint, &tensors).map_err(invalid)?;
    write(&mut file, &checkpoint, &tensors, &header, target).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => invalid("became shorter while it was read".to_owned()),
        _ => Error::io(target, error),
    })
}

fn leave_out_doubles(tensors: &mut Vec<(String, Tensor)>) {
    let shared = tensors.iter().find(|(name, _)| name == SHARED).map(|(_, tensor)| tensor.clone());
    tensors.retain(|(name, tensor)| {
        !name.ends_with(POSITIONS) && (name == SHARED || shared.as_ref() != Some(tensor))
    });
}

/// The header of a safetensors file, filled up so that the numbers begin at a multiple of eight.
fn header(checkpoint: &Checkpoint, tensors: &[(String, Tensor)]) -> Result<Vec<u8>, String> {
    let mut end = 0;
    let infos = tensors.iter().map(|(name, tensor)| {
        let start = end;
        end += checkpoint.place(tensor).1 as usize;
        let info = TensorInfo {
            dtype: tensor.storage.dtype,
            shape: tensor.shape.clone(),
            data_offsets: (start, end),
        };
        (name.clone(), info)
    });
    let note = [("format".to_owned(), "pt".to_owned())].into();
    let metadata = Metadata::new(Some(note), infos.collect()).map_err(|error| error.to_string())?;
    let mut header = serde_json::to_vec(&metadata).map_err(|error| error.to_string())?;
    header.resize(header.len().next_multiple_of(8), b' ');
    Ok(header)
}

fn write(
    file: &mut File,
    checkpoint: &Checkpoint,
    tensors: &[(String, Tensor)],
    header: &[u8],
    target: &Path,
) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(target)?);
    out.write_all(&(header.len() as u64).to_le_bytes())?;
    out.write_all(header)?;
    for (_, tensor) in tensors {
        let (start, len) = checkpoint.place(tensor);
        file.seek(SeekFrom::Start(start))?;
        if io::copy(&mut file.take(len), &mut out)? < len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}
