from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DispatchConfig(AppConfig):
    """What is it, where, how urgent, and whose."""

    name = "yanlu.dispatch"
    verbose_name = _("Dispatch")

    def ready(self) -> None:
        from yanlu.dispatch.handlers import DECIDE
        from yanlu.kernel.followers import follow

        follow(DECIDE)
