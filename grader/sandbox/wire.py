"""The form in which calls and answers cross between the grading process and a worker: plain data, strictly decoded.

A frame is a fixed head, a MessagePack header and raw buffers:

    magic (4 bytes) | number (uint32) | header length (uint32) | buffers' length (uint64) | header | buffers

The number says which question a frame asks or answers. The header is a tree of tagged lists (see `_Packer`); the numbers
of arrays and tensors stand in the buffers. Nothing in a frame is ever executed, unpickled or looked up by name, and every
size, count and depth has a limit: `_Count` counts them all, in both directions.
"""

from __future__ import annotations

import dataclasses
import hashlib
import math
import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
import torch

MAGIC = b"CK1\n"
HEAD = struct.Struct("!4sIIQ")
MAX_HEADER = 256 * 1024
MAX_BUFFERS = 16 * 1024 * 1024
MAX_DEPTH = 24
MAX_NODES = 50_000  # of one frame; an array counts as NODES_OF_AN_ARRAY, for that is what it takes in memory
NODES_OF_AN_ARRAY = 10
BYTES_OF_A_NODE = 60
MAX_AXES = 16
MAX_PLACES = MAX_BUFFERS  # of an array, an empty axis taken for one of length 1: no numbers cost nothing to send
MAX_TEXT = 20_000
MAX_NAME = 200
MAX_KEYS = 1_000  # of one dictionary: whoever chooses them could make all of them collide
MAX_BITS = 3_900  # of a whole number
DIGEST_BYTES = 16
_AS_THEY_ARE = frozenset((bool, float, type(None)))  # kinds of values that stand in a header as they are
_AS_READ = _AS_THEY_ARE | {int}
_KEYS = (str, int, float, tuple, type(None))  # kinds of dictionary keys

_TORCH_DTYPES = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in (
        torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex64, torch.complex128,
        torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8, torch.bool,
    )
}  # fmt: skip
_NUMPY_DTYPES = {
    str(np.dtype(name)): np.dtype(name)
    for name in (
        "float16", "float32", "float64", "complex64", "complex128",
        "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool",
    )
}  # fmt: skip


class WireError(Exception):
    """A frame or a value that does not follow the rules; the text says which."""


@dataclass(frozen=True)
class Opaque:
    """What stands for a value that is not plain data: the name of its type and a short text."""

    type_name: str
    text: str


@dataclass(frozen=True)
class Record:
    """A dataclass instance as plain data: its class's name and its fields."""

    type_name: str
    fields: dict[str, Any] = field(default_factory=dict)


class _Count:
    """All that one frame may hold: whatever is packed or unpacked is counted here, and raises WireError beyond it."""

    def __init__(self) -> None:
        self.nodes = 0
        self.buffered = 0  # bytes of numbers

    def parts(self, number: int, depth: int) -> None:
        """So many parts of a value, so many levels deep."""
        self.nodes += number
        if depth > MAX_DEPTH:
            raise WireError(f"the value is nested more than {MAX_DEPTH} levels deep")
        if self.nodes > MAX_NODES:
            raise WireError(f"the value has more than {MAX_NODES:,} parts")

    def names(self, number: int, depth: int) -> None:
        """A dictionary or a record of so many names and values."""
        if number > MAX_KEYS:
            raise WireError(f"a dictionary has more than {MAX_KEYS:,} keys")
        self.parts(2 * number, depth)

    def array(self, shape: Sequence[int], size: int) -> None:
        """An array of that shape, whose numbers take so many bytes; it is for others to see that the two fit."""
        self.parts(NODES_OF_AN_ARRAY if shape else 1, 0)
        self.buffered += size
        if self.buffered > MAX_BUFFERS:
            raise WireError(f"the numbers take more than {MAX_BUFFERS // 2**20} MiB")
        if len(shape) > MAX_AXES or (not size and math.prod(length or 1 for length in shape) > MAX_PLACES):
            raise WireError(f"an array has more than {MAX_AXES} axes or {MAX_PLACES:,} places")

    @property
    def memory(self) -> int:
        """About how many bytes the value takes in memory, which may be many more than its frame."""
        return self.buffered + BYTES_OF_A_NODE * self.nodes


class _Packer:
    def __init__(self) -> None:
        self.buffers: list[bytes] = []
        self.count = _Count()

    def pack(self, value: Any, depth: int = 0) -> Any:
        if value is None or value is True or value is False:
            return value
        kind = type(value)  # the commonest kinds first; what is only like them comes below
        if kind is int and -(2**63) <= value < 2**63:
            return value
        if kind is float:
            return value
        if kind is str:
            return ["str", clean(value)]
        if kind is list or kind is tuple:
            return self._parts(kind.__name__, len(value), value, depth + 1)
        if isinstance(value, np.generic):
            return self._array(np.asarray(value), "scalar")
        if isinstance(value, bool | int):
            value = int(value)
            return value if -(2**63) <= value < 2**63 else ["int", _big(value)]
        if isinstance(value, float):
            return float(value)
        if isinstance(value, complex):
            return ["complex", value.real, value.imag]
        if isinstance(value, str):
            return ["str", clean(str(value))]
        if isinstance(value, tuple):
            return self._parts("tuple", tuple.__len__(value), tuple.__iter__(value), depth + 1)
        if isinstance(value, list):
            return self._parts("list", list.__len__(value), list.__iter__(value), depth + 1)
        if isinstance(value, dict):
            self.count.names(dict.__len__(value), depth + 1)
            return ["dict", *([self.pack(k, depth + 1), self.pack(v, depth + 1)] for k, v in dict.items(value))]
        if isinstance(value, torch.Tensor):
            return self._tensor(value)
        if isinstance(value, np.ndarray):
            return self._array(value, "array")
        if isinstance(value, Record):
            self.count.names(len(value.fields), depth + 1)
            fields = [[clean(k), self.pack(v, depth + 1)] for k, v in value.fields.items()]
            return ["record", name_of(value.type_name), *fields]
        if isinstance(value, Opaque):
            return ["opaque", name_of(value.type_name), clean(value.text)]
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            self.count.names(len(dataclasses.fields(value)), depth + 1)
            fields = [[clean(f.name), self.pack(getattr(value, f.name), depth + 1)] for f in dataclasses.fields(value)]
            return ["record", name_of(type(value).__name__), *fields]
        return ["opaque", name_of(type(value).__name__), clean(_text_of(value))]

    def _parts(self, tag: str, number: int, items: Iterable[Any], depth: int) -> list[Any]:
        self.count.parts(number, depth)
        return [tag, *[item if type(item) in _AS_THEY_ARE else self.pack(item, depth) for item in items]]

    def _array(self, value: np.ndarray, tag: str) -> Any:
        dtype = str(value.dtype)
        if dtype not in _NUMPY_DTYPES or value.ndim > MAX_AXES:
            return ["opaque", f"NumPy array of dtype {clean(dtype)}", f"shape {value.shape}"]
        self.count.array(value.shape, value.nbytes)
        self.buffers.append(np.ascontiguousarray(value).tobytes())
        return [tag, dtype, list(value.shape), value.nbytes]

    def _tensor(self, value: torch.Tensor) -> Any:
        dtype = str(value.dtype).removeprefix("torch.")
        plain = value.layout == torch.strided and value.device.type == "cpu" and not value.is_quantized
        if not plain or dtype not in _TORCH_DTYPES or value.dim() > MAX_AXES:
            text = f"shape {tuple(value.shape)}, {value.layout}, on {value.device}"
            return ["opaque", f"tensor of dtype {dtype}", clean(text)]
        size = value.numel() * value.element_size()
        self.count.array(value.shape, size)
        tag = "parameter" if isinstance(value, torch.nn.Parameter) else "tensor"
        # Copied, since a tensor of one number may count as contiguous and still have a stride above 1.
        flat = torch.empty(value.numel(), dtype=value.dtype, device="cpu")
        flat.copy_(value.detach().resolve_conj().resolve_neg().reshape(-1))
        self.buffers.append(flat.view(torch.uint8).numpy().tobytes() if size else b"")
        return [tag, dtype, list(value.shape), size, bool(value.requires_grad)]


class _Unpacker:
    def __init__(self, buffers: memoryview) -> None:
        self.buffers = buffers
        self.offset = 0
        self.count = _Count()

    def unpack(self, node: Any, depth: int = 0) -> Any:
        if node is None or type(node) in (bool, int, float):
            return node
        if type(node) is not list or not node or type(node[0]) is not str:
            raise WireError("a frame of an unknown form")
        method = _METHODS.get(node[0])
        if method is None:
            raise WireError("a frame with an unknown tag")
        return method(self, node[1:], depth)

    def _int(self, rest: list[Any], depth: int) -> int:
        (text,) = _typed(rest, str)
        if len(text) > 1200 or not text.removeprefix("-").isdecimal() or int(text).bit_length() > MAX_BITS:
            raise WireError("a malformed whole number")
        return int(text)

    def _complex(self, rest: list[Any], depth: int) -> complex:
        return complex(*_typed(rest, float, float))

    def _str(self, rest: list[Any], depth: int) -> str:
        return clean(_typed(rest, str)[0])

    def _tuple(self, rest: list[Any], depth: int) -> tuple[Any, ...]:
        return tuple(self._list(rest, depth))

    def _list(self, rest: list[Any], depth: int) -> list[Any]:
        self.count.parts(len(rest), depth + 1)
        return [item if type(item) in _AS_READ else self.unpack(item, depth + 1) for item in rest]

    def _dict(self, rest: list[Any], depth: int) -> dict[Any, Any]:
        result = {}
        self.count.names(len(rest), depth + 1)
        for pair in rest:
            if type(pair) is not list or len(pair) != 2:
                raise WireError("a malformed dictionary")
            key, value = self.unpack(pair[0], depth + 1), self.unpack(pair[1], depth + 1)
            if not isinstance(key, _KEYS):
                raise WireError("a malformed dictionary key")
            try:
                result[key] = value
            except TypeError as error:
                raise WireError("a malformed dictionary key") from error
        return result

    def _record(self, rest: list[Any], depth: int) -> Record:
        name = _typed(rest[:1], str)[0]
        self.count.names(len(rest) - 1, depth + 1)
        fields = dict(_typed(_typed([pair], list)[0], str, object) for pair in rest[1:])
        return Record(name_of(name), {clean(key): self.unpack(value, depth + 1) for key, value in fields.items()})

    def _opaque(self, rest: list[Any], depth: int) -> Opaque:
        name, text = _typed(rest, str, str)
        return Opaque(name_of(name), clean(text))

    def _take(self, shape: list[Any], length: int, itemsize: int) -> memoryview:
        if any(type(n) is not int or n < 0 for n in shape[: MAX_AXES + 1]) or length < 0:
            raise WireError("a malformed shape")
        self.count.array(shape, length)
        if math.prod(shape) * itemsize != length:
            raise WireError("a shape that does not fit its numbers")
        data = self.buffers[self.offset : self.offset + length]
        if len(data) != length:
            raise WireError("a frame with numbers missing")
        self.offset += length
        return data

    def _array(self, rest: list[Any], depth: int) -> np.ndarray:
        name, shape, length = _typed(rest, str, list, int)
        dtype = _NUMPY_DTYPES.get(name)
        if dtype is None:
            raise WireError("an unknown dtype")
        data = self._take(shape, length, dtype.itemsize)
        return np.frombuffer(bytearray(data), dtype=dtype).reshape(shape)

    def _scalar(self, rest: list[Any], depth: int) -> np.generic:
        array = self._array(rest, depth)
        if array.shape != ():
            raise WireError("a malformed number")
        return array[()]  # type: ignore[return-value]  # NumPy gives its one number, the types say an array

    def _tensor(self, rest: list[Any], depth: int) -> torch.Tensor:
        name, shape, length, requires_grad = _typed(rest, str, list, int, bool)
        dtype = _TORCH_DTYPES.get(name)
        if dtype is None:
            raise WireError("an unknown dtype")
        data = self._take(shape, length, dtype.itemsize)
        raw = torch.frombuffer(bytearray(data), dtype=torch.uint8) if length else torch.empty(0, dtype=torch.uint8)
        tensor = raw.view(dtype).reshape(shape)
        return tensor.requires_grad_() if requires_grad and dtype.is_floating_point else tensor

    def _parameter(self, rest: list[Any], depth: int) -> torch.nn.Parameter:
        tensor = self._tensor(rest, depth)
        return torch.nn.Parameter(tensor.detach(), requires_grad=tensor.requires_grad)


_METHODS = {
    name: getattr(_Unpacker, f"_{name}")
    for name in (
        "int", "complex", "str", "tuple", "list", "dict", "record", "opaque", "array", "scalar", "tensor", "parameter",
    )
}  # fmt: skip


@dataclass(frozen=True)
class Payload:
    """An encoded value, ready to be sent under any number."""

    header_length: int
    buffers_length: int
    body: bytes

    @property
    def digest(self) -> bytes:
        """What stands for the value where two are only compared."""
        return digest(self.header_length, self.body)

    def value(self) -> Any:
        """The value, decoded. Raises WireError."""
        view = memoryview(self.body)
        return decode(view[: self.header_length], view[self.header_length :])

    def frame(self, number: int) -> bytes:
        """The whole frame."""
        return HEAD.pack(MAGIC, number, self.header_length, self.buffers_length) + self.body


def digest(header_length: int, body: bytes) -> bytes:
    """What stands for a frame's contents where two are only compared."""
    return hashlib.blake2b(header_length.to_bytes(4, "big") + body, digest_size=DIGEST_BYTES).digest()


def encode(value: Any) -> Payload:
    """Encodes a value. Raises WireError where it exceeds a limit; values that are not plain become Opaque."""
    packer = _Packer()
    header = msgspec.msgpack.encode(packer.pack(value))
    if len(header) > MAX_HEADER:
        raise WireError(f"the value takes more than {MAX_HEADER // 1024} KiB without the numbers of its arrays")
    return Payload(len(header), packer.count.buffered, b"".join([header, *packer.buffers]))


def read_head(head: bytes | bytearray) -> tuple[int, int, int]:
    """The number of a frame and the lengths (header, buffers) that its head announces. Raises WireError."""
    magic, number, header, buffers = HEAD.unpack(head)
    if magic != MAGIC:
        raise WireError("bytes that are not a frame")
    if header > MAX_HEADER or buffers > MAX_BUFFERS:
        raise WireError("a frame that is too large")
    return number, header, buffers


def decode(header: bytes | bytearray | memoryview, buffers: bytes | bytearray | memoryview = b"") -> Any:
    """The value of a frame. Raises WireError, and nothing else, whatever the bytes are."""
    return weighed(header, buffers)[0]


def weighed(header: bytes | bytearray | memoryview, buffers: bytes | bytearray | memoryview = b"") -> tuple[Any, int]:
    """The value of a frame, and about how many bytes of memory it takes. Raises WireError, as `decode` does."""
    try:
        tree = msgspec.msgpack.decode(header)
        unpacker = _Unpacker(memoryview(buffers))
        value = unpacker.unpack(tree)
    except WireError:
        raise
    except (msgspec.DecodeError, ValueError, TypeError, OverflowError, RuntimeError, MemoryError) as error:
        raise WireError("a malformed frame") from error
    if unpacker.offset != len(buffers):
        raise WireError("a frame with numbers left over")
    return value, unpacker.count.memory


def copy(value: Any) -> Any:
    """A deep copy of plain data, made as if it had crossed to another process."""
    return encode(value).value()


def clean(text: str) -> str:
    """Text that can be sent: of bounded length, and without the lone surrogates that UTF-8 cannot hold."""
    text = _cut(text)
    if text.isascii():
        return text
    return _cut(text.encode("utf-8", "backslashreplace").decode("utf-8"))


def _cut(text: str) -> str:
    half = MAX_TEXT // 2 - 2
    return text if len(text) <= MAX_TEXT else f"{text[:half]} … {text[-half:]}"


def name_of(name: str) -> str:
    """The name of a type: whoever made the type chose it."""
    return clean(name[:MAX_NAME])


def _big(value: int) -> str:
    if value.bit_length() > MAX_BITS:
        raise WireError("a whole number of more than 1,000 digits")
    return str(value)


def _text_of(value: Any) -> str:
    try:
        text = repr(value)
    except Exception as error:  # a student's own __repr__ may raise anything
        text = f"<repr raised {type(error).__name__}>"
    return without_addresses(text[:200])


def without_addresses(text: str) -> str:
    """Text without the places in memory that objects are at: they differ from run to run."""
    return re.sub(r" at 0x[0-9a-f]+", "", text)


def _typed(items: list[Any], *types: type) -> list[Any]:
    """The items, when there are as many as types and each is of its type; WireError otherwise."""
    if len(items) != len(types):
        raise WireError("a malformed part of a frame")
    for item, expected in zip(items, types, strict=True):
        if type(item) is not expected and expected is not object:
            raise WireError("a malformed part of a frame")
    return items
