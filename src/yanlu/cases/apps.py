from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Matters under way, from dispatch to the resident's word."""

    name = "yanlu.cases"

    def ready(self) -> None:
        from yanlu.cases.handlers import OPEN
        from yanlu.kernel.followers import follow

        follow(OPEN)
