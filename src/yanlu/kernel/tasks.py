"""Jobs of the kernel."""

from django.conf import settings
from procrastinate.contrib.django import app

from yanlu.kernel.crypto import Signer
from yanlu.kernel.seals import seal_journal


@app.periodic(cron="7 * * * *")
@app.task(name="kernel.seal_journal", queueing_lock="kernel.seal_journal", pass_context=False)
def seal(timestamp: int) -> None:
    """Seal the journal once an hour."""
    seal_journal(Signer.load_or_create(settings.YANLU_SEAL_KEY))
