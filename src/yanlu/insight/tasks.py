"""Jobs of insight."""

from procrastinate.contrib.django import app

from yanlu.insight.counting import count_due as count


@app.periodic(cron="* * * * *")
@app.task(name="insight.count_due", queueing_lock="insight.count_due", pass_context=False)
def count_due(timestamp: int) -> None:
    """Once a minute, count the promises that fell due."""
    count()
