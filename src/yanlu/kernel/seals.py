"""Seals on the journal, and the proof that nothing was altered, removed or slipped in."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connection, transaction

from yanlu.kernel import clock, journal
from yanlu.kernel.crypto import Signer, verify_signature
from yanlu.kernel.errors import JournalBroken
from yanlu.kernel.followers import settled_id
from yanlu.kernel.models import Seal

CHUNK = 5_000


@dataclass(frozen=True)
class Proof:
    """What was checked."""

    rows: int
    seals: int
    facts: int


class MerkleTree:
    """The Merkle tree hash of RFC 9162 §2.1.1, built leaf by leaf in O(log n) memory."""

    def __init__(self) -> None:
        self._peaks: list[tuple[int, bytes]] = []
        self.leaves = 0

    def add(self, leaf: bytes) -> None:
        """Append a leaf."""
        self.leaves += 1
        size, node = 1, sha256(b"\x00" + leaf).digest()
        while self._peaks and self._peaks[-1][0] == size:
            _, left = self._peaks.pop()
            size, node = size * 2, sha256(b"\x01" + left + node).digest()
        self._peaks.append((size, node))

    def root(self) -> bytes:
        """The root over all leaves so far; of none, SHA-256 of nothing."""
        if not self._peaks:
            return sha256(b"").digest()
        _, node = self._peaks[-1]
        for _, left in reversed(self._peaks[:-1]):
            node = sha256(b"\x01" + left + node).digest()
        return node


def seal_journal(signer: Signer) -> Seal | None:
    """Sign the root over every settled row since the last seal; ``None`` if there is none."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE kernel_seal IN EXCLUSIVE MODE")
        last = Seal.objects.last()
        after = last.last_id if last else 0
        up_to = settled_id()
        tree, ids = MerkleTree(), [0]
        for number, row_hash in _hashes(after, up_to):
            tree.add(row_hash)
            ids.append(number)
        if not tree.leaves:
            return None
        seal = Seal(
            at=clock.now(),
            first_id=ids[1],
            last_id=ids[-1],
            rows=tree.leaves,
            root=tree.root(),
            prev_root=bytes(last.root) if last else b"",
        )
        seal.signature = signer.sign(_statement(seal))
        seal.save()
    return seal


def export_seals(signer: Signer) -> str:
    """Every seal and the public key as JSON, to be kept by somebody outside the installation."""
    seals = [_exported(seal) for seal in Seal.objects.all()]
    return json.dumps({"public_key": signer.public_pem(), "seals": seals}, indent=2)


def latest(number: int) -> list[Seal]:
    """The last seals, newest first."""
    return list(Seal.objects.reverse()[:number])


def verify(public_pem: str | None = None, exported: str | None = None) -> Proof:
    """Check every chain, every seal and every bound fact.

    :param public_pem: check the seals' signatures with this key, too.
    :param exported: what :func:`export_seals` gave earlier; each seal in it must still stand,
        and its own key is the one that counts.
    :raises JournalBroken: names the first bad row, seal or fact.
    """
    rows = _verify_chains()
    if exported:
        public_pem = _verify_exported(json.loads(exported))
    seals = _verify_seals(public_pem)
    return Proof(rows=rows, seals=seals, facts=_verify_facts())


def _verify_chains() -> int:
    """Recompute each hash, subject by subject."""
    before: tuple[str, int] = ("", 0)
    prev_hash, seq, rows = b"", 0, 0
    for number, at, actor, verb, kind, subject_id, row_seq, data, row_prev, row_hash in _rows():
        if (kind, subject_id) != before:
            before, prev_hash, seq = (kind, subject_id), b"", 0
        subject = journal.Subject(kind, subject_id)
        expected = journal.row_hash(prev_hash, at, (actor, verb), subject, seq + 1, data)
        if row_seq != seq + 1:
            raise JournalBroken(
                f"row {number} ({verb}, {kind} {subject_id}): row {seq + 1} of its chain is missing"
            )
        if bytes(row_prev) != prev_hash or bytes(row_hash) != expected:
            raise JournalBroken(f"row {number} ({verb}, {kind} {subject_id}) was altered")
        prev_hash, seq, rows = expected, row_seq, rows + 1
    return rows


def _verify_seals(public_pem: str | None) -> int:
    count, after, prev_root = 0, 0, b""
    for seal in Seal.objects.iterator():
        tree = MerkleTree()
        for _, row_hash in _hashes(after, seal.last_id):
            tree.add(row_hash)
        if tree.root() != bytes(seal.root) or bytes(seal.prev_root) != prev_root:
            raise JournalBroken(
                f"seal {seal.pk}: rows {seal.first_id} to {seal.last_id} are not those sealed"
                f" ({tree.leaves} found, {seal.rows} sealed)"
            )
        if public_pem and not verify_signature(public_pem, bytes(seal.signature), _statement(seal)):
            raise JournalBroken(f"seal {seal.pk} bears a signature of another key")
        count, after, prev_root = count + 1, seal.last_id, bytes(seal.root)
    return count


def _verify_exported(exported: dict[str, Any]) -> str:
    """Each exported seal still stands as it was; the exported public key."""
    standing = {seal.last_id: _exported(seal) for seal in Seal.objects.all()}
    for seal in exported["seals"]:
        if standing.get(seal["last_id"]) != seal:
            raise JournalBroken(f"the exported seal up to row {seal['last_id']} no longer stands")
    return str(exported["public_key"])


def _verify_facts() -> int:
    facts = 0
    for verb, witness in journal.witnesses():
        for batch in _bound_facts(verb):
            today = witness([subject_id for _, subject_id, _ in batch])
            for number, subject_id, bound in batch:
                if today.get(subject_id) != bound:
                    raise JournalBroken(
                        f"row {number} ({verb}): what {subject_id} says is not what was bound"
                    )
            facts += len(batch)
    return facts


def _statement(seal: Seal) -> bytes:
    """What a seal signs."""
    return json.dumps(
        [
            seal.at.astimezone(clock.ZONE).isoformat(),
            seal.first_id,
            seal.last_id,
            seal.rows,
            bytes(seal.root).hex(),
            bytes(seal.prev_root).hex(),
        ]
    ).encode()


def _exported(seal: Seal) -> dict[str, Any]:
    return {
        "at": seal.at.astimezone(clock.ZONE).isoformat(),
        "first_id": seal.first_id,
        "last_id": seal.last_id,
        "rows": seal.rows,
        "root": bytes(seal.root).hex(),
        "signature": base64.b64encode(bytes(seal.signature)).decode(),
    }


def _rows() -> Iterator[tuple[int, datetime, str, str, str, int, int, str, bytes, bytes]]:
    yield from _stream(
        "SELECT id, at AT TIME ZONE 'UTC', actor, verb, subject_type, subject_id, seq, data::text,"
        " prev_hash, hash FROM kernel_journal ORDER BY subject_type, subject_id, seq",
        [],
    )


def _hashes(after: int, up_to: int) -> Iterator[tuple[int, bytes]]:
    for number, row_hash in _stream(
        "SELECT id, hash FROM kernel_journal WHERE id > %s AND id <= %s ORDER BY id",
        [after, up_to],
    ):
        yield number, bytes(row_hash)


def _bound_facts(verb: str) -> Iterator[list[tuple[int, int, str]]]:
    batch: list[tuple[int, int, str]] = []
    for row in _stream(
        "SELECT id, subject_id, data->>'digest' FROM kernel_journal WHERE verb = %s ORDER BY id",
        [verb],
    ):
        batch.append(row)
        if len(batch) == CHUNK:
            yield batch
            batch = []
    if batch:
        yield batch


def _stream(sql: str, values: list[Any]) -> Iterator[Any]:
    """Rows through a server-side cursor, so that memory stays flat."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows
