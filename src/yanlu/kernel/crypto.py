"""Encryption of sealed data, blind indexes to find it by, and signatures for seals.

    YanluError
    ├── UnreadableSecret      no key of the ring opens it, or it was altered
    └── OperatorError         keys that can't serve; see `yanlu.kernel.errors`

What is encrypted is Fernet (AES-128-CBC and HMAC-SHA256, with the time); a blind index is
HMAC-SHA256 under a key that HKDF (RFC 5869) derives for each purpose; signatures are Ed25519
(RFC 8032).
"""

import hmac
import os
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from yanlu.kernel.errors import OperatorError, YanluError

#: Characters below which an index secret is taken for a placeholder and refused.
SHORTEST_SECRET: Final = 32

_OTHERS: Final = 0o077


class UnreadableSecret(YanluError):
    """No key of the ring opens the token: the key is gone, or the token was cut or altered."""


class Keyring:
    """The keys of one installation: data keys that rotate, an index secret that does not.

    Everything is encrypted with the newest key and opened with whichever fits, so a new key is put
    first, old tokens are rotated by and by, and only then the old key is taken away. The index
    secret stays, since a blind index can't be made again without opening every value.
    """

    def __init__(self, keys: Sequence[str], index_secret: str) -> None:
        """Take data keys, newest first, and the index secret (at least `SHORTEST_SECRET` long).

        Raises ``OperatorError`` without a data key, for one that is not a Fernet key (32 bytes in
        URL-safe base64), and for a short secret; no message quotes a key.
        """
        if not keys:
            raise OperatorError("no data key is set: nothing can be encrypted")
        if len(index_secret) < SHORTEST_SECRET:
            raise OperatorError(f"the index secret is shorter than {SHORTEST_SECRET} characters")
        self._fernet = MultiFernet([_fernet(place, key) for place, key in enumerate(keys, 1)])
        self._index_secret = index_secret.encode()

    def encrypt(self, text: str) -> bytes:
        """Return *text* under the newest key, different each time."""
        return self._fernet.encrypt(text.encode())

    def decrypt(self, token: bytes) -> str:
        """Return the text inside *token*. Raises `UnreadableSecret`."""
        try:
            return self._fernet.decrypt(token).decode()
        except InvalidToken as error:
            raise UnreadableSecret("no data key opens this") from error

    def rotate(self, token: bytes) -> bytes:
        """Return *token* under the newest key, its time kept. Raises `UnreadableSecret`."""
        try:
            return self._fernet.rotate(token)
        except InvalidToken as error:
            raise UnreadableSecret("no data key opens this") from error

    def blind_index(self, value: str, purpose: str) -> bytes:
        """Return 32 bytes that are equal for equal values under one *purpose*, and tell no more.

        A phone number under the purpose of signing in does not match itself under another, so
        tables can't be joined by it. Bring *value* to one spelling first.
        """
        key = _index_key(self._index_secret, purpose)
        return hmac.digest(key, value.encode(), "sha256")


class Signer:
    """Signs, as this installation."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @classmethod
    def load_or_create(cls, path: Path) -> Self:
        """Return the signer whose private key is in the PEM file at *path*, making it if missing.

        The file is the owner's alone (mode 0600); of two processes that make it at once one wins
        and both use its key. Raises ``OperatorError`` where others may read it or it holds no
        Ed25519 key.
        """
        if not path.exists():
            _write_once(path, _private_pem(Ed25519PrivateKey.generate()))
        if path.stat().st_mode & _OTHERS:
            raise OperatorError(f"{path} may be read by others; set its mode to 0600")
        return cls(_private_key(path))

    def sign(self, data: bytes) -> bytes:
        """Return the signature of *data*, 64 bytes."""
        return self._key.sign(data)

    def public_pem(self) -> str:
        """Return the public key that proves the signatures, as PEM, for whoever wants to check."""
        return (
            self._key.public_key()
            .public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            .decode()
        )


def verify_signature(public_pem: str, signature: bytes, data: bytes) -> bool:
    """Whether the holder of the key behind *public_pem* signed exactly *data*.

    Raises ``ValueError`` where *public_pem* is no Ed25519 public key.
    """
    key = serialization.load_pem_public_key(public_pem.encode())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("signatures are checked with an Ed25519 public key, not another kind")  # noqa: TRY004
    try:
        key.verify(signature, data)
    except InvalidSignature:
        return False
    return True


def fingerprint(public_pem: str) -> str:
    """Return SHA-256 over the key in *public_pem*, in hex, to read out and compare."""
    der = serialization.load_pem_public_key(public_pem.encode()).public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return sha256(der).hexdigest()


def _fernet(place: int, key: str) -> Fernet:
    try:
        return Fernet(key)
    except ValueError as error:
        raise OperatorError(f"data key {place} is not a Fernet key") from error


@lru_cache(maxsize=64)
def _index_key(secret: bytes, purpose: str) -> bytes:
    derivation = HKDF(
        hashes.SHA256(), length=32, salt=None, info=b"yanlu blind index: " + purpose.encode()
    )
    return derivation.derive(secret)


def _private_pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _private_key(path: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise OperatorError(f"{path} holds no private key that can be read") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise OperatorError(f"{path} holds a key of another kind than Ed25519")
    return key


def _write_once(path: Path, content: bytes) -> None:
    """Write the file whole and the owner's alone, unless somebody else just did."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp gives mode 0600, and linking fails where the name is taken.
    handle, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        Path(draft).unlink()
