"""Words of the pool as Parquet: the columns of :mod:`yanlu.insight.columns`, in bytes and back."""

import io
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from yanlu.insight import columns

_TYPES: Final = {
    columns.TEXT: pa.string(),
    columns.NUMBER: pa.int32(),
    columns.MOMENT: pa.timestamp("us", tz="UTC"),
    columns.DAY: pa.date32(),
}
SCHEMA: Final = pa.schema(
    [pa.field(one.name, _TYPES[one.type], nullable=one.may_miss) for one in columns.COLUMNS]
)


def to_bytes(words: list[dict[str, Any]]) -> bytes:
    """A file that holds these words; the same words always make the same bytes."""
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(words, SCHEMA), out, compression="zstd")
    return out.getvalue()


def from_bytes(content: bytes) -> list[dict[str, Any]]:
    """The words that a file holds.

    :raises ValueError: it is no whole Parquet file.
    """
    try:
        rows: list[dict[str, Any]] = pq.read_table(io.BytesIO(content)).to_pylist()
    except (pa.ArrowException, OSError) as error:
        raise ValueError("no whole Parquet file") from error
    return rows
