//! Reads the part of Python's pickle format in which PyTorch saves a model's weights. Nothing is ever executed: a
//! pickle is a program, and this knows the few instructions, and the few names, that a dictionary of tensors needs.
//! Anything else is refused by name.
//!
//! Format: <https://github.com/python/cpython/blob/main/Lib/pickletools.py>, protocol 2.

use std::collections::HashMap;
use std::io::{BufRead, Read};

use safetensors::Dtype;

use super::values::{Global, Id, Storage, Tensor, Value, Values};

/// Instructions that are read at most; a real model has some ten thousand.
const MAX_INSTRUCTIONS: usize = 10_000_000;

/// Longest string; names of tensors have some 60 bytes.
const MAX_TEXT: u32 = 1 << 16;

/// Reads one pickle and leaves `input` right behind it.
pub(super) fn read(input: &mut impl BufRead) -> Result<Values, String> {
    let mut machine = Machine {
        input,
        stack: Vec::new(),
        marks: Vec::new(),
        memo: HashMap::new(),
        made: Values::default(),
    };
    for _ in 0..MAX_INSTRUCTIONS {
        let instruction = machine.byte()?;
        if instruction == b'.' {
            machine.made.root = machine.pop()?;
            return Ok(machine.made);
        }
        machine.step(instruction)?;
    }
    Err("has more instructions than any model".to_owned())
}

/// The stack machine that a pickle is written for. Values are numbered, so that one in the memo is the one on the
/// stack and not a copy of it.
struct Machine<'a, R> {
    input: &'a mut R,
    stack: Vec<Id>,
    /// How high the stack was at each mark.
    marks: Vec<usize>,
    memo: HashMap<u32, Id>,
    made: Values,
}

impl<R: BufRead> Machine<'_, R> {
    fn step(&mut self, instruction: u8) -> Result<(), String> {
        match instruction {
            0x80 => self.protocol()?,
            b'(' => self.marks.push(self.stack.len()),
            b'N' => self.push(Value::None),
            0x88 => self.push(Value::Bool(true)),
            0x89 => self.push(Value::Bool(false)),
            b'J' | b'K' | b'M' => self.number(instruction)?,
            0x8a => self.long()?,
            b'X' => self.text()?,
            b']' | b')' => self.push(Value::Sequence(Vec::new())),
            b'}' => self.push(Value::Dict(Vec::new())),
            b't' => {
                let items = self.pop_mark()?;
                self.push(Value::Sequence(items));
            }
            0x85..=0x87 => {
                let items = self.pop_many(usize::from(instruction - 0x84))?;
                self.push(Value::Sequence(items));
            }
            b'a' => {
                let item = self.pop()?;
                self.append(&[item])?;
            }
            b'e' => {
                let items = self.pop_mark()?;
                self.append(&items)?;
            }
            b's' => {
                let entry = self.pop_many(2)?;
                self.set(&entry)?;
            }
            b'u' => {
                let entries = self.pop_mark()?;
                self.set(&entries)?;
            }
            b'c' => self.global()?,
            b'Q' => self.persistent()?,
            b'R' => self.reduce()?,
            b'b' => self.build()?,
            b'q' | b'r' => self.remember(instruction)?,
            b'h' | b'j' => self.recall(instruction)?,
            other => {
                return Err(format!(
                    "has the pickle instruction 0x{other:02x}, which no model's weights need"
                ));
            }
        }
        Ok(())
    }

    fn protocol(&mut self) -> Result<(), String> {
        match self.byte()? {
            2..=4 => Ok(()),
            other => Err(format!("has the pickle protocol {other}; 2 to 4 are known")),
        }
    }

    fn number(&mut self, instruction: u8) -> Result<(), String> {
        let number = match instruction {
            b'K' => self.byte()?.into(),
            b'M' => u16::from_le_bytes(self.bytes()?).into(),
            _ => i32::from_le_bytes(self.bytes()?).into(),
        };
        self.push(Value::Int(number));
        Ok(())
    }

    fn byte(&mut self) -> Result<u8, String> {
        self.bytes::<1>().map(|[byte]| byte)
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let mut bytes = [0; N];
        self.input.read_exact(&mut bytes).map_err(|error| format!("ends within its pickle ({error})"))?;
        Ok(bytes)
    }

    fn push(&mut self, value: Value) {
        self.made.values.push(value);
        self.stack.push(self.made.values.len() - 1);
    }

    fn pop(&mut self) -> Result<Id, String> {
        let floor = self.marks.last().copied().unwrap_or(0);
        if self.stack.len() > floor { self.stack.pop() } else { None }
            .ok_or_else(|| "takes more than there is".to_owned())
    }

    fn pop_many(&mut self, count: usize) -> Result<Vec<Id>, String> {
        let mut items = (0..count).map(|_| self.pop()).collect::<Result<Vec<_>, _>>()?;
        items.reverse();
        Ok(items)
    }

    fn pop_mark(&mut self) -> Result<Vec<Id>, String> {
        let mark = self.marks.pop().ok_or_else(|| "lacks a mark".to_owned())?;
        Ok(self.stack.split_off(mark))
    }

    fn top(&mut self) -> Result<&mut Value, String> {
        let floor = self.marks.last().copied().unwrap_or(0);
        match self.stack.last() {
            Some(&id) if self.stack.len() > floor => Ok(&mut self.made.values[id]),
            _ => Err("takes more than there is".to_owned()),
        }
    }

    /// A number of any length, of which those up to sixteen bytes are read.
    fn long(&mut self) -> Result<(), String> {
        let len = usize::from(self.byte()?);
        let mut bytes = [0; 16];
        let Some(used) = bytes.get_mut(..len) else { return Err(format!("has a number of {len} bytes")) };
        self.input.read_exact(used).map_err(|error| format!("ends within its pickle ({error})"))?;
        let negative = used.last().is_some_and(|byte| byte & 0x80 != 0);
        if negative {
            bytes[len..].fill(0xff);
        }
        self.push(Value::Int(i128::from_le_bytes(bytes)));
        Ok(())
    }

    fn text(&mut self) -> Result<(), String> {
        let len = u32::from_le_bytes(self.bytes()?);
        if len > MAX_TEXT {
            return Err(format!("has a string of {len} bytes"));
        }
        let mut text = String::with_capacity(len as usize);
        let read = self.input.take(len.into()).read_to_string(&mut text);
        if !matches!(read, Ok(read) if read == len as usize) {
            return Err("has a string that breaks off or is not UTF-8".to_owned());
        }
        self.push(Value::Text(text));
        Ok(())
    }

    fn append(&mut self, items: &[Id]) -> Result<(), String> {
        let Value::Sequence(sequence) = self.top()? else {
            return Err("appends to what is no list".to_owned());
        };
        sequence.extend(items);
        Ok(())
    }

    fn set(&mut self, entries: &[Id]) -> Result<(), String> {
        let (pairs, rest) = entries.as_chunks::<2>();
        match self.top()? {
            Value::Dict(dict) if rest.is_empty() => {
                dict.extend(pairs.iter().map(|&[key, value]| (key, value)));
                Ok(())
            }
            _ => Err("sets values in what is no dictionary, or a key without one".to_owned()),
        }
    }

    fn global(&mut self) -> Result<(), String> {
        let (module, name) = (self.line()?, self.line()?);
        let global = match (module.as_str(), name.as_str()) {
            ("collections", "OrderedDict") => Global::OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2") => Global::RebuildTensor,
            ("torch._utils", "_rebuild_parameter") => Global::RebuildParameter,
            ("torch", name) if storage_type(name).is_some() => {
                Global::StorageType(storage_type(name).expect("it was just found"))
            }
            _ => {
                return Err(format!(
                    "asks for `{module}.{name}`, which no model's weights need; it may be malicious"
                ));
            }
        };
        self.push(Value::Global(global));
        Ok(())
    }

    fn line(&mut self) -> Result<String, String> {
        let mut line = String::new();
        let read = self.input.by_ref().take(MAX_TEXT.into()).read_line(&mut line);
        match read {
            Ok(_) if line.ends_with('\n') => Ok(line.trim_end_matches('\n').to_owned()),
            _ => Err("has a name that breaks off or is not UTF-8".to_owned()),
        }
    }

    /// A storage, which is what PyTorch refers to outside of the pickle.
    fn persistent(&mut self) -> Result<(), String> {
        let id = self.pop()?;
        let values = &self.made;
        let (kind, dtype, key, len) = match *values.sequence(id)? {
            [kind, dtype, key, _location, len] => (kind, dtype, key, len),
            [kind, dtype, key, _location, len, view] if *values.get(view) == Value::None => {
                (kind, dtype, key, len)
            }
            _ => return Err("refers to something that is no plain storage".to_owned()),
        };
        let (Value::Global(Global::StorageType(dtype)), "storage") = (values.get(dtype), values.text(kind)?)
        else {
            return Err("refers to something that is no storage".to_owned());
        };
        let storage = Storage { key: values.text(key)?.to_owned(), dtype: *dtype, len: values.number(len)? };
        self.push(Value::Storage(storage));
        Ok(())
    }

    /// A call of one of the few names, done here.
    fn reduce(&mut self) -> Result<(), String> {
        let (arguments, function) = (self.pop()?, self.pop()?);
        let arguments = self.made.sequence(arguments)?;
        let value = match (self.made.get(function), arguments) {
            (Value::Global(Global::OrderedDict), []) => Value::Dict(Vec::new()),
            (Value::Global(Global::RebuildTensor), &[storage, offset, shape, strides, ..]) => {
                Value::Tensor(self.tensor(storage, offset, shape, strides)?)
            }
            (Value::Global(Global::RebuildParameter), &[tensor, ..]) => self.made.get(tensor).clone(),
            (function, arguments) => {
                return Err(format!("calls {function:?} with {} arguments", arguments.len()));
            }
        };
        self.push(value);
        Ok(())
    }

    fn tensor(&self, storage: Id, offset: Id, shape: Id, strides: Id) -> Result<Tensor, String> {
        let values = &self.made;
        let Value::Storage(storage) = values.get(storage) else {
            return Err("has a tensor without a storage".to_owned());
        };
        let (offset, shape, strides) =
            (values.number(offset)?, values.numbers(shape)?, values.numbers(strides)?);
        let len = shape.iter().try_fold(1_usize, |product, &size| product.checked_mul(size));
        if len.and_then(|len| len.checked_add(offset)).is_none_or(|end| end > storage.len) {
            return Err(format!("has a tensor of shape {shape:?} that reaches beyond its storage"));
        }
        if !is_row_major(&shape, &strides) {
            return Err(format!("has a tensor of shape {shape:?} whose rows are not one after the other"));
        }
        Ok(Tensor { storage: storage.clone(), offset, shape })
    }

    /// The state of an object; a dictionary of tensors has notes of PyTorch's there, which nobody needs.
    fn build(&mut self) -> Result<(), String> {
        self.pop()?;
        match self.top()? {
            Value::Dict(_) => Ok(()),
            other => Err(format!("gives a state to {other:?}")),
        }
    }

    /// Notes the value on top of the stack.
    fn remember(&mut self, instruction: u8) -> Result<(), String> {
        let slot = self.slot(instruction == b'q')?;
        let id = self.pop()?;
        self.stack.push(id);
        self.memo.insert(slot, id);
        Ok(())
    }

    fn recall(&mut self, instruction: u8) -> Result<(), String> {
        let slot = self.slot(instruction == b'h')?;
        let id = *self.memo.get(&slot).ok_or_else(|| format!("recalls {slot}, which it never noted"))?;
        self.stack.push(id);
        Ok(())
    }

    fn slot(&mut self, short: bool) -> Result<u32, String> {
        if short { self.byte().map(u32::from) } else { self.bytes().map(u32::from_le_bytes) }
    }
}

fn storage_type(name: &str) -> Option<Dtype> {
    Some(match name {
        "FloatStorage" => Dtype::F32,
        "HalfStorage" => Dtype::F16,
        "BFloat16Storage" => Dtype::BF16,
        "DoubleStorage" => Dtype::F64,
        "LongStorage" => Dtype::I64,
        "IntStorage" => Dtype::I32,
        "ShortStorage" => Dtype::I16,
        "CharStorage" => Dtype::I8,
        "ByteStorage" => Dtype::U8,
        "BoolStorage" => Dtype::BOOL,
        _ => return None,
    })
}

/// Whether the last index moves fastest and nothing lies between; an axis of one place may have any stride.
fn is_row_major(shape: &[usize], strides: &[usize]) -> bool {
    let mut expected = 1;
    shape.len() == strides.len()
        && shape.iter().zip(strides).rev().all(|(&size, &stride)| {
            let fits = size == 1 || stride == expected;
            expected *= size;
            fits
        })
}

#[cfg(test)]
mod tests;
