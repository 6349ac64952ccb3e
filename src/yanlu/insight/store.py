"""Where the files of the pool lie: one for each day, in a folder or in an object store."""

import os
import re
from datetime import date
from pathlib import Path

import fsspec
from fsspec.implementations.local import LocalFileSystem

_NAME = re.compile(r"words-(\d{4}-\d\d-\d\d)\.parquet")
#: The end of what is being written, or was when its writer died.
_DRAFT = ".draft"


class Store:
    """Files by day. What stands under a day's name is always whole, old or new.

    :param address: a folder, or an address that fsspec knows, as ``s3://bucket/pool``.
    """

    def __init__(self, address: str) -> None:
        self._files, self._root = fsspec.core.url_to_fs(address)
        self._is_folder = isinstance(self._files, LocalFileSystem)

    def path(self, day: date) -> str:
        """Where the file of a day lies or would lie, as readers of Parquet take it."""
        path = f"{self._root}/words-{day}.parquet"
        return path if self._is_folder else str(self._files.unstrip_protocol(path))

    def days(self) -> list[date]:
        """The days that have a file, in order."""
        found = filter(None, (_NAME.fullmatch(name) for name in self._names()))
        return sorted(date.fromisoformat(match[1]) for match in found)

    def get(self, day: date) -> bytes | None:
        """What the file of a day holds; ``None`` where there is none."""
        try:
            content: bytes = self._files.cat_file(self.path(day))
        except FileNotFoundError:
            return None
        return content

    def put(self, day: date, content: bytes) -> None:
        """Set the file of a day in place of the one before, at one stroke.

        An object store does that by itself; a folder is given the whole file under another name.
        """
        if not self._is_folder:
            self._files.pipe_file(self.path(day), content)
            return
        path = Path(self.path(day))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(path.name + _DRAFT)
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _sync(path.parent)

    def remove(self, day: date) -> None:
        """Take the file of a day away; there may be none."""
        if self._files.exists(self.path(day)):
            self._files.rm_file(self.path(day))

    def sweep(self) -> int:
        """Take away what writers left that were killed; how many. Only for who writes alone."""
        drafts = [name for name in self._names() if name.endswith(_DRAFT)]
        for name in drafts:
            self._files.rm_file(f"{self._root}/{name}")
        return len(drafts)

    def _names(self) -> list[str]:
        self._files.invalidate_cache()
        if not self._files.exists(self._root):
            return []
        return [path.rsplit("/", 1)[-1] for path in self._files.ls(self._root, detail=False)]


def _sync(folder: Path) -> None:
    """Let the folder itself outlast a loss of power: the new name stands in it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
