"""Jobs of oversight."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from yanlu.kernel.errors import Conflict
from yanlu.oversight import reporting
from yanlu.oversight.sweeping import sweep


@app.periodic(cron="* * * * *")
@app.task(name="oversight.sweep", queueing_lock="oversight.sweep", pass_context=False)
def sweep_due(timestamp: int) -> None:
    """Once a minute, do about promises what has come due."""
    sweep()


@app.periodic(cron="*/10 7-9 * * *")
@app.task(name="oversight.ask_planned", queueing_lock="oversight.ask_planned", pass_context=False)
def ask_planned(timestamp: int) -> None:
    """In the morning, ask for the reports that plans have due; a missed time is made up for."""
    reporting.ask_planned()


@app.task(
    name="oversight.draw_up",
    retry=RetryStrategy(max_attempts=5, wait=10, retry_exceptions=[Conflict]),
)
def draw_up(report_id: int) -> None:
    """Draw a report up that was asked for."""
    reporting.draw_up(report_id=report_id)
