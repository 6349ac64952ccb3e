"""Learning from what the dispatcher confirmed: a model takes over when it is better, or not."""

import csv
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from tests import people
from yanlu.dispatch import configuration, courses, selectors, services, shelf, training
from yanlu.dispatch.knowledge import knowledge
from yanlu.dispatch.models import Decision, ModelUse, Rule
from yanlu.dispatch.proposals import Said, propose
from yanlu.kernel import clock, followers, journal
from yanlu.kernel.errors import Invalid, NotFound
from yanlu.kernel.pictures import forget_all
from yanlu.places.selectors import place_by_code
from yanlu.project.demo import story
from yanlu.textkit.model_files import ModelUnusable

pytestmark = pytest.mark.django_db

#: A scheme of the district's own, without a word to begin with: four classes of plants.
OWN = {
    "code": "plants",
    "name": "绿化自定义",
    "name_en": "Plants",
    "is_main": False,
    "categories": [
        {"code": "01", "name": "树木", "name_en": "Trees"},
        {"code": "0101", "parent": "01", "name": "枯枝", "name_en": "Dead branches"},
        {"code": "0102", "parent": "01", "name": "遮光", "name_en": "Shade"},
        {"code": "02", "name": "草坪", "name_en": "Lawns"},
    ],
}
SAID = {
    "0101": ("枯枝随时会掉下来砸人", "大树已经枯死，树皮剥落", "台风后断枝还挂在半空", "树干空心，一推就晃动", "枯树倒下来压坏了晾衣架", "断掉的枯枝卡在电线上", "枯死的香樟没有人来锯", "大风一吹枯枝落满一地"),
    "0102": ("树冠把窗户遮得严严实实", "白天家里也要开灯，光线太暗", "树枝伸进阳台，晒不到太阳", "香樟太高挡住底楼采光", "树荫太密，被子从来晒不干", "窗前的水杉遮掉全部阳光", "采光被树挡住，墙面发霉", "树冠太茂盛，屋里终日阴暗"),
    "02": ("草坪被踩秃了一大片", "草长到膝盖高没有人割", "绿地里停满了电瓶车", "草皮枯黄，到处是狗粪", "有人在绿化带里种起青菜", "草坪积水，变成一片烂泥", "割下的草堆着发臭没人运", "绿地围栏坏了，草被碾平"),
}  # fmt: skip
OPENINGS = (
    "昨天傍晚路过时看到，",
    "我家住在二号楼底层，",
    "物业换了三家都不管，",
    "前年就打过热线反映，",
    "小区老人们天天在讲，",
    "今天带孩子去上学发现，",
    "居委会上次开会提到过，",
    "隔壁单元的邻居告诉我，",
    "退休以后天天在家里，",
    "作为楼组长我要说一句，",
)
DETAILS = (
    "就在中心花园东侧那一块，",
    "离儿童滑梯不到五米远，",
    "拍了照片可以发给你们，",
    "已经拖了将近四个月时间，",
    "夏天的时候尤其厉害，",
    "晚上看不清更加危险，",
    "隔壁小区早就处理好了，",
    "大家凑钱请人弄过一次，",
    "绿化公司说要等通知，",
    "每逢下雨天情况更糟糕，",
)
ENDINGS = (
    "希望尽快派人来看看。",
    "请给一个明确的期限。",
    "不要再互相推来推去。",
    "谢谢你们为民办实事！",
    "电话打过好几次没回音。",
    "能不能周末之前解决？",
    "拜托不要等出了事再管。",
    "我愿意配合你们来量一量。",
    "请园林部门现场查勘。",
    "盼望早点得到一个答复。",
)


@pytest.fixture
def models(settings, tmp_path):
    settings.YANLU_MODELS = tmp_path / "models"
    return settings.YANLU_MODELS


@pytest.fixture
def plants(district, models):
    configuration.load_schemes(actor=people.TESTS, schemes=[OWN])
    return examples()


def examples(start: datetime | None = None) -> list[training.Example]:
    """Two hundred and forty messages, an hour apart; no two share more than two of four parts."""
    begin = start or clock.now() - timedelta(days=30)
    rows = [
        (OPENINGS[i] + said + DETAILS[(i + 2 * j) % 10] + ENDINGS[(i + j) % 10], code)
        for i in range(10)
        for j in range(8)
        for code, said in ((code, sayings[j]) for code, sayings in SAID.items())
    ]
    return [
        training.Example("", text, code, begin + timedelta(hours=number))
        for number, (text, code) in enumerate(rows)
    ]


def learn(rows, **more) -> training.Trial:
    return courses.train_categories(actor=people.TESTS, scheme="plants", examples=rows, **more)


def test_a_scheme_without_words_learns_them_from_what_was_confirmed(plants, models):
    trial = learn(plants)

    assert trial.present.macro_f1 == 0
    assert trial.new.macro_f1 > 0.9
    assert trial.card is not None
    sorter = knowledge().others["plants"]
    assert sorter.version == trial.card.version
    ((best, *_),) = sorter.sort([("", "树枯了，枯枝要掉下来")])
    assert best.key == "0101"
    assert {match.word for match in best.matches} & {"枯", "枯枝", "枝"}


def test_every_decision_says_what_the_other_schemes_make_of_it_and_by_which_model(plants):
    learn(plants)
    submission = people.hand_in("窗户被树冠遮住，家里没有太阳。")
    made = Decision.objects.get(submission=submission)
    best = made.reasons["scheme:plants"][0]
    assert best["name"] == "遮光"
    assert best["because"]
    assert made.method.startswith("lexicon-")


def test_the_lexicon_stays_where_the_model_is_not_better(district, models):
    """Of the demo's own messages the lexicon knows more than two hundred examples teach."""
    begin = clock.now() - timedelta(days=60)
    names = courses.codes_by_name("seven")
    rows = [
        training.Example(
            row["title"] or "", row["text"], names[row["class"]], begin + timedelta(hours=n)
        )
        for n, row in enumerate(story.messages())
    ]
    trial = courses.train_categories(actor=people.TESTS, scheme="seven", examples=rows)
    assert trial.card is None
    assert not trial.is_better
    assert knowledge().sorter.version == ""
    assert not ModelUse.objects.exists()


def test_a_rehearsal_changes_nothing(plants, models):
    assert learn(plants, is_rehearsal=True).is_better
    assert not models.exists()
    assert not ModelUse.objects.exists()


def test_nearly_the_same_message_is_never_on_both_sides(plants):
    again = replace(plants[-1], at=plants[0].at, text=f"【转发】{plants[-1].text}")
    older, newer = training._split(courses._Categories("plants"), [again, *plants])
    assert again not in older
    assert plants[-1] in newer
    assert len(older) + len(newer) == len(plants)
    assert max(one.at for one in older) < min(one.at for one in newer)


def test_few_examples_teach_nothing_and_a_second_training_needs_new_ones(plants):
    with pytest.raises(Invalid, match="至少需要"):
        learn(plants[:50])
    learn(plants)
    with pytest.raises(Invalid, match="新确认的诉求太少"):
        learn(plants)
    with pytest.raises(NotFound):
        courses.train_categories(actor=people.TESTS, scheme="nowhere")


def test_a_rare_category_lends_its_examples_to_the_one_above(plants):
    rare = [one for one in plants if one.label != "0102"]
    rare += [one for one in plants if one.label == "0102"][:2]
    assert {one.label for one in courses._with_room("plants", rare)} == {"0101", "02"}
    assert {one.label for one in courses._with_room("plants", plants)} == {"0101", "0102", "02"}


def test_what_a_dispatcher_confirms_and_corrects_is_learned_from_reports_are_not(district):
    dispatcher = people.account("dispatcher")
    agreed, corrected, report, alone = (
        people.hand_in(), people.hand_in("路灯坏了三天，请来修。"),
        people.hand_in("物业经理收受回扣，请查处。", kind="report"), people.hand_in("楼道堆物，请清理。"),
    )  # fmt: skip
    wanted = courses.codes_by_name("seven")["环境保护"]
    category = knowledge().by_code["seven", wanted].id
    for submission, more in ((agreed, {}), (corrected, {"category_id": category}), (report, {})):
        made = Decision.objects.filter(submission=submission).latest("pk")
        services.correct_decision(actor=dispatcher, decision_id=made.pk, **more)

    found = {one.text: one.label for one in courses.confirmed_examples("seven")}

    assert set(found) == {agreed.text, corrected.text}
    assert found[corrected.text] == wanted
    assert alone.text not in found


# --- units, beside the rules

WANTED = {"0101": "urban_management", "0102": "housing", "02": "health"}


@pytest.fixture
def handled(district, models, tmp_path):
    """The rules say nothing of trees and lawns; the dispatcher knows who cuts and who sows."""
    specific = {line.id for line in knowledge().rules if line.is_specific}
    Rule.objects.filter(pk__in=specific).update(is_active=False)
    forget_all()
    table = tmp_path / "said.csv"
    said = {f"宝林一村：{one.text}": one.label for one in examples()}
    with table.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["编号", "正文"], *([n, text] for n, text in enumerate(said))])
    call_command("import_submissions", str(table), verbosity=0)
    followers.drain()
    for made in Decision.objects.select_related("submission"):
        unit = people.unit(WANTED[said[made.submission.text]], "310113003")
        services.correct_decision(
            actor=people.account("dispatcher"), decision_id=made.pk, unit_id=unit.pk
        )
    yield
    forget_all()


def units_for(text: str, place: str):
    return propose(knowledge(), Said("", text, place_id=place_by_code(place).id)).unit


def test_units_are_learned_from_what_was_done_and_another_town_has_its_own(handled):
    trial = courses.train_units(actor=people.TESTS)
    assert trial.new.accuracy > 0.9 > trial.present.accuracy
    assert trial.card is not None

    for text, function in (("枯枝快掉下来了", "urban_management"), ("草坪枯黄积水", "health")):
        for place, town in ((people.BAOLIN, "310113003"), (people.GUCUN, people.GUCUN)):
            best = units_for(text, place)[0]
            assert best.id == people.unit(function, town).pk
            assert best.because[0] == f"model:{trial.card.version}"
            assert best.because[1].startswith("word:")

    assert selectors.deciders()[-1].version == trial.card.version
    call_command("use_model", "--units", "--back")
    assert selectors.deciders()[-1].version == ""
    assert not any(
        "model:" in why for one in units_for("枯枝", people.BAOLIN) for why in one.because
    )


def test_a_rule_that_says_so_wins_and_past_cases_stand_beside_it(handled):
    courses.train_units(actor=people.TESTS)
    traffic = people.unit("traffic")
    place = place_by_code(people.BAOLIN)
    rule = Rule.objects.filter(is_active=False).first()
    for name in ("category", "place", "unit"):
        setattr(rule, name, None)
    rule.kind = rule.urgency = rule.weekdays = rule.function = ""
    rule.from_hour = rule.to_hour = rule.level = None
    rule.place_id, rule.unit_id, rule.order, rule.is_active = place.id, traffic.pk, 0, True
    rule.save()
    forget_all()

    first, *others = units_for("枯枝快掉下来了", people.BAOLIN)

    assert (first.id, first.because) == (traffic.pk, (f"rule:{rule.name}",))
    assert people.unit("urban_management", "310113003").pk in [one.id for one in others]


def test_too_little_was_done_to_learn_units_from(district, models):
    with pytest.raises(Invalid):
        courses.train_units(actor=people.TESTS)
    with pytest.raises(CommandError):
        call_command("train_categories", "--units")


# --- putting to use, going back, harmed files


def test_going_back_is_one_command_and_stands_in_the_journal(plants, capsys):
    first = learn(plants).card.version
    call_command("use_model", "--back", "--scheme", "plants")
    assert "plants" not in knowledge().others
    call_command("use_model", first)
    assert knowledge().others["plants"].version == first
    verbs = [entry.data["version"] for entry in journal.history(shelf.SUBJECT)]
    assert verbs == [first, "", first]


def test_a_model_that_is_not_there_is_not_used(plants):
    with pytest.raises(NotFound):
        shelf.use_model(actor=people.TESTS, version="nobody-20261126")


def test_of_a_harmed_model_the_one_before_goes_on_and_the_fault_is_shown(plants, models, capsys):
    first = learn(plants).card.version
    later = learn(examples(clock.now() - timedelta(days=10)), is_rehearsal=True)
    assert later.held_out
    (models / "second.npz").write_bytes((models / f"{first}.npz").read_bytes())
    card = (models / f"{first}.json").read_text().replace(first, "second")
    (models / "second.json").write_text(card)
    shelf.use_model(actor=people.TESTS, version="second")
    assert knowledge().others["plants"].version == "second"

    (models / "second.npz").write_bytes(b"nothing of the kind")
    shelf._load.cache_clear()
    forget_all()

    assert knowledge().others["plants"].version == first
    with pytest.raises(SystemExit):
        call_command("models")
    shown = capsys.readouterr()
    assert f"* {first}" in shown.out
    assert "second.npz is not what was written" in shown.err
    with pytest.raises(ModelUnusable):
        shelf.use_model(actor=people.TESTS, version="second")


def test_how_sure_is_sure_enough_follows_from_the_error_that_is_borne(plants):
    learn(plants)
    sorter = knowledge().others["plants"]
    assert sorter.sure_from(0.9, error_rate=0.3) <= sorter.sure_from(0.9, error_rate=0.05)
    assert sorter.sure_from(0.9, error_rate=0.0001) > 1, "a person always looks"
    assert knowledge().category_above == knowledge().automatic_above, (
        "the lexicon goes by the policy"
    )
