"""Signatures of requests between us and a partner: HMAC-SHA256 under a secret that both know.

Signed are six lines, joined by a line feed: ``v1``, the method, the path with its query as it is
asked for, the moment in Unix seconds, the nonce, and the SHA-256 (hex) of the body.
"""

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

MOMENT, NONCE, SIGNATURE = "Yanlu-Timestamp", "Yanlu-Nonce", "Yanlu-Signature"
VERSION: Final = "v1"
#: Seconds that the clocks of the two sides may differ by.
WINDOW: Final = 300
#: Characters of a nonce, at least and at most.
NONCE_LENGTH: Final = range(16, 65)


@dataclass(frozen=True)
class Signed:
    """A request as it is signed; ``moment`` and ``nonce`` as they stand in the headers."""

    method: str
    path: str
    body: bytes
    moment: str
    nonce: str

    def signature(self, secret: str) -> str:
        """What belongs into the header :data:`SIGNATURE`."""
        content = sha256(self.body).hexdigest()
        lines = (VERSION, self.method, self.path, self.moment, self.nonce, content)
        mac = hmac.digest(secret.encode(), "\n".join(lines).encode(), "sha256")
        return f"{VERSION}={mac.hex()}"

    def is_signed(self, secret: str, given: str) -> bool:
        """Whether *given* is the signature; takes as long for a wrong one."""
        return hmac.compare_digest(self.signature(secret).encode(), given.encode())

    def is_timely(self, now: float) -> bool:
        """Whether the moment is near *now* (Unix seconds) and the nonce is one."""
        told = self.moment
        is_moment = told.isascii() and told.isdecimal() and len(told) < 12
        is_nonce = len(self.nonce) in NONCE_LENGTH and self.nonce.isascii()
        return is_moment and is_nonce and abs(int(told) - now) <= WINDOW


def sign(secret: str, method: str, path: str, body: bytes, now: float) -> dict[str, str]:
    """The headers for a request of ours."""
    signed = Signed(method, path, body, str(int(now)), secrets.token_urlsafe(18))
    return {MOMENT: signed.moment, NONCE: signed.nonce, SIGNATURE: signed.signature(secret)}
