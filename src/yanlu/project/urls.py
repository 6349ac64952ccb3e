"""All addresses: residents and the public at the root, staff under ``/staff/``."""

from django.contrib import admin
from django.urls import include, path

from yanlu.api.urls import api
from yanlu.web.accounts.gate import guard_editor

guard_editor(admin.site)

urlpatterns = [
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
    path("", include("yanlu.web.urls")),
]
