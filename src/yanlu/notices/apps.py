from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """What people are told of, and by which way."""

    name = "yanlu.notices"
    verbose_name = _("Notices")
