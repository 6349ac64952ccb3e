"""Jobs of cases."""

from procrastinate.contrib.django import app

from yanlu.cases.alarms import alarm_above
from yanlu.cases.extending import resume_due
from yanlu.cases.petitions import lapse_due


@app.periodic(cron="* * * * *")
@app.task(name="cases.resume", queueing_lock="cases.resume", pass_context=False)
def resume(timestamp: int) -> None:
    """Once a minute, take up again what was suspended until now."""
    resume_due()


@app.periodic(cron="* * * * *")
@app.task(name="cases.alarm_above", queueing_lock="cases.alarm_above", pass_context=False)
def alarm_level_above(timestamp: int) -> None:
    """Once a minute, tell the level above of dangers that nobody took in time."""
    alarm_above()


@app.periodic(cron="* * * * *")
@app.task(name="cases.lapse", queueing_lock="cases.lapse", pass_context=False)
def lapse(timestamp: int) -> None:
    """Once a minute, end petitions for which nobody asked a review in time."""
    lapse_due()
