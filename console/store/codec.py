"""Packs columns of numbers into small checked blobs and back. Knows bytes, not tables.

Every blob carries zstd's own checksum, so a flipped bit is found when it is read. Compressors are one a thread:
sharing one between threads crashes the process.
"""

from __future__ import annotations

import struct
import threading
from collections.abc import Callable, Iterable

import numpy as np
import zstandard
from numpy.typing import NDArray

from console.domain.durations import DAY_MINUTES
from console.domain.frame import Column
from console.domain.pyramid import Values
from console.store.trouble import StoreCorrupt

FRAME_LEVEL = 1  # measured: level 3 takes twice the time for 2 % less
TILE_LEVEL = 3  # written once a day, read for years
DAY_BYTES = 4 * DAY_MINUTES
_CODES: tuple[type[np.unsignedinteger], ...] = (np.uint8, np.uint16, np.uint32)
_HEADER = struct.Struct("<Bqd")  # bytes a code (0: raw float32), base, step
_local = threading.local()


def pack(raw: bytes, level: int = FRAME_LEVEL) -> bytes:
    """Compressed, with a checksum."""
    compressors: dict[int, zstandard.ZstdCompressor] = _local.__dict__.setdefault("compressors", {})
    if level not in compressors:
        compressors[level] = zstandard.ZstdCompressor(level=level, write_checksum=True)
    return compressors[level].compress(raw)


def unpack(blob: bytes) -> bytes:
    """The bytes that were packed; raises StoreCorrupt when the checksum does not agree."""
    return unpack_rows([(0, blob)])[0][1]


def unpack_rows(rows: Iterable[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """The second of every pair unpacked as they come: a year's blobs in a row would only push each other out of the
    processor's cache. Raises StoreCorrupt at the first damaged one."""
    decompressor = _local.__dict__.get("decompressor")
    if decompressor is None:
        decompressor = _local.decompressor = zstandard.ZstdDecompressor()
    decompress: Callable[[bytes], bytes] = decompressor.decompress
    try:
        return [(key, decompress(blob)) for key, blob in rows]
    except (zstandard.ZstdError, MemoryError, TypeError) as error:
        # A flipped bit in a size asks for all the memory there is, one in a row's head makes a blob a number.
        raise StoreCorrupt(f"a stored blob is damaged ({error})") from error


def encode_column(column: Column, step: float) -> bytes:
    """A frame's column (miners,) as whole steps in the smallest unsigned type; code 0 is "no value".

    What does not fit (an infinite or absurd value) is kept as raw float32: a frame never loses what was told.
    """
    scaled = column * np.float32(1.0 / step)
    low, high = np.fmin.reduce(scaled, initial=np.inf), np.fmax.reduce(scaled, initial=-np.inf)
    if low > high:  # nothing known at all
        low = high = np.float32(0.0)
    if not (abs(low) < 2**31 and abs(high) < 2**31):
        return pack(_HEADER.pack(0, 0, step) + _planes(column.astype("<f4", copy=False)))
    base = round(float(low))
    kind = next(kind for kind in _CODES if round(float(high)) - base + 1 <= np.iinfo(kind).max)
    np.rint(scaled, out=scaled)
    codes = _codes(scaled, base, kind)
    return pack(_HEADER.pack(codes.itemsize, base, step) + _planes(codes))


def _codes(steps: Column, base: int, kind: type[np.unsignedinteger]) -> NDArray[np.unsignedinteger]:
    exact = kind is not np.uint32 and abs(base) < 2**23  # float32 counts exactly to 2**24 only
    wide = steps if exact else steps.astype(np.float64)
    unknown = np.isnan(wide)
    wide = wide - (base - 1)
    if unknown.any():
        wide[unknown] = 0
    return wide.astype(kind)


def _planes(values: NDArray[np.generic]) -> bytes:
    """All lowest bytes, then all second bytes and so on: noise and constancy apart compress far better."""
    if values.itemsize == 1:
        return values.tobytes()
    plain = np.ascontiguousarray(values)
    return np.ascontiguousarray(plain.view(np.uint8).reshape(len(plain), plain.itemsize).T).tobytes()


def _from_planes(raw: bytes, kind: str, offset: int = 0) -> NDArray[np.generic]:
    width = int(kind[-1])
    if len(raw) == offset:  # a site that tells of no machine
        return np.empty(0, dtype=kind)
    planes = np.frombuffer(raw, np.uint8, offset=offset).reshape(width, -1)
    return np.ascontiguousarray(planes.T).view(kind).reshape(-1)


def decode_column(blob: bytes) -> Column:
    """The column that was encoded, to half a step; raises StoreCorrupt."""
    raw = unpack(blob)
    width, base, step = _HEADER.unpack_from(raw)
    if width == 0:
        return np.asarray(_from_planes(raw, "<f4", _HEADER.size), dtype=np.float32)
    codes = np.asarray(_from_planes(raw, f"<u{width}", _HEADER.size), dtype=np.float64)
    values = (codes + (base - 1)) * step
    values[codes == 0] = np.nan
    return np.asarray(values, dtype=np.float32)


def decode_one(blob: bytes, position: int) -> float:
    """One machine's value out of a column without building the rest; raises StoreCorrupt."""
    raw = unpack(blob)
    width, base, step = _HEADER.unpack_from(raw)
    machines = (len(raw) - _HEADER.size) // (width or 4)
    if position >= machines:
        return float("nan")
    own = raw[_HEADER.size + position :: machines][: width or 4]
    if width == 0:
        return float(struct.unpack("<f", own)[0])
    code = int.from_bytes(own, "little")
    return (code + base - 1) * step if code else float("nan")


def encode_day(day: Values) -> bytes:
    """A day of minutes (1440,) of float32, lossless."""
    return pack(_planes(day.astype("<f4", copy=False)), TILE_LEVEL)


def from_days(days: list[bytes], out: NDArray[np.uint8] | None = None) -> Values:
    """Unpacked days end to end, shape (1440 * days,); raises StoreCorrupt when one has another length.

    `out`, shape (days, 1440, 4), is where the numbers are to stand; a view of it is returned.
    """
    joined = b"".join(days)
    if len(joined) != len(days) * DAY_BYTES:
        raise StoreCorrupt("a stored day has not 1440 minutes")
    planes = np.frombuffer(joined, np.uint8).reshape(len(days), 4, DAY_MINUTES)
    if out is None:
        out = room_for_days(len(days))
    for plane in range(4):  # a plane at a time: three times faster than one transposed copy
        out[:, :, plane] = planes[:, plane]
    return np.asarray(out.reshape(-1).view("<f4"), dtype=np.float32)


def room_for_days(count: int) -> NDArray[np.uint8]:
    """Where so many days can be laid piece by piece."""
    return np.empty((count, DAY_MINUTES, 4), dtype=np.uint8)
