"""Jobs of oversight."""

from procrastinate.contrib.django import app

from yanlu.oversight.sweeping import sweep


@app.periodic(cron="* * * * *")
@app.task(name="oversight.sweep", queueing_lock="oversight.sweep", pass_context=False)
def sweep_due(timestamp: int) -> None:
    """Once a minute, do about promises what has come due."""
    sweep()
