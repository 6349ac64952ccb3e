"""The texts of notices, put into words for one of them."""

from dataclasses import astuple, dataclass
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from yanlu.kernel.pictures import Picture
from yanlu.notices.models import Notice, NoticeText
from yanlu.notices.wording import fill
from yanlu.textkit.characters import traditional

#: What is read by whom no text was written for, and what is made of it by itself.
FALLBACK: Final = "zh-hans"
TRADITIONAL: Final = "zh-hant"
#: Kind of the text for several notices in one message.
DIGEST: Final = "digest"


@dataclass(frozen=True)
class Text:
    """What a notice says: in the inbox, and in a message."""

    subject: str
    body: str
    push: str


def _read() -> dict[tuple[str, str], Text]:
    rows = NoticeText.objects.values_list("kind", "language", "subject", "body", "push")
    told = {(kind, language): Text(*words) for kind, language, *words in rows}
    converted = {
        (kind, TRADITIONAL): Text(*map(traditional, astuple(text)))
        for (kind, language), text in told.items()
        if language == FALLBACK
    }
    return converted | told


_texts = Picture(_read, stale=15)


def worded(notice: Notice, link: str = "") -> Text:
    """The notice in the reader's language; Traditional Chinese is made of the Simplified text."""
    return _filled(notice.kind, {**notice.words, "link": link})


def digest(count: int, link: str) -> Text:
    """What one message says for several notices."""
    return _filled(DIGEST, {"count": str(count), "link": link})


def _filled(kind: str, words: dict[str, str]) -> Text:
    text = _of(kind)
    return Text(*(fill(part, words) for part in (text.subject, text.body, text.push)))


def _of(kind: str) -> Text:
    language = translation.get_language() or FALLBACK
    texts = _texts()
    return texts.get((kind, language)) or texts.get((kind, FALLBACK)) or _unwritten(kind)


def _unwritten(kind: str) -> Text:
    """Better a plain line than none, where the district wrote no text for a kind."""
    if kind == DIGEST:
        subject, said = _("{count} new notices"), _("You have {count} new notices: {link}")
    else:
        subject, said = _("News about {number}"), _("There is news about {number}: {link}")
    return Text(subject, subject, said)
