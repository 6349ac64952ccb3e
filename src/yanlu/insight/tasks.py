"""Jobs of insight."""

from procrastinate.contrib.django import app

from yanlu.insight import pool, releasing
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


@app.periodic(cron="10 6 5-28 * *")
@app.task(name="insight.release", queueing_lock="insight.release", pass_context=False)
def release_statistics(timestamp: int) -> None:
    """From the fifth of a month on, release the one before; a missed day is made up for."""
    releasing.release_due()
