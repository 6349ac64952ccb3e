"""Texts as short vectors whose angle tells how alike they are, to find a few among very many.

What is counted of a text are its characters, pairs and triples of them, and its words; each falls
into one of `BINS` by a hash, so that no vocabulary has to be kept. A model holds how much each bin
tells and where it points: learnt from an installation's own texts (TF-IDF and truncated singular
value decomposition: latent semantic analysis, Deerwester et al. 1990), or, before there are any,
drawn once and for all (random projection, Achlioptas 2003), which keeps angles about as they are.

Only the first `LONGEST` letters count: what a matter is about is said at its beginning, and no
text costs more than a few hundred microseconds.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import chain
from typing import Final
from zlib import crc32

import numpy as np
import rjieba
from numpy.typing import NDArray
from scipy import sparse

from yanlu.textkit.likeness import rarity
from yanlu.textkit.matcher import fold
from yanlu.textkit.model_files import Arrays
from yanlu.textkit.segment import STOP_WORDS

BINS: Final = 2**16
DIMENSIONS: Final = 128
LONGEST: Final = 400
#: Texts from which it is worth learning; fewer say more about themselves than about usage.
FEWEST: Final = 500
#: Texts that are learnt from at most, and put into vectors at a time.
MOST: Final = 50_000
BATCH: Final = 500

#: What a particle tells before anything was learnt.
PARTICLE: Final = 0.1
_SEED: Final = 2021
#: Odd numbers that spread letters over 32 bits (Knuth, The Art of Computer Programming 3, 6.4).
_SPREAD: Final = (np.uint32(2654435761), np.uint32(2246822519), np.uint32(3266489917))
_SHIFT: Final = np.uint32(16)

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Vectors:
    """A model. ``version`` names it: vectors of different versions can't be compared.

    :param weights: what each bin tells, above 0, up to 1; shape ``(BINS,)``.
    :param directions: where each bin points; shape ``(BINS, dimensions)``.
    """

    version: str
    weights: Floats
    directions: Floats

    @classmethod
    def from_arrays(cls, version: str, arrays: Arrays) -> "Vectors":
        """Return the model that `as_arrays` was made of.

        Raises ``KeyError`` or ``ValueError`` for what is none.
        """
        weights, directions = arrays["weights"], arrays["directions"].astype(np.float32)
        if weights.shape != (BINS,) or len(directions) != BINS:
            raise ValueError(f"{version} is of another make")
        return cls(version, weights, directions)

    def as_arrays(self) -> Arrays:
        """Return all of it, to be kept in a file."""
        return {"weights": self.weights, "directions": self.directions.astype(np.float16)}

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return a vector of length 1 for each text (0 for an empty one), one a row."""
        parts = [
            _of_length_one(self._counted(texts[first : first + BATCH]) @ self.directions)
            for first in range(0, len(texts), BATCH)
        ]
        return np.vstack(parts) if parts else np.zeros((0, self.directions.shape[1]), np.float32)

    def weigh(self, token: str) -> float:
        """Return how much a character or word tells, for `yanlu.textkit.likeness`."""
        return self._list[_bin_of(token)]

    def _counted(self, texts: Sequence[str]) -> sparse.csr_matrix:
        return _weighted(count(texts), self.weights)

    @cached_property
    def _list(self) -> list[float]:
        return [float(weight) for weight in self.weights]


def count(texts: Sequence[str]) -> sparse.csr_matrix:
    """Return how often each bin is hit by each text; shape ``(len(texts), BINS)``."""
    rows = [_bins(text) for text in texts]
    ends = np.cumsum([0, *map(len, rows)])
    hits = np.concatenate(rows) if rows else np.zeros(0, np.int32)
    counted = sparse.csr_matrix(
        (np.ones(len(hits), np.float32), hits, ends), shape=(len(texts), BINS)
    )
    counted.sum_duplicates()
    return counted


@cache
def cold_start() -> Vectors:
    """Return the model of the first day: the same everywhere, learnt from nothing."""
    weights = np.ones(BINS, np.float32)
    weights[[_bin_of(particle) for particle in sorted(STOP_WORDS)]] = PARTICLE
    # The old generator's stream is frozen by promise: the same bits in every version of numpy.
    bits = np.frombuffer(np.random.RandomState(_SEED).bytes(BINS * DIMENSIONS // 8), np.uint8)
    signs = np.unpackbits(bits).reshape(BINS, DIMENSIONS).astype(np.float32) * 2 - 1
    return Vectors("projection-1", weights, signs)


def learn(texts: Sequence[str], dimensions: int = DIMENSIONS) -> Vectors:
    """Return a model learnt from *texts*, of which `MOST` count; the same for the same texts.

    Raises ``ValueError`` for fewer than `FEWEST`.
    """
    from sklearn.decomposition import TruncatedSVD  # noqa: PLC0415 - a second to import

    if len(texts) < FEWEST:
        raise ValueError(f"{len(texts)} texts are too few to learn from: at least {FEWEST}")
    texts = texts[-MOST:]
    counted = sparse.vstack([count(texts[i : i + BATCH]) for i in range(0, len(texts), BATCH)])
    holding = np.bincount(counted.indices, minlength=BINS)
    weights = np.array([rarity(n, len(texts)) for n in holding.tolist()], np.float32)
    weighted = _weighted(counted, weights)
    found = TruncatedSVD(dimensions, n_iter=3, random_state=_SEED).fit(
        _rows_of_length_one(weighted)
    )
    directions = np.ascontiguousarray(found.components_.T, np.float32)
    digest = hashlib.sha256(directions.astype(np.float16).tobytes()).hexdigest()
    return Vectors(f"svd-{digest[:10]}", weights, directions)


def _bins(text: str) -> NDArray[np.int32]:
    """The bins that a text hits, in no order."""
    letters = "".join(filter(str.isalnum, fold(text[: 2 * LONGEST])))[:LONGEST]
    codes = np.frombuffer(letters.encode("utf-32-le"), np.uint32)
    words = np.fromiter(map(_word_bin, _long_words(letters)), np.int32)
    return np.concatenate([*_grams(codes), words])


def _long_words(letters: str) -> Iterator[str]:
    return (word for word in rjieba.cut(letters, hmm=False) if len(word) > 1)


def _grams(codes: NDArray[np.uint32]) -> Iterator[NDArray[np.int32]]:
    """The bins of single characters, pairs and triples."""
    held = codes * _SPREAD[0]
    for spread in (_SPREAD[0], *_SPREAD[1:]):
        yield ((held ^ (held >> np.uint32(15))) * spread >> _SHIFT).astype(np.int32)
        if len(held) < 2:
            return
        held = held[:-1] * spread + codes[len(codes) - len(held) + 1 :] * _SPREAD[0]


@lru_cache(maxsize=2**17)
def _word_bin(word: str) -> int:
    return crc32(word.encode()) % BINS


@lru_cache(maxsize=2**17)
def _bin_of(token: str) -> int:
    """The bin of a character, or of a word of several."""
    if len(token) > 1:
        return _word_bin(token)
    (single,) = chain(next(_grams(np.frombuffer(token.encode("utf-32-le"), np.uint32))))
    return int(single)


def _weighted(counted: sparse.csr_matrix, weights: Floats) -> sparse.csr_matrix:
    """Counts by their logarithm, times what each bin tells."""
    data = (1 + np.log(counted.data)) * weights[counted.indices]
    return sparse.csr_matrix((data, counted.indices, counted.indptr), shape=counted.shape)


def _rows_of_length_one(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.diags_array(1 / np.maximum(lengths, 1e-9)).astype(np.float32) @ matrix


def _of_length_one(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Floats = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return scaled
