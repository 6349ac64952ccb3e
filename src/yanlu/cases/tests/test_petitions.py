"""顾老伯 wants it in writing: noise from the elevated road, an opinion, and two levels above it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import people
from yanlu.cases import (
    access,
    extending,
    files,
    matters,
    merging,
    petitions,
    selectors,
    services,
    states,
)
from yanlu.cases.models import Case
from yanlu.cases.promises import is_overdue
from yanlu.dispatch import selectors as dispatch
from yanlu.kernel import clock
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from yanlu.kernel.workdays import local_day

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=clock.ZONE)
PROPERTIES = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WHY = "答复说列入计划，可去年也是这样说的，没有写明工期，请上级看一看。"
ASKED = "请书面答复：声屏障到底装不装，什么时候装。"


def day(number: int, hour: int = 10) -> datetime:
    """So many days after that Monday."""
    return MONDAY.replace(hour=hour) + timedelta(days=number)


def dispatcher():
    return people.account("dispatcher")


def bureau():
    """The district's traffic bureau, which has the matter."""
    return people.unit("traffic")


def head():
    return people.account("head-traffic")


def district_head():
    return people.account("head-district")


def city_head():
    return people.account("head-city")


def dispatched(**more) -> Case:
    waiting = people.case_of(
        people.hand_in(people.BARRIER, **{"by": people.old_gu(), "kind": "complaint", **more})
    )
    return services.dispatch_case(actor=dispatcher(), case_id=waiting.pk, correction=as_petition())


def as_petition() -> services.Correction:
    return services.Correction(unit_id=bureau().pk, is_petition=True)


@pytest.fixture
def case(district):
    """顾老伯's petition, at the traffic bureau since Monday."""
    with clock.at(MONDAY):
        return dispatched()


def notice(case: Case, **more) -> Case:
    return petitions.give_notice(
        **{
            "actor": people.handler_of(bureau()),
            "case_id": case.pk,
            "demand": "要求在外环高架宝林一村段加装声屏障。",
            "enquiries": "区交通委信访科，工作日9:00至17:30，56789012",
            **more,
        }
    )


def in_handling(case: Case) -> Case:
    notice(case)
    return people.bring_to(case, ["accept", "start"])


def opinion(case: Case, **more) -> Case:
    return petitions.issue_opinion(
        **{"actor": head(), "case_id": case.pk, "parts": people.parts(), **more}
    )


def decided(case: Case) -> Case:
    return opinion(in_handling(case))


def more_time(case: Case, until: date, who=None) -> Case:
    return extending.ask_extension(
        actor=who or people.account("handler-traffic"),
        case_id=case.pk,
        until=until,
        reason="needs_expertise",
        explanation="噪声要在夏季再测一次，监测报告五月中旬才能出来。",
    )


def received_on(case: Case, on: date) -> Case:
    return petitions.record_delivery(actor=dispatcher(), case_id=case.pk, on=on)


def ask(case: Case, *, who=None, second: bool = False) -> Case:
    service = petitions.ask_second_review if second else petitions.ask_review
    return service(actor=who or people.old_gu(), case_id=case.pk, why=WHY)


def name(case: Case, unit) -> Case:
    return petitions.name_reviewer(actor=dispatcher(), case_id=case.pk, unit=unit.pk)


def review(case: Case, who, *, second: bool = False) -> Case:
    service = petitions.decide_second_review if second else petitions.decide_review
    parts = people.parts(outcome="upheld", ruling="维持原处理意见，并要求9月30日前完工。")
    return service(actor=who, case_id=case.pk, parts=parts)


def may(account, case: Case) -> set[str]:
    return {step.verb for step in access.allowed(account, Case.objects.get(pk=case.pk))}


def seen(case: Case, who=None) -> matters.Matter:
    return matters.matter_by_code(case.submission.query_code, who or people.old_gu())


def dates(case: Case) -> dict[str, date | None]:
    """The dates as the resident's page shows them."""
    shown = seen(case).petition
    return {
        line.code: local_day(line.at) if isinstance(line.at, datetime) else line.at
        for line in shown.dates
    }


def test_the_whole_road_to_the_second_review(case):
    with clock.at(day(2)):
        assert dates(case) == {
            "registered": date(2026, 3, 2),
            "notice": date(2026, 3, 17),
            "opinion": date(2026, 5, 1),
        }
        handled = in_handling(case)
        assert seen(case).petition.petition.decide_by == handled.due_at == handled.first_due_at
    with clock.at(day(50)):
        given_out = opinion(case)
        assert (given_out.state, is_overdue(given_out)) == (states.OPINION_GIVEN, False)
        shown = seen(case)
        assert shown.petition.latest.opinion.basis == people.parts().basis
        assert shown.may == {"ask_review"}
        assert dates(case)["window"] == date(2026, 5, 21)
        assert (shown.may_rate, shown.may_reopen) == (False, False)
    with clock.at(day(80)):
        asked = ask(case)
        assert (asked.state, asked.due_at.date()) == (states.IN_REVIEW, date(2026, 6, 20))
        name(case, people.unit("government"))
    with clock.at(day(109)):
        reviewed = review(case, district_head())
        assert (reviewed.state, is_overdue(reviewed)) == (states.REVIEWED, False)
        ask(case, second=True)
        name(case, people.unit("government", "310000"))
    with clock.at(day(140)):
        assert is_overdue(Case.objects.get(pk=case.pk))
        ended = review(case, city_head(), second=True)
    assert (ended.state, ended.ended_at) == (states.FINAL, day(140))
    assert ended.first_due_at == case.first_due_at
    told = [step.event for step in seen(case).steps]
    assert told[-7:] == [
        "case.opinion_issued", "case.review_asked", "case.reviewer_named", "case.review_decided",
        "case.second_review_asked", "case.reviewer_named", "case.second_review_decided",
    ]  # fmt: skip
    assert [paper.name for paper in seen(case).petition.papers] == [
        "opinion", "review", "second_review",
    ]  # fmt: skip


class TestBeginning:
    def test_before_dispatch_the_resident_asks_and_the_clock_is_the_petitions(self, district):
        with clock.at(MONDAY):
            waiting = people.case_of(
                people.hand_in(people.BARRIER, by=people.old_gu(), kind="complaint")
            )
            assert seen(waiting).may == {"begin_petition"}
            petitions.begin_petition(actor=people.old_gu(), case_id=waiting.pk, why=ASKED)
            sent = people.bring_to(waiting, ["dispatch"])
        assert sent.first_due_at.date() == date(2026, 5, 1)
        with pytest.raises(NotAllowed):
            petitions.begin_petition(actor=people.old_gu(), case_id=sent.pk, why=ASKED)

    def test_under_way_only_the_resident_puts_the_promise_off_by_it(self, district):
        with clock.at(MONDAY):
            sent = self.dispatched_as_usual(by=people.aunt_zhou())
            more_time(sent, date(2026, 3, 12), people.handler_of(sent.lead_unit))
            assert "begin_petition" not in may(dispatcher(), sent)
            with transaction.atomic():
                Case.objects.filter(pk=sent.pk).update(state=states.RETURNED)
                with pytest.raises(Invalid):
                    services.dispatch_case(
                        actor=dispatcher(), case_id=sent.pk, correction=as_petition()
                    )
                transaction.set_rollback(True)
        with clock.at(day(3)):
            begun = petitions.begin_petition(
                actor=people.aunt_zhou(), case_id=sent.pk, why="请给我书面的处理意见。"
            )
            team_head = people.account("head-enforcement")
            assert begun.due_at.date() == date(2026, 5, 4)
            assert begun.first_due_at == sent.first_due_at
            assert "ask_extension" in may(team_head, begun)
            assert "review_extension" not in may(team_head, begun), "asked for before; fell away"

    def test_for_who_has_no_account_the_desk_writes_it_down(self, district):
        sent = self.dispatched_as_usual(channel="letter")
        begun = petitions.begin_petition(actor=dispatcher(), case_id=sent.pk, why=ASKED)
        step = files.case_file(dispatcher(), begun.pk).timeline[-1]
        assert (step.event, step.data["helper"]) == ("case.petition_begun", dispatcher().pk)

    def test_what_can_not_be_one_and_that_it_is_merged_with_nothing(self, district):
        for said in ({"kind": "praise"}, {"kind": "report"}, {"is_anonymous": True}):
            waiting = people.case_of(people.hand_in(people.BARRIER, **{"kind": "help", **said}))
            with pytest.raises(Refused):
                services.dispatch_case(
                    actor=dispatcher(), case_id=waiting.pk, correction=as_petition()
                )
            assert files.case_file(dispatcher(), waiting.pk).petition is None
        one, other = dispatched(), people.case_of(people.hand_in(by=people.aunt_zhou()))
        for case, into in ((one, other), (other, one)):
            with pytest.raises(Refused):
                merging.merge_case(
                    actor=dispatcher(), case_id=case.pk, into=into.number, why="说的是同一件事。"
                )

    def dispatched_as_usual(self, **more) -> Case:
        waiting = people.case_of(people.hand_in(**{"kind": "complaint", **more}))
        return people.bring_to(waiting, ["dispatch"])


def test_the_notice_is_owed_until_it_is_given_once_with_its_four_facts(case):
    with clock.at(day(20)):
        people.bring_to(case, ["accept", "start"])
        mine = selectors.QueueFilters(view="petitions")
        (row,) = selectors.queue(people.handler_of(bureau()), mine).rows
        assert row.notice_due_at < clock.now()
        assert not row.is_overdue
        with pytest.raises(NotAllowed):
            opinion(case)
        with pytest.raises(NotFound):
            notice(case, actor=people.account("handler-environment"))
        notice(case)
        with pytest.raises(NotAllowed):
            notice(case, actor=dispatcher())
        assert selectors.counts(dispatcher())["petitions"] == 0
    said = seen(case).petition.petition
    assert (said.notice_unit_id, said.decide_by) == (bureau().pk, case.due_at)
    assert (said.demand, said.enquiries[:6]) == (
        "要求在外环高架宝林一村段加装声屏障。",
        "区交通委信访",
    )


class TestMoreTime:
    def test_the_heads_word_grants_it_once_and_the_resident_reads_why(self, case):
        with clock.at(day(40)):
            in_handling(case)
            more_time(case, date(2026, 5, 31))
            granted = extending.review_extension(actor=head(), case_id=case.pk)
            assert granted.due_at.date() == dates(case)["extended"] == date(2026, 5, 31)
            assert granted.first_due_at == case.first_due_at
            last = seen(case).steps[-1]
            assert (last.event, last.remark.text[:2]) == ("case.extension_granted", "噪声")
            with pytest.raises(NotAllowed):
                more_time(case, date(2026, 6, 5))

    @PROPERTIES
    @given(more=st.integers(-5, 60))
    def test_by_one_to_thirty_days_and_not_by_who_asked(self, case, more):
        until = local_day(case.due_at) + timedelta(days=more)
        with transaction.atomic(), clock.at(day(40)):
            if 0 < more <= 30:
                more_time(case, until, head())
                with pytest.raises(NotAllowed):
                    extending.review_extension(actor=head(), case_id=case.pk)
            else:
                with pytest.raises(Invalid):
                    more_time(case, until)
            transaction.set_rollback(True)


class TestOpinion:
    def test_the_head_signs_all_its_parts_instead_of_an_answer(self, case):
        in_handling(case)
        handler = people.handler_of(bureau())
        for who in (handler, dispatcher()):
            with pytest.raises(NotAllowed):
                opinion(case, actor=who)
        with pytest.raises(NotAllowed):
            services.answer_case(actor=handler, case_id=case.pk, form=people.form())
        for part in ("demand", "facts", "ruling", "basis", "outcome"):
            with pytest.raises(Invalid) as refused:
                opinion(case, parts=replace(people.parts(), **{part: ""}))
            assert refused.value.field == part

    def test_who_only_looks_on_reads_the_papers_masked(self, case):
        told = {name: f"{name}：请打13900000079。" for name in ("demand", "facts", "ruling")}
        opinion(in_handling(case), parts=people.parts(**told))
        for who, reads in (("dispatcher", True), ("supervisor", False)):
            (paper,) = files.case_file(people.account(who), case.pk).petition.papers
            for name in told:
                assert ("13900000079" in getattr(paper.opinion, name)) == reads, (who, name)
        code = case.submission.query_code
        (paper,) = matters.matter_by_code(code, people.neighbour_wu()).petition.papers
        assert "13900000079" not in paper.opinion.facts

    def test_after_it_the_ordinary_ways_are_closed_and_co_signers_read_it_masked(self, case):
        with clock.at(MONDAY):
            second = people.hand_in(
                "我也睡不着。", by=people.aunt_zhou(), seconds_id=case.submission_id
            )
        opinion(in_handling(case), parts=people.parts(ruling="支持顾先生13900000079的请求。"))
        clerk, gu = people.account("callback"), people.old_gu()
        for attempt in (
            lambda: services.begin_callback(actor=clerk, case_id=case.pk),
            lambda: services.rate_answer(actor=gu, case_id=case.pk, is_solved=True),
            lambda: services.reopen_case(actor=gu, case_id=case.pk, why=WHY),
        ):
            with pytest.raises(Conflict):
                attempt()
        shown = matters.matter_by_code(second.query_code, people.aunt_zhou())
        assert shown.may == frozenset()
        assert "13900000079" not in shown.petition.latest.opinion.ruling
        assert shown.petition.latest.opinion.facts == ""

    @PROPERTIES
    @given(received=st.integers(0, 40), later=st.integers(20, 40), hour=st.integers(0, 23))
    def test_a_paper_may_be_reviewed_up_to_the_thirtieth_day_after_it_was_received(
        self, district, received, later, hour
    ):
        on = day(received)
        with transaction.atomic():
            with clock.at(MONDAY):
                by_letter = decided(dispatched(by=None, channel="letter"))
            with clock.at(on):
                assert petitions.lapse_due() == 0
                for wrong in (local_day(MONDAY) - timedelta(days=1), local_day(day(received + 1))):
                    with pytest.raises(Invalid):
                        received_on(by_letter, wrong)
                received_on(by_letter, local_day(on))
                with pytest.raises(NotAllowed):
                    received_on(by_letter, local_day(on))
            with clock.at(day(received + later, hour)):
                if later <= 30:
                    assert petitions.lapse_due() == 0
                    assert ask(by_letter, who=dispatcher()).state == states.IN_REVIEW
                else:
                    with pytest.raises(NotAllowed):
                        ask(by_letter, who=dispatcher())
                    assert (petitions.lapse_due(), petitions.lapse_due()) == (1, 0)
            transaction.set_rollback(True)


class TestReview:
    def test_asked_once_and_decided_above_the_unit_never_by_itself(self, case):
        decided(case)
        with pytest.raises(NotFound):
            ask(case, who=people.neighbour_wu())
        assert "ask_review" not in may(dispatcher(), case)
        ask(case)
        with pytest.raises(Conflict):
            ask(case)
        for unit in (bureau(), people.unit("environment"), people.unit("government", people.GUCUN)):
            with pytest.raises(Invalid):
                name(case, unit)
        above = petitions.possible_reviewers(Case.objects.get(pk=case.pk))
        assert [unit.code for unit in above] == ["310113-government", "310000-government"]
        name(case, people.unit("government"))
        for who in (head(), city_head(), dispatcher()):
            assert "decide_review" not in may(who, case)
        name(case, people.unit("government", "310000"))
        assert "decide_review" in may(city_head(), case)

    def test_not_by_a_head_who_had_a_part_in_it_before(self, case):
        decided(case)
        ask(case)
        people.registry.grant_role(
            actor=people.TESTS, account=head(), name="head", unit=people.unit("government")
        )
        name(case, people.unit("government"))
        assert "decide_review" not in may(head(), case)
        assert "decide_review" in may(district_head(), case)

    def test_its_units_work_until_it_has_decided_and_the_second_by_another(self, case):
        decided(case)
        ask(case)
        assert selectors.counts(district_head())["petitions"] == 0
        name(case, people.unit("government"))
        assert selectors.counts(district_head())["petitions"] == 1
        with pytest.raises(Invalid):
            petitions.decide_review(
                actor=district_head(), case_id=case.pk, parts=people.parts(outcome="supported")
            )
        with pytest.raises(Conflict):
            ask(case, second=True)
        review(case, district_head())
        assert selectors.counts(district_head())["petitions"] == 0
        assert files.case_file(district_head(), case.pk).petition.latest.name == "review"
        with pytest.raises(Conflict):
            ask(case)
        ask(case, second=True)
        with pytest.raises(Invalid):
            name(case, people.unit("government"))


class TestFinal:
    def test_who_asks_for_nothing_ends_it_by_itself_and_final_is_final(self, case):
        with clock.at(day(10)):
            decided(case)
        limit = dispatch.limit("petition_window", day(10))
        type(limit).objects.filter(pk=limit.pk).update(amount=1)  # a date once given stays
        with clock.at(day(40, 23)):
            assert petitions.lapse_due() == 0
        with clock.at(day(41, 0)):
            assert (petitions.lapse_due(), petitions.lapse_due()) == (1, 0)
            assert "final" in dates(case)
            assert seen(case).reopen_until is None
            for attempt in (
                lambda: services.reopen_case(actor=people.old_gu(), case_id=case.pk, why=WHY),
                lambda: ask(case),
            ):
                with pytest.raises(NotAllowed, match="第三十六条"):
                    attempt()

    def test_so_it_does_after_the_first_review(self, case):
        with clock.at(MONDAY):
            decided(case)
            ask(case)
            name(case, people.unit("government"))
        with clock.at(day(35)):
            review(case, district_head())
            assert petitions.lapse_due() == 0
        with clock.at(day(66)):
            assert petitions.lapse_due() == 1
