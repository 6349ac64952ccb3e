"""Texts and facts as numbers for a linear model.

A text gives its pieces of one to three characters and its longer words (rjieba); what else is known
of it gives facts with a weight of their own, such as a lexicon's opinion or ``street:12``. Pieces
and words are weighed by ``(1 + ln tf) · idf`` (Salton and Buckley, Information Processing &
Management 24, 1988), each block brought to length 1, so that a long letter and a short call count
alike.

A piece or word is known by the hash of its characters: no vocabulary to build, to keep, or to
leak what residents wrote out of a model's file. Two that share a column (one in five hundred of a
message's) argue together.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
import rjieba
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from yanlu.textkit.matcher import Folded, fold, joined

#: Columns of each block: 2 to this power.
BITS: Final = 20
#: Longest piece in characters.
LONGEST: Final = 3
#: Blocks, by what stands before the hash in a column's number.
PIECES, WORDS, FACTS = 0, 1, 2
COLUMNS: Final = 3 << BITS
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
#: Words whose columns are held.
_MOST_HELD: Final = 1 << 17

Columns = NDArray[np.int64]


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
        places = self.places[counts.indices]
        known = places >= 0
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))[known]
        blocks = rows * 3 + (counts.indices[known] >> BITS)
        places = places[known]
        values = np.log(counts.data[known]) + 1
        values *= self.idf[places]
        lengths = np.sqrt(np.bincount(blocks, values**2, minlength=3 * counts.shape[0]))
        values /= lengths.astype(np.float32)[blocks]
        values = np.where(blocks % 3 == FACTS, counts.data[known], values)
        starts = np.searchsorted(rows, np.arange(counts.shape[0] + 1))
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
    parts = [_count(samples[at : at + BATCH]) for at in range(0, len(samples), BATCH)]
    sizes = [len(part[0]) for part in parts]
    starts = np.concatenate([[0], *(part[2] for part in parts)])
    return csr_matrix(
        (
            np.concatenate([part[1] for part in parts]) if sizes else np.empty(0, np.float32),
            np.concatenate([part[0] for part in parts]) if sizes else np.empty(0, np.int64),
            np.cumsum(starts),
        ),
        shape=(len(samples), COLUMNS),
    )


def piece_columns(text: Folded, length: int) -> Columns:
    """The column of each piece of this length, in the order of the text."""
    return _columns(piece_hashes(text, length))


def piece_hashes(text: Folded, length: int) -> NDArray[np.uint64]:
    """A number for each piece of this length, in the order of the text; equal for equal pieces."""
    return _hashes(_letters(text), length)


def word_columns(words: Iterable[str]) -> Columns:
    """The column of each word."""
    return np.array([_WORD_COLUMNS[word] for word in words], np.int64)


def cut(text: Folded) -> list[str]:
    """The words of a text, one after the other: together they are the text."""
    found: list[str] = rjieba.cut(text, hmm=False)
    return found


def _count(samples: Sequence[Sample]) -> tuple[Columns, NDArray[np.float32], NDArray[np.int64]]:
    """Columns, counts, and how many columns each row has, of a few samples."""
    texts = [sample.folded for sample in samples]
    keys = np.concatenate([*_piece_keys(texts), _word_keys(texts)])
    keys.sort()
    is_first = np.concatenate([[True], keys[1:] != keys[:-1]])[: len(keys)]
    firsts = np.flatnonzero(is_first)
    times = np.diff(np.append(firsts, len(keys))).astype(np.float32)
    facts = _facts(samples)
    keys = np.concatenate([keys[firsts], facts[0]])
    times = np.concatenate([times, facts[1]])
    order = np.argsort(keys, kind="stable")
    rows = np.bincount(keys // COLUMNS, minlength=len(samples))
    return keys[order] % COLUMNS, times[order], rows


def _piece_keys(texts: Sequence[Folded]) -> list[Columns]:
    """Row and column, as one number, of each piece that lies within one text."""
    letters = _letters("".join(texts))
    lengths = np.array([len(text) for text in texts])
    rows = np.repeat(np.arange(len(texts)), lengths)
    left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(letters))
    keys = []
    for length in range(1, LONGEST + 1):
        columns = _columns(_hashes(letters, length))
        keys.append((rows[: len(columns)] * COLUMNS + columns)[left[: len(columns)] >= length])
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


def _columns(hashes: NDArray[np.uint64]) -> Columns:
    return (hashes * _SPREAD >> np.uint64(64 - BITS)).astype(np.int64) + (PIECES << BITS)


def _word_keys(texts: Sequence[Folded]) -> Columns:
    # A word of one character is a piece already.
    words = [[word for word in cut(text) if len(word) > 1] for text in texts]
    rows = np.repeat(np.arange(len(texts)), [len(its) for its in words])
    return rows * COLUMNS + word_columns(chain.from_iterable(words))


def _facts(samples: Sequence[Sample]) -> tuple[Columns, NDArray[np.float32]]:
    """Row and column of each fact, and its weight; of two in one column the heavier."""
    weights: dict[int, float] = {}
    for row, sample in enumerate(samples):
        for fact, weight in sample.facts.items():
            key = row * COLUMNS + _FACT_COLUMNS[fact]
            weights[key] = max(weight, weights.get(key, 0.0))
    return np.array(list(weights), np.int64), np.array(list(weights.values()), np.float32)


class _Hashed(dict[str, int]):
    """The column of each word of a block; a dictionary, since a call for each word takes longer."""

    def __init__(self, block: int) -> None:
        super().__init__()
        self._block = block << BITS

    def __missing__(self, word: str) -> int:
        if len(self) >= _MOST_HELD:
            self.clear()
        column = self[word] = (zlib.crc32(word.encode()) & _MASK) + self._block
        return column


_WORD_COLUMNS, _FACT_COLUMNS = _Hashed(WORDS), _Hashed(FACTS)
