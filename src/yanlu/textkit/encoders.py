"""Sentence encoders from outside, for whoever has one: a file (ONNX) or an address (OpenAI's API).

They find what is meant alike in wholly other words. Nothing here is needed: without one, or when
it fails, `yanlu.textkit.vectors` goes on alone. Texts leave for an address only masked
(`yanlu.textkit.privacy`).
"""

import json
import time
from collections.abc import Sequence
from http.client import HTTPException
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import numpy as np

from yanlu.textkit.privacy import mask
from yanlu.textkit.vectors import Floats

#: Texts in one request, characters of each, and the most bytes of an answer.
BATCH: Final = 64
LONGEST: Final = 1_000
LARGEST: Final = 64 * 2**20
#: Tries of a request that may succeed later, and seconds before the second and third.
WAITS: Final = (0.5, 2.0)
BUSY: Final = 429
#: Tokens of a text that a file's encoder reads.
TOKENS: Final = 256


class EncoderFailed(Exception):
    """The encoder gave no vectors; the message says why and holds nothing of the texts."""


class Encoder(Protocol):
    """Whatever makes vectors of meaning; ``name`` tells vectors of different encoders apart."""

    name: str

    def embed(self, texts: Sequence[str], *, seconds: float, tries: int = 3) -> Floats:
        """Return a vector of length 1 for each text. Raises `EncoderFailed`."""
        ...


def encoder(named: str, key: str = "") -> Encoder:
    """Return the encoder *named* by a folder or an address such as ``https://host/v1#model``.

    Raises `EncoderFailed` when it can't be had.
    """
    if named.startswith(("http://", "https://")):
        return Endpoint(named, key)
    return OnnxFolder(Path(named))


class Endpoint:
    """An address that speaks OpenAI's API for embeddings."""

    def __init__(self, named: str, key: str) -> None:
        """Take the address apart. Raises `EncoderFailed` when it names no model."""
        address, _, model = named.partition("#")
        if not model:
            raise EncoderFailed(f"name the model behind the address, as {address}#model")
        self.name = model[:120]
        self._url = f"{address.rstrip('/')}/embeddings"
        self._headers = {"Content-Type": "application/json"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"

    def embed(self, texts: Sequence[str], *, seconds: float, tries: int = 3) -> Floats:
        """Return a vector for each text; *seconds* bounds one try of one batch."""
        masked = [mask(text[:LONGEST]).text for text in texts]
        batches = [masked[first : first + BATCH] for first in range(0, len(masked), BATCH)]
        return np.vstack([self._batch(batch, seconds, tries) for batch in batches])

    def _batch(self, texts: list[str], seconds: float, tries: int) -> Floats:
        body = json.dumps({"model": self.name, "input": texts}).encode()
        for wait in (*WAITS[: tries - 1], None):
            try:
                return _vectors(self._ask(body, seconds), len(texts))
            except HTTPError as error:
                if wait is None or (error.code < 500 and error.code != BUSY):
                    raise EncoderFailed(f"{self._url} answered {error.code}") from error
            except (OSError, HTTPException) as error:
                if wait is None:
                    raise EncoderFailed(f"{self._url}: {type(error).__name__}") from error
            time.sleep(wait)
        raise AssertionError

    def _ask(self, body: bytes, seconds: float) -> bytes:
        request = Request(self._url, body, self._headers, method="POST")  # noqa: S310 - checked
        with _OPENER.open(request, timeout=seconds) as answer:
            told: bytes = answer.read(LARGEST)
        return told


class OnnxFolder:
    """A folder with ``model.onnx`` and ``tokenizer.json``, as sentence encoders are published."""

    def __init__(self, folder: Path) -> None:
        """Load it. Raises `EncoderFailed` when a file or a library is missing."""
        self.name = folder.name[:120]
        missing = [
            name for name in ("model.onnx", "tokenizer.json") if not (folder / name).is_file()
        ]
        if missing:
            raise EncoderFailed(f"{folder} holds no {' and no '.join(missing)}")
        runtime, tokenizers = _library("onnxruntime"), _library("tokenizers")
        try:
            self._session = runtime.InferenceSession(str(folder / "model.onnx"))
            self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # the library's own errors have no common kind
            raise EncoderFailed(f"{folder} can't be used: {type(error).__name__}") from error
        self._tokenizer.enable_truncation(TOKENS)
        self._tokenizer.enable_padding()
        self._inputs = {one.name for one in self._session.get_inputs()}

    def embed(self, texts: Sequence[str], *, seconds: float, tries: int = 3) -> Floats:
        """Return a vector for each text: the mean over its tokens. It is here, so it takes no
        count of *seconds* and *tries*.
        """
        del seconds, tries
        batches = [texts[first : first + BATCH] for first in range(0, len(texts), BATCH)]
        return np.vstack([self._batch(batch) for batch in batches])

    def _batch(self, texts: Sequence[str]) -> Floats:
        read = self._tokenizer.encode_batch([text[:LONGEST] for text in texts])
        given = {
            "input_ids": np.array([one.ids for one in read], np.int64),
            "attention_mask": np.array([one.attention_mask for one in read], np.int64),
            "token_type_ids": np.array([one.type_ids for one in read], np.int64),
        }
        asked = {name: array for name, array in given.items() if name in self._inputs}
        states = self._session.run(None, asked)[0]
        seen = given["attention_mask"][..., None]
        return _of_length_one((states * seen).sum(axis=1) / np.maximum(seen.sum(axis=1), 1))


class _NoRedirect(HTTPRedirectHandler):
    """Texts and key go to the address that was named and to no other."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_OPENER = build_opener(_NoRedirect)


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise EncoderFailed(
            f"the Python package {name} is not installed, which an encoder in a file needs"
        ) from error


def _vectors(told: bytes, number: int) -> Floats:
    """The vectors of an answer, in the order asked."""
    try:
        data = sorted(json.loads(told)["data"], key=lambda one: int(one["index"]))
        vectors = np.array([one["embedding"] for one in data], np.float32)
    except (ValueError, KeyError, TypeError) as error:
        raise EncoderFailed("the answer holds no embeddings") from error
    if vectors.ndim != 2 or len(vectors) != number or not np.isfinite(vectors).all():
        raise EncoderFailed(f"the answer holds no {number} vectors of one length")
    return _of_length_one(vectors)


def _of_length_one(vectors: Any) -> Floats:
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    scaled: Floats = (vectors / lengths).astype(np.float32)
    return scaled
