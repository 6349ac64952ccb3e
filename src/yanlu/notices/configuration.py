"""The write door of the texts; for single changes there is the editor (``admin.py``)."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from yanlu.kernel import journal
from yanlu.kernel.pictures import forget_all
from yanlu.notices.models import NoticeText
from yanlu.notices.wording import check_text

#: Fields of a row in :func:`load_texts`.
LANGUAGES = {"zh": "zh-hans", "en": "en"}


@transaction.atomic
def load_texts(*, actor: journal.Actor, texts: Sequence[dict[str, Any]]) -> int:
    """Add texts that are not there yet, and return how many; what a district edited stays.

    A row is ``{"kind": …, "zh": {"subject": …, "body": …, "push": …}, "en": {…}}``.

    :raises Invalid: a text speaks of what it may not.
    """
    known = set(NoticeText.objects.values_list("kind", "language"))
    new = [
        NoticeText(kind=row["kind"], language=language, **row[name])
        for row in texts
        for name, language in LANGUAGES.items()
        if name in row and (row["kind"], language) not in known
    ]
    for text in new:
        check_text(text.subject, text.body, text.push)
    NoticeText.objects.bulk_create(new)
    if new:
        kinds = sorted({text.kind for text in new})
        about = journal.Subject("notice_configuration", 1)
        journal.record("notice_texts.loaded", about, actor=actor, data={"kinds": kinds})
        forget_all()
    return len(new)
