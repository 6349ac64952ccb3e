"""Jobs of dispatch."""

import logging

from procrastinate.contrib.django import app

from yanlu.dispatch.traces import add_meanings, learn_vectors, renew_traces

log = logging.getLogger(__name__)


@app.periodic(cron="23 * * * *")
@app.task(name="dispatch.renew_traces", queueing_lock="dispatch.renew_traces", pass_context=False)
def renew(timestamp: int) -> None:
    """Once an hour, catch up with a new model."""
    renew_traces()


@app.periodic(cron="* * * * *")
@app.task(name="dispatch.add_meanings", queueing_lock="dispatch.add_meanings", pass_context=False)
def mean(timestamp: int) -> None:
    """Once a minute, where a sentence encoder is set up, add what it makes of new matters."""
    add_meanings()


@app.periodic(cron="41 3 * * 0")
@app.task(name="dispatch.learn_vectors", queueing_lock="dispatch.learn_vectors", pass_context=False)
def learn(timestamp: int) -> None:
    """Once a week, learn anew from the installation's own words."""
    try:
        learn_vectors()
    except ValueError as error:
        log.info("no model learnt", extra={"reason": str(error)})
