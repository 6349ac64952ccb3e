"""The installation's secrets, made on first use and kept in ``YANLU_HOME/secrets.json``."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.fernet import Fernet


@dataclass(frozen=True)
class Secrets:
    """``data_keys`` encrypt sealed fields, newest first; the others never rotate by themselves."""

    session_key: str
    index_secret: str
    data_keys: list[str]


def load(home: Path) -> Secrets:
    """Read the secrets of this home, making them the first time (readable by the owner only)."""
    path = home / "secrets.json"
    if not path.exists():
        _write_once(path, _fresh())
    return Secrets(**json.loads(path.read_text()))


def _fresh() -> Secrets:
    return Secrets(
        session_key=secrets.token_urlsafe(48),
        index_secret=secrets.token_urlsafe(48),
        data_keys=[Fernet.generate_key().decode()],
    )


def _write_once(path: Path, fresh: Secrets) -> None:
    """Two processes may start at once: whichever links its file first wins, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"secrets.{os.getpid()}.tmp")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asdict(fresh), indent=2))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
