from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    """Work orders of other systems come in, results go back."""

    name = "yanlu.exchange"
    verbose_name = _("Exchange with partners")

    def ready(self) -> None:
        from yanlu.exchange.handlers import RESULTS
        from yanlu.kernel.followers import follow

        follow(RESULTS)
