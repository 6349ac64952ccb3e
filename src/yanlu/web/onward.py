"""On to the next page after a form, however the form was sent."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def go_on(request: HttpRequest, address: str) -> HttpResponse:
    """On to this address, told to htmx in its own way."""
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)
