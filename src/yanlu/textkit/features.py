"""Texts and facts as numbers for a linear model.

A text gives its pieces of one to three characters; what else is known of it gives facts with a
weight of their own, such as a lexicon's opinion or ``street:12``. Pieces are weighed by
``(1 + ln tf) · idf`` (Salton and Buckley, Information Processing & Management 24, 1988). Single
characters and longer pieces are a block each, brought to length 1, so that a long letter and a
short call count alike. Cutting into words first would take as long as all the rest; kept apart
from the characters, pieces sort better than words beside them did.

A piece is known by the hash of its characters: no vocabulary to build, to keep, or to leak what
residents wrote out of a model's file. Two that share a column (one in five hundred of a message's)
argue together.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from yanlu.textkit.matcher import Folded, fold, joined

#: Columns of each block: 2 to this power.
BITS: Final = 20
#: Blocks, by what stands before the hash in a column's number: what is of one length or a fact.
CHARACTERS, PIECES, FACTS = 0, 1, 2
COLUMNS: Final = 3 << BITS
#: The block of the pieces of each length in characters.
BLOCK_OF: Final = {1: CHARACTERS, 2: PIECES, 3: PIECES}
#: Rows in which a column must stand to be worth a weight.
RARE: Final = 3
#: Samples whose pieces are counted at once: few enough to stay in the processor's cache.
BATCH: Final = 64
#: Longest text in characters that is looked at; what a matter is has been said by then.
LONGEST_TEXT: Final = 20_000

# Fibonacci hashing: the odd number next to 2^64 divided by the golden ratio spreads what is close.
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
_MIXED_DOWN: Final = np.uint64(29)
_MASK: Final = (1 << BITS) - 1
# A key is row and column as one number, to be sorted: the row stands above so many bits.
_ROW: Final = np.uint32(BITS + 2)
_COLUMN: Final = np.uint32((1 << BITS + 2) - 1)

Columns = NDArray[np.int64]
Keys = NDArray[np.uint32]


class Sample(NamedTuple):
    """What a model looks at: words, and facts with their weight."""

    text: str
    title: str = ""
    facts: Mapping[str, float] = {}

    @property
    def folded(self) -> Folded:
        """Title and text in the spelling in which words are compared."""
        return Folded(joined(fold(self.title), fold(self.text))[:LONGEST_TEXT])


@dataclass(frozen=True)
class Weighing:
    """Which columns count, and how much: fitted once on a training set."""

    columns: Columns
    idf: NDArray[np.float32]
    #: Column → place in ``columns``, -1 for those that don't count.
    places: NDArray[np.int32] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        places = np.full(COLUMNS, -1, np.int32)
        places[self.columns] = np.arange(len(self.columns), dtype=np.int32)
        object.__setattr__(self, "places", places)

    def weigh(self, counts: csr_matrix) -> csr_matrix:
        """Rows of counts as rows of weights, one column for each in ``columns``."""
        places = self.places.take(counts.indices)
        known = np.flatnonzero(places >= 0)
        places, columns, times = places[known], counts.indices[known], counts.data[known]
        blocks = np.repeat(np.arange(counts.shape[0]) * 3, np.diff(counts.indptr))[known]
        blocks += columns >> BITS
        values = (np.log(times) + 1) * self.idf[places]
        lengths = np.sqrt(np.bincount(blocks, values**2, minlength=3 * counts.shape[0]))
        values /= lengths.astype(np.float32)[blocks]
        values = np.where(columns >> BITS == FACTS, times, values)
        starts = np.searchsorted(known, counts.indptr)
        return csr_matrix((values, places, starts), shape=(counts.shape[0], len(self.columns)))


def fit(counts: csr_matrix, most: int = COLUMNS) -> Weighing:
    """Weigh columns by how rare they are in ``counts``; at most ``most``, each in `RARE` rows."""
    found_in = np.bincount(counts.indices, minlength=COLUMNS)
    columns = np.flatnonzero(found_in >= RARE)
    if len(columns) > most:
        columns = np.sort(columns[np.argsort(-found_in[columns], kind="stable")[:most]])
    idf = np.log((1 + counts.shape[0]) / (1 + found_in[columns])) + 1
    return Weighing(columns, idf.astype(np.float32))


def count(samples: Sequence[Sample]) -> csr_matrix:
    """How often each column stands in each sample (facts: their weight)."""
    texts = [sample.folded for sample in samples]
    parts = [_count(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)] or [_count([])]
    columns, times, sizes = (np.concatenate(its) for its in zip(*parts, strict=True))
    starts = np.concatenate([[0], np.cumsum(sizes)])
    said = csr_matrix((times, columns, starts), shape=(len(samples), FACTS << BITS))
    return hstack([said, _facts(samples)], format="csr")


def piece_columns(text: Folded, length: int) -> Keys:
    """The column of each piece of this length, in the order of the text."""
    return _columns(piece_hashes(text, length), BLOCK_OF[length])


def piece_hashes(text: Folded, length: int) -> NDArray[np.uint64]:
    """A number for each piece of this length, in the order of the text; equal for equal pieces."""
    return _hashes(_letters(text), length)


def _count(
    texts: Sequence[Folded],
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int64]]:
    """Columns, counts, and how many columns each row has, of a few texts."""
    keys = np.concatenate(_piece_keys(texts))
    keys.sort()
    # What stands before the first key is not equal to it.
    firsts = np.flatnonzero(np.diff(keys, prepend=~keys[:1]))
    times = np.diff(firsts, append=len(keys)).astype(np.float32)
    keys = keys[firsts]
    columns = (keys & _COLUMN).astype(np.int32)
    return columns, times, np.bincount(keys >> _ROW, minlength=len(texts))


def _piece_keys(texts: Sequence[Folded]) -> list[Keys]:
    """The key of each piece that lies within one text."""
    letters = _letters("".join(texts))
    lengths = np.array([len(text) for text in texts], np.int64)
    rows = np.repeat(np.arange(len(texts), dtype=np.uint32) << _ROW, lengths)
    left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(letters))
    keys = []
    for length, block in BLOCK_OF.items():
        columns = _columns(_hashes(letters, length), block)
        keys.append((rows[: len(columns)] | columns)[left[: len(columns)] >= length])
    return keys


def _letters(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)


def _hashes(letters: NDArray[np.uint32], length: int) -> NDArray[np.uint64]:
    total = max(len(letters) - length + 1, 0)
    hashed = np.zeros(total, np.uint64)
    for offset in range(length):
        hashed = (hashed ^ letters[offset : offset + total]) * _SPREAD
        hashed ^= hashed >> _MIXED_DOWN
    return hashed


def _columns(hashes: NDArray[np.uint64], block: int) -> Keys:
    return (hashes * _SPREAD >> np.uint64(64 - BITS)).astype(np.uint32) + (block << BITS)


def _facts(samples: Sequence[Sample]) -> csr_matrix:
    """The weight of each fact in its column; of two in one column the heavier."""
    rows: list[dict[int, float]] = []
    for sample in samples:
        weights: dict[int, float] = {}
        for fact, weight in sample.facts.items():
            column = _fact_column(fact)
            weights[column] = max(weight, weights.get(column, 0.0))
        rows.append(weights)
    values = np.fromiter(chain.from_iterable(its.values() for its in rows), np.float32)
    columns = np.fromiter(chain.from_iterable(rows), np.int32)
    starts = np.cumsum([0, *map(len, rows)])
    found = csr_matrix((values, columns, starts), shape=(len(rows), 1 << BITS))
    found.sort_indices()
    return found


@lru_cache(maxsize=1 << 17)
def _fact_column(fact: str) -> int:
    """The column within the block of facts."""
    return zlib.crc32(fact.encode()) & _MASK
