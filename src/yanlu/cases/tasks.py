"""Jobs of cases."""

from procrastinate.contrib.django import app

from yanlu.cases.extending import resume_due


@app.periodic(cron="* * * * *")
@app.task(name="cases.resume", queueing_lock="cases.resume", pass_context=False)
def resume(timestamp: int) -> None:
    """Once a minute, take up again what was suspended until now."""
    resume_due()
