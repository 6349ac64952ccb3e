"""What every page knows: the language, the size of its text, who is signed in."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from yanlu.notices import selectors
from yanlu.people.access import is_staff

#: Cookie that holds the size of text in pixels; without it text has the ordinary size.
TEXT_SIZE_COOKIE = "yanlu_text"
#: Sizes of body text in elder mode, in pixels (GB/T 37668 and domain.md §8: up to 30).
TEXT_SIZES = ("22", "26", "30")
NATIVE_NAMES = {"zh-hans": "简体中文", "zh-hant": "繁體中文", "en": "English"}
SHORT_NAMES = {"zh-hans": "简体", "zh-hant": "繁體", "en": "English"}


@dataclass(frozen=True)
class Language:
    """A language that the page may be read in, under its own name."""

    code: str
    name: str
    is_current: bool


class Page:
    """``page`` in every template."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def text_size(self) -> str:
        """``"22"``, ``"26"`` or ``"30"`` in elder mode, else empty."""
        size = self._request.COOKIES.get(TEXT_SIZE_COOKIE, "")
        return size if size in TEXT_SIZES else ""

    @property
    def is_elder(self) -> bool:
        """Whether the page is shown in elder mode (长辈版)."""
        return bool(self.text_size)

    @property
    def html_class(self) -> str:
        """Classes of the root element."""
        return f"elder elder-{self.text_size}" if self.is_elder else ""

    @property
    def languages(self) -> list[Language]:
        """Every language of the pages."""
        current = get_language()
        return [
            Language(code, NATIVE_NAMES[code], code == current) for code, _ in settings.LANGUAGES
        ]

    @property
    def language(self) -> str:
        """Short name of the page's own language, in it."""
        return SHORT_NAMES[get_language() or settings.LANGUAGE_CODE]

    @property
    def is_demo(self) -> bool:
        """Whether this is the demo district."""
        return settings.YANLU_DEMO

    @property
    def here(self) -> str:
        """Address of the page itself, to come back to."""
        return self._request.get_full_path() if self._request.method == "GET" else "/"

    @cached_property
    def works_here(self) -> bool:
        """Whether somebody who works for the district is signed in."""
        account = self._request.user
        return account.is_authenticated and is_staff(account)

    @cached_property
    def unread(self) -> int:
        """How many notices the person who is signed in has not opened, at most `MOST`."""
        account = self._request.user
        return selectors.unread(account) if account.is_authenticated else 0

    @property
    def unread_words(self) -> str:
        """The same on a badge."""
        return f"{selectors.MOST - 1}+" if self.unread >= selectors.MOST else str(self.unread)


def page(request: HttpRequest) -> dict[str, Page]:
    """Context processor."""
    return {"page": Page(request)}
