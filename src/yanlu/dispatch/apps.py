from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """What is it, where, how urgent, and whose."""

    name = "yanlu.dispatch"

    def ready(self) -> None:
        from yanlu.dispatch.handlers import DECIDE
        from yanlu.kernel.followers import follow

        follow(DECIDE)
