"""Jobs of insight."""

from procrastinate.contrib.django import app

from yanlu.insight import pool
from yanlu.insight.counting import count_due as count


@app.periodic(cron="* * * * *")
@app.task(name="insight.count_due", queueing_lock="insight.count_due", pass_context=False)
def count_due(timestamp: int) -> None:
    """Once a minute, count the promises that fell due."""
    count()


@app.periodic(cron="*/5 * * * *")
@app.task(name="insight.write_pool", queueing_lock="insight.write_pool", pass_context=False)
def write_pool(timestamp: int) -> None:
    """Every five minutes, write the days of the pool that are marked."""
    pool.write_marked()


@app.task(name="insight.write_marked")
def write_marked() -> None:
    """The same at once, where somebody took words out."""
    pool.write_marked()
