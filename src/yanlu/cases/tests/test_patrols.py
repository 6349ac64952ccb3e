"""小顾 finds something on patrol; a unit settles it; 阮立夏 sees on site whether it did."""

from datetime import datetime, timedelta

import pytest

from tests import people
from yanlu.cases import access, alike, files, matters, merging, selectors, services, states
from yanlu.cases.models import Case, Check
from yanlu.dispatch.models import CatalogueItem
from yanlu.intake.models import Attachment, Submission
from yanlu.kernel import clock, journal
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from yanlu.kernel.pictures import forget_all
from yanlu.people import roles
from yanlu.people import services as registry
from yanlu.places.selectors import place_by_code

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=clock.ZONE)
VAGUE = "这里的事情说了很久，请来看一看。"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def case(district) -> Case:
    """A manhole cover in 宝林一村, found by 小顾 on Monday."""
    with clock.at(MONDAY):
        return people.find()


def may(account, case: Case) -> set[str]:
    return {step.verb for step in access.allowed(account, Case.objects.get(pk=case.pk))}


def at(code: str) -> dict[str, float]:
    node = place_by_code(code)
    return {"lat": node.lat, "lon": node.lon}


def change(code: str, **fields) -> None:
    """An administrator edits an item of the catalogue."""
    CatalogueItem.objects.filter(code=code).update(**fields)
    forget_all()


def answered(case: Case) -> Case:
    handler = people.handler_of(case.lead_unit)
    services.accept_case(actor=handler, case_id=case.pk)
    services.start_handling(actor=handler, case_id=case.pk)
    form = people.form(appeal="", way="", points="井盖已经换好，周围的路面也补平了。")
    return services.answer_case(actor=handler, case_id=case.pk, form=form)


class TestOpening:
    def test_sorted_by_the_catalogue_it_is_at_its_unit_at_once(self, case):
        item, said = people.item("M01"), case.submission
        assert (case.state, case.title) == (states.DISPATCHED, item.name)
        assert case.lead_unit.code == "310113003-construction"
        assert (case.category, case.urgency) == (item.category, "danger")
        assert case.due_at == MONDAY + timedelta(hours=2)
        assert case.decision.also == {"grid": item.grid_category_id}
        rows = journal.history(journal.Subject("case", case.pk))
        (sent,) = [row for row in rows if row.verb == "case.dispatched"]
        assert sent.data["ground"] == item.ground
        assert (said.channel, said.helper, said.account_id) == ("walk", people.gu(), None)
        assert (said.identity_id, said.may_publish) == (None, False)
        assert Attachment.objects.filter(submission=said).count() == 1

    def test_the_position_says_where_and_the_same_words_are_another_case(self, district):
        first, second = (people.find(place="", **at(people.BAOLIN)) for _ in range(2))
        assert first != second
        assert first.place.code == people.BAOLIN
        assert first.decision.reasons["place"][0]["because"] == ["point:"]

    def test_a_neighbourhood_gets_at_once_only_what_is_on_its_list(self, district):
        near = people.find("G06", text="楼道里堆满了纸箱，走不过去。")
        assert (near.state, near.lead_unit.function) == (
            states.DISPATCHED,
            "neighbourhood_committee",
        )
        change("D03", function="neighbourhood_committee", level=4)
        waits = people.find("D03", text="弄堂口有流动摊贩。")
        assert waits.state == states.AWAITING_DISPATCH
        with pytest.raises(NotAllowed, match="准入清单"):
            services.dispatch_case(actor=people.account("dispatcher"), case_id=waits.pk)

    def test_without_a_unit_it_waits_for_a_dispatcher(self, district):
        change("M01", function="nobody")
        waits = people.find()
        assert (waits.state, waits.lead_unit_id) == (states.OPENED, None)
        sent = services.dispatch_case(
            actor=people.account("dispatcher-youyilu"),
            case_id=waits.pk,
            correction=services.Correction(unit_id=people.unit("construction", "310113003").pk),
        )
        assert (sent.state, sent.patrol_by) == (states.DISPATCHED, people.gu())

    def test_sent_twice_over_a_bad_line_it_is_opened_once(self, district):
        first = people.find(key="patrol:1:a", digest="x")
        assert people.find(key="patrol:1:a", digest="x") == first
        with pytest.raises(Conflict):
            people.find(key="patrol:1:a", digest="y")
        assert Case.objects.count() == Submission.objects.count() == 1


class TestRefused:
    def test_outside_the_territory_and_to_who_is_no_grid_worker(self, district):
        for who in ("handler-enforcement", "dispatcher", "callback", "facilitator"):
            with pytest.raises(NotAllowed):
                people.find(by=people.account(who))
        for where in (
            {"place": people.GUCUN},
            {"place": "", **at(people.GUCUN)},
            {"place": people.BAOLIN, **at(people.GUCUN)},
            {"by": people.ruan(), "place": "310113003"},
        ):
            with pytest.raises(NotAllowed):
                people.find(**where)
        assert Submission.objects.count() == 0

    def test_what_where_and_a_photo_have_to_be_clear(self, district):
        for field, said in (
            ("place", {"place": ""}),
            ("lat", {"place": "", "lat": 0.0, "lon": 0.0}),
            ("photos", {"files": []}),
            ("text", {"text": "坏"}),
        ):
            with pytest.raises(Invalid) as refused:
                people.find(**said)
            assert refused.value.field == field
        assert Submission.objects.count() == 0
        heard = people.find("J01", text="工地半夜还在打桩。", files=[])
        assert heard.state == states.DISPATCHED


class TestCheck:
    def test_another_grid_worker_sees_on_site_that_it_is_settled(self, case):
        done = answered(case)
        assert [row.id for row in selectors.to_check(people.ruan())] == [done.pk]
        assert may(people.ruan(), done) == {"find_settled", "find_unsettled"}
        broken = people.shot()
        broken.file.truncate(20)
        with pytest.raises(Invalid):
            people.check(done, photo=broken)
        closed = people.check(done, note="盖子平了，踩上去不响。")
        assert (closed.state, closed.ended_at is None) == (states.CLOSED, False)
        told = files.case_file(people.account("dispatcher"), case.pk).timeline[-1]
        assert (told.check.note, told.data["photo"]) == ("盖子平了，踩上去不响。", told.check.file)
        assert files.check_photo(people.gu(), told.check.pk) == told.check
        with pytest.raises(NotFound):
            files.check_photo(people.account("handler-health"), told.check.pk)

    def test_not_settled_it_is_handled_again_within_three_working_days(self, case):
        with clock.at(MONDAY + timedelta(hours=1)):
            done = answered(case)
            with pytest.raises(Invalid):
                people.check(done, is_settled=False)
            again = people.check(done, is_settled=False, note="盖子还是响。")
        assert (again.state, again.first_due_at) == (states.RE_HANDLING, case.first_due_at)
        assert again.due_at > case.due_at

    def test_who_found_it_handles_it_or_calls_residents_back_verifies_nothing(self, case):
        done = answered(case)
        unit = people.handler_of(case.lead_unit)
        registry.grant_role(
            actor=people.TESTS, account=people.ruan(), name=roles.HANDLER, unit=case.lead_unit
        )
        assert selectors.to_check(people.ruan()) == []
        others = ("callback", "dispatcher", "supervisor", "facilitator", "handler-health")
        for who in (people.gu(), people.ruan(), unit, *map(people.account, others)):
            with pytest.raises(Refused):
                people.check(done, by=who)
            with pytest.raises(Refused):
                services.begin_callback(actor=who, case_id=done.pk)
        assert Check.objects.count() == 0

    def test_a_resident_is_asked_and_never_checked_instead(self, district):
        handed_in = people.bring_to(
            people.case_of(people.hand_in(by=people.aunt_zhou())), people.HANDLED
        )
        with pytest.raises(NotFound):
            people.check(handed_in)
        assert "call_back" in may(people.account("callback"), handed_in)


def test_who_found_it_sees_how_it_stands_and_nobody_is_to_be_called(case):
    (row,) = selectors.found_by(people.gu())
    assert (row.id, row.state) == (case.pk, states.DISPATCHED)
    file = files.case_file(people.gu(), case.pk)
    assert (file.words, file.allowed) == (people.COVER, [])
    assert selectors.found_by(people.ruan()) == []

    done = answered(case)
    view = selectors.QueueFilters(view="to_verify")
    rows = selectors.queue(people.account("callback"), view).rows
    assert done.pk not in {row.id for row in rows}


def test_the_unit_of_a_patrols_case_has_no_contact_to_record(case):
    handler = people.handler_of(case.lead_unit)
    services.accept_case(actor=handler, case_id=case.pk)
    assert "contact" not in may(handler, case)
    with pytest.raises(NotAllowed):
        services.record_contact(actor=handler, case_id=case.pk, was_reached=True)


class TestBesideResidents:
    def test_nobody_is_shown_what_a_patrol_found_or_joins_it(self, district):
        case = people.find(text=people.STAIRS)
        assert alike.open_alike(people.STAIRS, place_by_code(people.BAOLIN).id) == []
        seconding = people.hand_in(by=people.aunt_zhou(), seconds_id=case.submission_id)
        assert people.case_of(seconding) != case

    def test_of_the_same_matter_the_residents_case_goes_on(self, district):
        found = people.find("M03", text=people.COVER)
        resident = people.case_of(people.hand_in(people.COVER, by=people.aunt_zhou()))
        people.bring_to(resident, ("dispatch",))
        merge = {"actor": people.account("dispatcher"), "why": "同一个井盖。"}
        with pytest.raises(Invalid):
            merging.merge_case(case_id=resident.pk, into=found.number, **merge)
        merged = merging.merge_case(case_id=found.pk, into=resident.number, **merge)
        assert (merged.state, merged.merged_into) == (states.MERGED, resident)


class TestOneClick:
    def test_unit_limit_category_and_ground_come_from_the_catalogue(self, district):
        zhou, item = people.aunt_zhou(), people.item("D03")
        waiting = people.case_of(people.hand_in(VAGUE, by=zhou))
        sent = services.dispatch_by_catalogue(
            actor=people.account("dispatcher"), case_id=waiting.pk, item=item.pk
        )
        assert (sent.state, sent.lead_unit.code) == (
            states.DISPATCHED,
            "310113003-urban_management",
        )
        assert (sent.category, sent.decision.item) == (item.category, item)
        told = matters.matter_by_code(waiting.submission.query_code, zhou).steps[-1]
        assert told.data["ground"] == item.ground

    def test_not_past_the_neighbourhoods_list_and_not_by_who_does_not_dispatch(self, district):
        waiting = people.case_of(people.hand_in(VAGUE))
        click = {"case_id": waiting.pk, "item": people.item("D03").pk}
        for who in ("handler-enforcement", "callback", "grid-worker"):
            with pytest.raises(Refused):
                services.dispatch_by_catalogue(actor=people.account(who), **click)
        change("D03", function="neighbourhood_committee", level=4)
        with pytest.raises(NotAllowed, match="准入清单"):
            services.dispatch_by_catalogue(actor=people.account("dispatcher"), **click)
        assert Case.objects.get(pk=waiting.pk).state == waiting.state
