"""Jobs of the exchange."""

from procrastinate.contrib.django import app

from yanlu.exchange.pulling import pull_due
from yanlu.exchange.sending import send_due


@app.periodic(cron="* * * * *")
@app.task(name="exchange.send", queueing_lock="exchange.send", pass_context=False)
def send(timestamp: int) -> None:
    """Once a minute, send results that wait."""
    send_due()


@app.periodic(cron="* * * * *")
@app.task(name="exchange.pull", queueing_lock="exchange.pull", pass_context=False)
def pull(timestamp: int) -> None:
    """Once a minute, fetch orders from partners that are asked."""
    pull_due()
