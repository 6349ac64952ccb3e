from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OversightConfig(AppConfig):
    """Promises watched, units supervised, reports and scores."""

    name = "yanlu.oversight"
    verbose_name = _("Oversight")

    def ready(self) -> None:
        from yanlu.kernel.followers import follow
        from yanlu.kernel.journal import attest
        from yanlu.oversight import freezing, reporting
        from yanlu.oversight.recording import RECORD
        from yanlu.oversight.telling import TELL
        from yanlu.oversight.watching import WATCH

        follow(WATCH)
        follow(RECORD)
        follow(TELL)
        attest("snapshot.frozen", freezing.digests)
        attest("report.issued", reporting.digests)
