"""An answer says what is so in this case, or it is held back."""

import pytest

from tests import people
from yanlu.cases import services
from yanlu.cases.models import CasePolicy
from yanlu.kernel.errors import Invalid

pytestmark = pytest.mark.django_db

EMPTY_WORDS = {
    "points": "尊敬的市民，您反映的问题我单位高度重视，已按规定转有关部门处理，感谢您的关心和支持。",
    "facts": "已安排工作人员前往现场核查，相关情况正在进一步处理之中。",
    "appeal": "根据有关规定，您的诉求将依法依规予以办理。",
}


@pytest.fixture
def answered(district):
    """Answers to three residents, one after the other, by the same team."""
    CasePolicy.objects.update(repeats_from=0.7)

    def answer(number: int, **form: str):
        case = people.case_of(people.hand_in(f"{people.STAIRS}第{number}次反映。"))
        case = people.bring_to(case, ["dispatch", "accept", "start"])
        team = people.handler_of(case.lead_unit)
        return services.answer_case(actor=team, case_id=case.pk, form=people.form(**form))

    return answer


def test_the_second_resident_is_not_sent_the_first_one_s_answer(answered):
    first = answered(1, **EMPTY_WORDS)
    with pytest.raises(Invalid, match=rf"\d+%.*{first.number}") as held:
        answered(2, **EMPTY_WORDS | {"facts": EMPTY_WORDS["facts"] + "三天后再看。"})
    assert held.value.field == "points"
    own = {
        "points": "您好，三楼转角的两个旧橱柜已于今天上午搬走，住户也来签了字。",
        "facts": "三楼转角确有旧橱柜两个，挡住了半个楼道，轮椅过不去。",
        "appeal": "消防通道要保持一米二宽，您说得对。",
    }
    assert answered(3, **own).state == "answered"


@pytest.mark.parametrize("field", ["points", "facts", "appeal"])
@pytest.mark.parametrize("words", ["已解决。", "您好，反映问题已办理完毕！", "情况属实，诉求合理"])
def test_the_option_ticked_once_more_is_no_explanation(answered, field, words):
    with pytest.raises(Invalid) as held:
        answered(1, **{field: words})
    assert held.value.field == field


def test_a_district_that_wants_no_such_check_turns_it_off(answered):
    people.let_answers_repeat()
    answered(1, **EMPTY_WORDS)
    assert answered(2, **EMPTY_WORDS).state == "answered"


def test_the_same_case_may_be_answered_again_in_like_words(answered):
    case = people.bring_to(answered(1), ["call_back"])
    case = services.record_callback(
        actor=people.account("callback"),
        case_id=case.pk,
        was_reached=True,
        is_solved=False,
        rating=services.Rating(note="四楼还有一个纸箱。"),
    )
    team = people.handler_of(case.lead_unit)
    assert services.answer_case(actor=team, case_id=case.pk, form=people.form()).state == "answered"
