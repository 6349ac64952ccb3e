"""Browser packages, served straight from ``node_modules`` under names of our own choice."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage

#: Static name → file below ``settings.YANLU_NODE_MODULES``. Nothing else is served from there.
FILES = {
    "vendor/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "vendor/weui.min.css": "weui/dist/style/weui.min.css",
    "vendor/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "vendor/echarts.min.js": "echarts/dist/echarts.simple.min.js",
    "vendor/maplibre-gl.js": "maplibre-gl/dist/maplibre-gl-csp.js",
    "vendor/maplibre-gl-worker.js": "maplibre-gl/dist/maplibre-gl-csp-worker.js",
    "vendor/maplibre-gl.css": "maplibre-gl/dist/maplibre-gl.css",
}
_SOURCE_MAP = re.compile(rb"(?m)^(//|/\*)# sourceMappingURL=.*$")


class NodeStorage(FileSystemStorage):
    """The chosen files under their static names, without the line that names a source map.

    Source maps are not served; the storage that hashes names would refuse a link to one.
    """

    def __init__(self) -> None:
        super().__init__(location=settings.YANLU_NODE_MODULES)

    def path(self, name: str) -> str:
        return super().path(FILES.get(name, name))

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        return ContentFile(_SOURCE_MAP.sub(b"", Path(self.path(name)).read_bytes()), name=name)


class NodeFinder(BaseFinder):
    """Finds the files of :data:`FILES`."""

    def __init__(self, app_names: Any = None, *_: Any, **__: Any) -> None:
        self.storage = NodeStorage()

    def check(self, **_: Any) -> list[Any]:
        """No options, so nothing that could be set wrong."""
        return []

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:
        """The file behind a static name, or an empty list."""
        known = path in FILES and self.storage.exists(path)
        found = self.storage.path(path) if known else None
        return ([found] if found else []) if find_all else (found or [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Every static name with the storage that opens it."""
        for name in FILES:
            yield name, self.storage
