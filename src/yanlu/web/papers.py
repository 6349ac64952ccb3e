"""Papers of a petition as pages that print in the layout of official documents."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yanlu.cases.papers import PetitionFile
from yanlu.kernel.errors import NotFound

if TYPE_CHECKING:
    from yanlu.cases.models import Case


def paper_page(
    request: HttpRequest, file: PetitionFile | None, name: str, case: "Case | None", *, back: str
) -> HttpResponse:
    """The notice of acceptance, or a written decision (``opinion``, ``review`` …).

    :raises NotFound: there is none of this name, or it is not this person's to see.
    """
    petition = file.petition if file else None
    paper = file.paper(name) if file else None
    is_notice = name == "notice" and petition is not None and petition.noticed_at is not None
    if paper is None and not is_notice:
        raise NotFound(_("There is no such paper, or it is not yours to see."))
    context = {
        "name": name,
        "case": case,
        "petition": petition,
        "paper": paper,
        "back": back,
    }
    return render(request, f"papers/{'notice' if is_notice else 'opinion'}.html", context)
