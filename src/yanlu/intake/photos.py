"""Photos: told by content, limited, rid of all metadata, with a thumbnail.

A photo is decoded and encoded again, so that nothing survives but its pixels: no position, no
camera, no hidden second file. The result is named by its content's digest.
"""

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Protocol

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from yanlu.kernel.errors import Invalid

MAX_COUNT = 6
MAX_BYTES = 12 * 1024 * 1024
#: Decoded pixels at most: a small file may claim to be a wall of a city.
MAX_PIXELS = 60_000_000
LONG_SIDE = 1_920
THUMBNAIL_SIDE = 320
FORMATS = ("JPEG", "PNG", "WEBP")


class Upload(Protocol):
    """A file as a form or a script hands it over."""

    name: str | None
    size: int | None

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True)
class Photo:
    """A photo as kept; file names are relative to the media folder."""

    file: str
    thumbnail: str
    width: int
    height: int
    size: int

    def columns(self) -> dict[str, Any]:
        """As the attachment's columns."""
        return asdict(self)


def within_limits(files: Sequence[Upload]) -> Sequence[Upload]:
    """The files, unless there are too many or one is too large."""
    if len(files) > MAX_COUNT:
        raise Invalid(_("At most six photos, please."), "photos")
    if any((file.size or 0) > MAX_BYTES for file in files):
        raise Invalid(_("A photo may have at most 12 MB."), "photos")
    return files


def keep_one(upload: Upload) -> Photo:
    """Store a photo that comes alone, within the limits.

    :raises Invalid: too large, or no picture.
    """
    (kept,) = map(keep, within_limits([upload]))
    return kept


def keep(upload: Upload) -> Photo:
    """Store the photo and its thumbnail.

    :raises Invalid: no JPEG, PNG or WebP picture, whatever its name says.
    """
    picture = _decode(upload.read(MAX_BYTES + 1))
    picture.thumbnail((LONG_SIDE, LONG_SIDE))
    content = _encode(picture)
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    name = sha256(content).hexdigest()
    return Photo(
        file=_store(f"photos/{name[:2]}/{name}.jpg", content),
        thumbnail=_store(f"photos/{name[:2]}/{name}.small.jpg", _encode(small)),
        width=picture.width,
        height=picture.height,
        size=len(content),
    )


def _decode(content: bytes) -> Image.Image:
    refusal = Invalid(_("This file is no photo that we can read (JPEG, PNG or WebP)."), "photos")
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
        if picture.width * picture.height > MAX_PIXELS:
            raise refusal
        upright: Image.Image = ImageOps.exif_transpose(picture)
        return upright.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise refusal from None


def _encode(picture: Image.Image) -> bytes:
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


def _store(name: str, content: bytes) -> str:
    """Write the file unless the same content is there already."""
    if default_storage.exists(name):
        return name
    return default_storage.save(name, ContentFile(content))
