"""The table of states holds together."""

from hypothesis import given
from hypothesis import strategies as st

from yanlu.cases import states


def test_every_state_can_be_reached_and_every_unended_one_left():
    reached = {step.target for step in states.TABLE} - {"", states.AS_BEFORE}
    assert reached == set(states.ALL)
    for state in set(states.ALL) - states.ENDED:
        assert any(step.target not in ("", state) for step in states.leads_from(state)), state


def test_sources_and_parties_are_known():
    for step in states.TABLE:
        assert step.sources <= set(states.ALL)
        assert step.who <= {
            states.RESIDENT,
            states.MERGED_RESIDENT,
            states.DISPATCHER,
            states.LEAD_UNIT,
            states.LEAD_HEAD,
            states.ASSISTING_UNIT,
            states.VERIFIER,
            states.ARBITER,
            states.DUTY_OFFICER,
            states.CHECKER,
            states.DESK,
            states.REVIEWER,
            states.SYSTEM,
        }
        assert step.reason.endswith(".")


def test_verbs_and_events_are_unique():
    assert len(states.BY_VERB) == len(states.BY_EVENT) == len(states.TABLE)


def test_who_handles_never_closes():
    for step in states.TABLE:
        if step.target == states.CLOSED:
            assert step.who.isdisjoint({states.LEAD_UNIT, states.ASSISTING_UNIT})


def test_who_decided_a_petition_never_reviews_it():
    for step in states.TABLE:
        if step.sources & states.TO_REVIEW:
            assert step.who.isdisjoint({states.LEAD_UNIT, states.LEAD_HEAD, states.ASSISTING_UNIT})


def test_every_waiting_state_is_somebodys_work():
    waiting = set(states.ALL) - states.ENDED
    work = states.TO_DISPATCH | states.TO_HANDLE | states.TO_VERIFY | states.TO_SETTLE
    assert waiting == work | states.TO_REVIEW | states.OPEN_TO_REVIEW | states.PUT_OFF


@given(st.lists(st.sampled_from(states.TABLE), max_size=40))
def test_whatever_acts_are_tried_the_replay_stays_in_the_table(steps):
    state = before = states.OPENED
    for step in steps:
        if state in step.sources:
            before = state if step.verb in ("merge", "suspend") else before
            state = states.after(state, step.event, {"state": before})
            assert state in states.ALL
