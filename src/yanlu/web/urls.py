"""Addresses of the pages: residents and the public at the root, staff under ``/staff/``."""

from django.urls import include, path

from yanlu.web import pages

urlpatterns = [
    path("healthz/", pages.health, name="healthz"),
    path("settings/", pages.settings_page, name="settings"),
    path("photos/<int:attachment_id>/<str:size>.jpg", pages.photo, name="photo"),
    path("map/boundaries.json", pages.boundaries, name="boundaries"),
    path("", include("yanlu.web.accounts.urls")),
    path("", include("yanlu.web.resident.urls")),
    path("answered/", include("yanlu.web.public.urls")),
    path("staff/", include("yanlu.web.staff.urls")),
]
