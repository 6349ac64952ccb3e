"""What others read of a resident's words: without personal data, the resident's own first of all.

Patterns find what looks like personal data. Whose words they are is known besides, under seal:
name, phone and address of the person are hidden wherever they stand, however they were put.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from yanlu.people.selectors import sealed_words
from yanlu.textkit.privacy import mask

if TYPE_CHECKING:
    from yanlu.intake.models import Submission

SELF = "〔本人信息〕"
Known = dict[int, tuple[str, ...]]


def known_of(submissions: "Iterable[Submission]") -> Known:
    """What is sealed about the people behind these submissions; one query."""
    return sealed_words({s.identity_id for s in submissions if s.identity_id})


def masked(text: str, submission: "Submission", known: Known) -> str:
    """The text without what is known of its author, and without what looks personal."""
    for word in known.get(submission.identity_id or 0, ()):
        text = text.replace(word, SELF)
    return mask(text).text


def hiding(submission: "Submission") -> Callable[[str], str]:
    """The same for all texts about one submission; what is known is read once, now."""
    known = known_of([submission])
    return lambda text: masked(text, submission, known)
