"""Jobs of notices."""

from procrastinate.contrib.django import app

from yanlu.notices.sending import send_due


@app.periodic(cron="* * * * *")
@app.task(name="notices.send", queueing_lock="notices.send", pass_context=False)
def send(timestamp: int) -> None:
    """Once a minute, send what is due."""
    send_due()


@app.task(name="notices.send_at_once", pass_context=False)
def send_at_once() -> None:
    """Send what is due, since something urgent is among it."""
    send_due()
