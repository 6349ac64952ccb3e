"""Jobs of dispatch."""

import logging
from collections.abc import Callable
from functools import partial

from procrastinate.contrib.django import app

from yanlu.dispatch import courses
from yanlu.dispatch.traces import add_meanings, learn_vectors, renew_traces
from yanlu.dispatch.training import Trial
from yanlu.kernel import journal
from yanlu.kernel.errors import Invalid

log = logging.getLogger(__name__)

ACTOR = journal.System("dispatch.training")


@app.periodic(cron="20 3 * * *")
@app.task(name="dispatch.train", queueing_lock="dispatch.train", pass_context=False)
def train(timestamp: int) -> None:
    """Every night: learn from what was confirmed, where there is enough that is new."""
    lessons: dict[str, Callable[..., Trial]] = {
        scheme: partial(courses.train_categories, scheme=scheme) for scheme in courses.schemes()
    }
    lessons["units"] = courses.train_units
    for name, lesson in lessons.items():
        try:
            trial = lesson(actor=ACTOR)
        except Invalid as reason:
            log.info("not trained", extra={"lesson": name, "reason": str(reason)})
        else:
            figures = {"new": trial.new.macro_f1, "present": trial.present.macro_f1}
            log.info("trained", extra={"lesson": name, **figures})


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
        learn_vectors(actor=ACTOR)
    except ValueError as error:
        log.info("no model learnt", extra={"reason": str(error)})
