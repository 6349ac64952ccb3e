"""Answered matters that residents agreed to show."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yanlu.cases.matters import published, published_case
from yanlu.dispatch.selectors import categories


@require_safe
def answered(request: HttpRequest) -> HttpResponse:
    """The list, filtered by category and words."""
    subjects = [option for option in categories() if option.parent_id is None]
    asked = request.GET.get("category", "")
    chosen = next((option for option in subjects if option.code == asked), None)
    search = request.GET.get("search", "").strip()[:100]
    found, following = published(
        request.GET.get("after", ""), category_id=chosen.id if chosen else None, search=search
    )
    context = {
        "matters": found,
        "following": following,
        "subjects": subjects,
        "chosen": chosen,
        "search": search,
        "is_filtered": bool(chosen or search),
        "tab": "answered",
    }
    more = request.headers.get("HX-Target") == "more"
    return render(request, "public/more.html" if more else "public/answered.html", context)


@require_safe
def answered_matter(request: HttpRequest, number: str) -> HttpResponse:
    """One of them."""
    context = {"matter": published_case(number), "tab": "answered"}
    return render(request, "public/answered_matter.html", context)
