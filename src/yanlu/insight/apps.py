from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightConfig(AppConfig):
    """What all that was said tells, taken together."""

    name = "yanlu.insight"
    verbose_name = _("Insight")

    def ready(self) -> None:
        from yanlu.insight.counting import COUNT
        from yanlu.insight.marking import MARK
        from yanlu.kernel.followers import follow

        follow(COUNT)
        follow(MARK)
