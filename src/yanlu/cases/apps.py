from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """Matters under way, from dispatch to the resident's word."""

    name = "yanlu.cases"
    verbose_name = _("Cases")

    def ready(self) -> None:
        from yanlu.cases.handlers import ALARM, OPEN, TELL, TRACE
        from yanlu.kernel.followers import follow

        follow(OPEN)
        follow(ALARM)
        follow(TRACE)
        follow(TELL)
