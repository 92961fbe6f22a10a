//! What a pickle of a model's weights can hold.

use safetensors::Dtype;

/// Where a value lies among [`Values`].
pub(super) type Id = usize;

/// What a pickle holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// Python's `None`.
    None,
    /// A truth value.
    Bool(bool),
    /// A number, if it fits; the only larger one is the magic number of PyTorch's older format.
    Int(i128),
    /// A string.
    Text(String),
    /// A tuple or a list.
    Sequence(Vec<Id>),
    /// A dictionary, ordered or not.
    Dict(Vec<(Id, Id)>),
    /// A name of Python's that is allowed.
    Global(Global),
    /// Numbers in the file, outside of the pickle.
    Storage(Storage),
    /// A view of a storage.
    Tensor(Tensor),
}

/// The names of Python's that a dictionary of tensors needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Global {
    OrderedDict,
    RebuildTensor,
    RebuildParameter,
    StorageType(Dtype),
}

/// A run of numbers in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Storage {
    pub(super) key: String,
    pub(super) dtype: Dtype,
    /// How many numbers.
    pub(super) len: usize,
}

/// A tensor: some numbers of a storage, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tensor {
    pub(super) storage: Storage,
    /// First number.
    pub(super) offset: usize,
    pub(super) shape: Vec<usize>,
}

/// Everything in a pickle.
#[derive(Debug, Default)]
pub(super) struct Values {
    pub(super) values: Vec<Value>,
    /// What the pickle is of.
    pub(super) root: Id,
}

impl Values {
    pub(super) fn get(&self, id: Id) -> &Value {
        &self.values[id]
    }

    pub(super) fn sequence(&self, id: Id) -> Result<&[Id], String> {
        match self.get(id) {
            Value::Sequence(items) => Ok(items),
            other => Err(format!("has {other:?} where a sequence must be")),
        }
    }

    pub(super) fn text(&self, id: Id) -> Result<&str, String> {
        match self.get(id) {
            Value::Text(text) => Ok(text),
            other => Err(format!("has {other:?} where a string must be")),
        }
    }

    pub(super) fn number(&self, id: Id) -> Result<usize, String> {
        match self.get(id) {
            Value::Int(value) => usize::try_from(*value).map_err(|_| format!("has the number {value}")),
            other => Err(format!("has {other:?} where a number must be")),
        }
    }

    pub(super) fn numbers(&self, id: Id) -> Result<Vec<usize>, String> {
        self.sequence(id)?.iter().map(|&id| self.number(id)).collect()
    }

    /// The strings of a list.
    pub(super) fn texts(&self) -> Result<Vec<String>, String> {
        self.sequence(self.root)?.iter().map(|&id| self.text(id).map(str::to_owned)).collect()
    }

    /// The tensors of a dictionary, by their names.
    pub(super) fn tensors(&self) -> Result<Vec<(String, Tensor)>, String> {
        let Value::Dict(entries) = self.get(self.root) else {
            return Err("is not a dictionary of tensors".to_owned());
        };
        let entry = |&(key, value): &(Id, Id)| match self.get(value) {
            Value::Tensor(tensor) => Ok((self.text(key)?.to_owned(), tensor.clone())),
            _ => Err(format!("has under `{}` something that is no tensor", self.text(key)?)),
        };
        entries.iter().map(entry).collect()
    }
}
