//! PyTorch's weights become safetensors, tensor by tensor the same as by the libraries themselves.

use std::fs;

use models::to_safetensors;
use safetensors::{Dtype, SafeTensors};

use crate::support::{ARCHIVE, HALF, LEGACY, SAFETENSORS};

fn converted(weights: &[u8]) -> Result<Vec<u8>, String> {
    let folder = tempfile::tempdir().unwrap();
    let (source, target) = (folder.path().join("pytorch_model.bin"), folder.path().join("model.safetensors"));
    fs::write(&source, weights).unwrap();
    to_safetensors(&source, &target).map_err(|error| error.to_string())?;
    Ok(fs::read(&target).unwrap())
}

#[test]
fn both_of_pytorchs_formats_give_what_transformers_saves() {
    let expected = SafeTensors::deserialize(SAFETENSORS).unwrap();
    for weights in [ARCHIVE, LEGACY] {
        let converted = converted(weights).unwrap();
        let converted = SafeTensors::deserialize(&converted).unwrap();
        let mut names = converted.names();
        names.sort_unstable();
        let mut expected_names = expected.names();
        expected_names.sort_unstable();
        assert_eq!(names, expected_names, "shared matrices and tables of positions are left out");
        for name in names {
            let (tensor, expected) = (converted.tensor(name).unwrap(), expected.tensor(name).unwrap());
            assert_eq!((tensor.shape(), tensor.dtype()), (expected.shape(), expected.dtype()), "{name}");
            assert!(tensor.data() == expected.data(), "{name}");
        }
    }
}

#[test]
fn numbers_keep_their_type() {
    let converted = converted(HALF).unwrap();
    let converted = SafeTensors::deserialize(&converted).unwrap();
    assert_eq!(converted.len(), 3);
    let expected = SafeTensors::deserialize(SAFETENSORS).unwrap();
    for (name, tensor) in converted.tensors() {
        assert_eq!(tensor.dtype(), Dtype::F16);
        assert_eq!(tensor.shape(), expected.tensor(&name).unwrap().shape());
    }
}

#[test]
fn whatever_is_cut_off_is_refused_and_names_the_file() {
    for weights in [ARCHIVE, LEGACY] {
        for len in (0..weights.len()).step_by(97) {
            let message = converted(&weights[..len]).unwrap_err();
            assert!(message.contains("pytorch_model.bin: "), "{message}");
        }
    }
}

#[test]
fn whatever_is_changed_is_refused_or_read_but_never_more() {
    for weights in [ARCHIVE, LEGACY] {
        let mut changed = weights.to_vec();
        for at in (0..weights.len()).step_by(101) {
            changed[at] ^= 0x5a;
            if let Ok(converted) = converted(&changed) {
                SafeTensors::deserialize(&converted).unwrap();
            }
            changed[at] = weights[at];
        }
    }
}

#[test]
fn what_is_no_file_of_pytorchs_is_refused() {
    for weights in
        [&b"<html>"[..], b"\x80\x02cposix\nsystem\nX\x02\x00\x00\x00ls\x85R.", b"PK\x03\x04 and nonsense"]
    {
        let message = converted(weights).unwrap_err();
        assert!(message.contains("PyTorch"), "{message}");
    }
}
