"""Addresses of the pages: residents and the public at the root, staff under ``/staff/``."""

from django.urls import include, path

urlpatterns = [
    path("", include("yanlu.web.resident.urls")),
    path("", include("yanlu.web.public.urls")),
    path("", include("yanlu.web.accounts.urls")),
    path("staff/", include("yanlu.web.staff.urls")),
]
