"""The installation's secrets, made on first use and kept in ``YANLU_HOME/secrets.json``."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
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


def add_data_key(home: Path) -> Secrets:
    """Put a fresh data key in front of those in use."""
    held = load(home)
    return _replace(
        home, replace(held, data_keys=[Fernet.generate_key().decode(), *held.data_keys])
    )


def drop_old_data_keys(home: Path) -> Secrets:
    """Keep the newest data key alone, once everything is encrypted with it."""
    held = load(home)
    return _replace(home, replace(held, data_keys=held.data_keys[:1]))


def _replace(home: Path, new: Secrets) -> Secrets:
    draft = _draft(home / "secrets.json", new)
    draft.replace(home / "secrets.json")
    return new


def _fresh() -> Secrets:
    return Secrets(
        session_key=secrets.token_urlsafe(48),
        index_secret=secrets.token_urlsafe(48),
        data_keys=[Fernet.generate_key().decode()],
    )


def _write_once(path: Path, fresh: Secrets) -> None:
    """Two processes may start at once: whichever links its file first wins, whole."""
    draft = _draft(path, fresh)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _draft(path: Path, content: Secrets) -> Path:
    """The secrets in a file beside the real one, readable by the owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"secrets.{os.getpid()}.tmp")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asdict(content), indent=2))
    return draft
