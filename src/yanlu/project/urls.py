"""All addresses: residents and the public at the root, staff under ``/staff/``."""

from django.contrib import admin
from django.urls import include, path

from yanlu.api.urls import api
from yanlu.web.accounts.gate import guard_editor


def _only_configuration(editor: admin.AdminSite) -> None:
    """Take out of the editor what packages put in: accounts' factors, addresses, jobs."""
    for model in list(editor._registry):
        if not model.__module__.startswith("yanlu."):
            editor.unregister(model)


_only_configuration(admin.site)
guard_editor(admin.site)

urlpatterns = [
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
    path("", include("yanlu.web.urls")),
]
