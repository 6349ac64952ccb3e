"""Jobs of dispatch."""

import logging

from procrastinate.contrib.django import app

from yanlu.dispatch import training
from yanlu.kernel import journal
from yanlu.kernel.errors import Invalid

log = logging.getLogger(__name__)

ACTOR = journal.System("dispatch.training")


@app.periodic(cron="20 3 * * *")
@app.task(name="dispatch.train", queueing_lock="dispatch.train", pass_context=False)
def train(timestamp: int) -> None:
    """Every night: learn from what was confirmed, where there is enough that is new."""
    for scheme in training.schemes():
        try:
            trial = training.train_categories(actor=ACTOR, scheme=scheme)
        except Invalid as reason:
            log.info("not trained", extra={"scheme": scheme, "reason": str(reason)})
        else:
            figures = {"new": trial.new.macro_f1, "present": trial.present.macro_f1}
            log.info("trained", extra={"scheme": scheme, **figures})
