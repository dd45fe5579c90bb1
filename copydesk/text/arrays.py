"""Name the arrays that text is computed with, and the steps that several parts take on them."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Matrix: TypeAlias = npt.NDArray[np.float32]
Floats: TypeAlias = npt.NDArray[np.float32]
Doubles: TypeAlias = npt.NDArray[np.float64]
Numbers: TypeAlias = npt.NDArray[np.int64]
Places: TypeAlias = npt.NDArray[np.int32]
Hashes: TypeAlias = npt.NDArray[np.uint64]
Bytes: TypeAlias = npt.NDArray[np.uint8]
Flags: TypeAlias = npt.NDArray[np.bool_]
Integers: TypeAlias = npt.NDArray[np.integer]
Counts: TypeAlias = npt.NDArray[np.floating | np.integer]
Values: TypeAlias = npt.NDArray[np.floating | np.integer | np.bool_]

MIX = np.uint64(0x9E3779B97F4A7C15)  # odd: multiplying by it loses nothing
MIN_GLANCE_BITS, MAX_GLANCE_BITS = 10, 24
UNMIX = np.uint64(pow(0x9E3779B97F4A7C15, -1, 2**64))


def scramble(numbers: Integers) -> Hashes:
    """Return a random number for each number (the finaliser of MurmurHash3)."""
    hashes = numbers.astype(np.uint64) + MIX
    for shift, factor in ((33, 0xFF51AFD7ED558CCD), (33, 0xC4CEB9FE1A85EC53)):
        hashes ^= hashes >> np.uint64(shift)
        hashes *= np.uint64(factor)
    hashes ^= hashes >> np.uint64(33)
    return hashes


def sum_spans(weights: Integers, begins: Numbers, ends: Numbers) -> Numbers:
    """Return the sum of `weights` in each span, from its begin up to, not including, its end."""
    sums = np.zeros(len(weights) + 1, np.int64)
    np.cumsum(weights, out=sums[1:])
    total: Numbers = sums[ends] - sums[begins]
    return total


def spread(begins: Integers, sizes: Integers) -> Numbers:
    """Return the numbers from each of `begins` on, as many as `sizes` says."""
    sizes = sizes.astype(np.int64)
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    numbers: Numbers = np.arange(total) + np.repeat(begins - (ends - sizes), sizes)
    return numbers


def pack(high: Integers, low: Integers) -> Numbers:
    """Return two columns of numbers from 0 to 2³¹ as one that sorts like them."""
    return (high.astype(np.int64) << np.int64(32)) | low.astype(np.int64)


def unpack(packed: Numbers) -> tuple[Places, Places]:
    """Return the columns of `pack`."""
    high = (packed >> np.int64(32)).astype(np.int32)
    return high, (packed & np.int64(0xFFFFFFFF)).astype(np.int32)


def find_among(keys: Hashes, wanted: Hashes) -> Numbers:
    """Return where `keys` are that are among `wanted`, which are sorted and random."""
    return match_among(keys, wanted)[0]


def match_among(keys: Hashes, wanted: Hashes) -> tuple[Numbers, Numbers]:
    """Return where `keys` are that are among `wanted`, and which of these each is.

    `wanted` are sorted and random: most keys are ruled out by a few of their bits.
    """
    if not len(wanted):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    bits = np.uint64(min(MAX_GLANCE_BITS, max(MIN_GLANCE_BITS, len(wanted).bit_length() + 4)))
    shift = np.uint64(64) - bits
    glance = np.zeros(1 << int(bits), np.bool_)
    glance[wanted >> shift] = True
    places = np.flatnonzero(glance[(keys >> shift).view(np.int64)])
    found = keys[places]
    at = np.minimum(np.searchsorted(wanted, found), len(wanted) - 1)
    is_it = wanted[at] == found
    return places[is_it], at[is_it]
