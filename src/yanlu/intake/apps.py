from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Words as they come in."""

    name = "yanlu.intake"

    def ready(self) -> None:
        from yanlu.intake.selectors import words_digests
        from yanlu.kernel.journal import attest

        attest("submission.received", words_digests)
