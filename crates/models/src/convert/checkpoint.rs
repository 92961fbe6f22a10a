//! A file of weights as PyTorch saves it: where each tensor lies in it. There are two formats: a zip archive, and that
//! from before PyTorch 1.6, pickles one after the other and then the numbers.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read as _, Seek as _, SeekFrom};

use safetensors::Dtype;
use zip::{CompressionMethod, ZipArchive};

use super::pickle;
use super::values::{Tensor, Value, Values};

/// What the older format begins with.
const LEGACY_MAGIC: i128 = 0x1950_a86a_20f9_469c_fc6c;
const LEGACY_PROTOCOL: i128 = 1001;

/// How a zip archive begins.
const ZIP_MAGIC: &[u8] = b"PK\x03\x04";

/// The tensors of a file.
#[derive(Debug)]
pub(super) struct Checkpoint {
    /// By name, in the order of the file.
    pub(super) tensors: Vec<(String, Tensor)>,
    /// First byte of each storage.
    starts: HashMap<String, u64>,
}

impl Checkpoint {
    /// Reads where everything is, and none of the numbers.
    pub(super) fn read(file: &File) -> Result<Self, String> {
        let mut input = BufReader::new(file);
        let begins_as_zip = input.fill_buf().map_err(|error| error.to_string())?.starts_with(ZIP_MAGIC);
        let checkpoint = if begins_as_zip { read_zip(input) } else { read_legacy(input) }?;
        checkpoint.check(file)?;
        Ok(checkpoint)
    }

    /// First byte of a tensor and how many it has.
    pub(super) fn place(&self, tensor: &Tensor) -> (u64, u64) {
        let width = width(tensor.storage.dtype);
        let start = self.starts[&tensor.storage.key] + tensor.offset as u64 * width;
        (start, tensor.shape.iter().product::<usize>() as u64 * width)
    }

    fn check(&self, file: &File) -> Result<(), String> {
        let len = file.metadata().map_err(|error| error.to_string())?.len();
        for (name, tensor) in &self.tensors {
            if !self.starts.contains_key(&tensor.storage.key) {
                return Err(format!("has no numbers for the tensor `{name}`"));
            }
            let (start, bytes) = self.place(tensor);
            if start.checked_add(bytes).is_none_or(|end| end > len) {
                return Err(format!("ends before the tensor `{name}` does"));
            }
        }
        Ok(())
    }
}

/// Bytes of a number.
fn width(dtype: Dtype) -> u64 {
    dtype.bitsize() as u64 / 8
}

fn read_zip(input: BufReader<&File>) -> Result<Checkpoint, String> {
    let invalid = |error: zip::result::ZipError| format!("is no archive of PyTorch: {error}");
    let mut archive = ZipArchive::new(input).map_err(invalid)?;
    let entry = archive.file_names().filter_map(Result::ok).find(|name| name.ends_with("/data.pkl"));
    let entry = entry.ok_or("is an archive without `data.pkl`, so not one of PyTorch's")?.into_owned();
    let folder = entry.trim_end_matches("data.pkl");
    if let Ok(mut order) = archive.by_name(&format!("{folder}byteorder")) {
        let mut name = String::new();
        if order.by_ref().take(16).read_to_string(&mut name).is_err() || name != "little" {
            return Err(format!("has numbers in the byte order `{name}`; only `little` is known"));
        }
    }
    let pickled = archive.by_name(&entry).map_err(invalid)?;
    let tensors = pickle::read(&mut BufReader::new(pickled))?.tensors()?;
    let mut starts = HashMap::new();
    for (name, Tensor { storage, .. }) in &tensors {
        if starts.contains_key(&storage.key) {
            continue;
        }
        let numbers = archive.by_name(&format!("{folder}data/{}", storage.key)).map_err(invalid)?;
        let whole = storage.len as u64 * width(storage.dtype);
        if numbers.compression() != CompressionMethod::Stored || numbers.size() != whole {
            return Err(format!(
                "has the numbers of `{name}` in a form or a number that PyTorch does not use"
            ));
        }
        let start = numbers.data_start().ok_or("is an archive of a form that PyTorch does not use")?;
        starts.insert(storage.key.clone(), start);
    }
    Ok(Checkpoint { tensors, starts })
}

fn read_legacy(mut input: BufReader<&File>) -> Result<Checkpoint, String> {
    let number = |input: &mut BufReader<&File>| {
        let values = pickle::read(input)?;
        match values.get(values.root) {
            Value::Int(number) => Ok(*number),
            _ => Err("does not begin as PyTorch's files do".to_owned()),
        }
    };
    let magic = number(&mut input).map_err(|_| "is not a file of PyTorch's".to_owned())?;
    if magic != LEGACY_MAGIC || number(&mut input)? != LEGACY_PROTOCOL {
        return Err("is not a file of PyTorch's".to_owned());
    }
    let system = pickle::read(&mut input)?;
    if !is_little_endian(&system)? {
        return Err("has numbers in another byte order than `little`".to_owned());
    }
    let tensors = pickle::read(&mut input)?.tensors()?;
    let keys = pickle::read(&mut input)?.texts()?;
    let dtypes: HashMap<&str, Dtype> =
        tensors.iter().map(|(_, tensor)| (tensor.storage.key.as_str(), tensor.storage.dtype)).collect();
    let mut starts = HashMap::new();
    for key in keys {
        let dtype = dtypes.get(key.as_str()).ok_or("has numbers that belong to no tensor")?;
        let mut len = [0; 8];
        input.read_exact(&mut len).map_err(|_| "ends before its numbers do".to_owned())?;
        let bytes =
            u64::from_le_bytes(len).checked_mul(width(*dtype)).and_then(|bytes| i64::try_from(bytes).ok());
        let start = input.stream_position().map_err(|error| error.to_string())?;
        let bytes = bytes.ok_or("has more numbers than any file")?;
        input.seek(SeekFrom::Current(bytes)).map_err(|error| error.to_string())?;
        starts.insert(key, start);
    }
    Ok(Checkpoint { tensors, starts })
}

fn is_little_endian(system: &Values) -> Result<bool, String> {
    let Value::Dict(entries) = system.get(system.root) else {
        return Err("does not begin as PyTorch's files do".to_owned());
    };
    for &(key, value) in entries {
        if system.text(key)? == "little_endian" {
            return Ok(*system.get(value) == Value::Bool(true));
        }
    }
    Ok(false)
}
