"""The demo's messages, handed in and worked on at the times they tell, one act after another."""

import heapq
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from yanlu.cases import (
    access,
    conferences,
    patrols,
    petitions,
    returning,
    selectors,
    services,
    states,
)
from yanlu.dispatch import catalogue
from yanlu.dispatch.knowledge import knowledge
from yanlu.intake import services as intake
from yanlu.kernel import clock, followers
from yanlu.people import roles
from yanlu.people import selectors as people_found
from yanlu.people import services as people
from yanlu.places.selectors import territory
from yanlu.places.territory import SUBDISTRICT
from yanlu.project.demo.files import DATA, read
from yanlu.project.demo.reference import LOADER

if TYPE_CHECKING:
    from yanlu.cases.models import Case
    from yanlu.people.models import Account

Act = Callable[[], object]
#: Acts on the way to each stage, in order.
_HANDLED = ("dispatch", "accept", "contact", "start", "answer")
_DECIDED = ("dispatch", "give_notice", "accept", "contact", "start", "issue_opinion")
WAYS: dict[str, tuple[str, ...]] = {
    states.OPENED: (),
    states.AWAITING_DISPATCH: (),
    states.DISPATCHED: ("dispatch",),
    states.ACCEPTED: ("dispatch", "accept"),
    states.IN_HANDLING: ("dispatch", "accept", "contact", "start"),
    states.ANSWERED: _HANDLED,
    states.CALLBACK: (*_HANDLED, "call_back"),
    states.CLOSED: (*_HANDLED, "call_back", "confirm"),
    states.RETURNED: ("dispatch", "return"),
    states.NOT_ACCEPTED: ("take_back", "decline"),
    states.CANCELLED: ("take_back", "cancel"),
    states.REOPENED: (*_HANDLED, "call_back", "confirm", "reopen"),
    states.RE_HANDLING: (*_HANDLED, "call_back", "object"),
    states.OPINION_GIVEN: _DECIDED,
    states.IN_REVIEW: (*_DECIDED, "ask_review", "name_reviewer"),
    states.RAISED: ("dispatch", "raise"),
    states.DISPUTED: ("dispatch", "return", "refuse_return", "dispute", "convene"),
}
#: The same of what a grid worker found: the catalogue sends it, and there is nobody to contact.
PATROLS: dict[str, tuple[str, ...]] = {
    states.DISPATCHED: (),
    states.IN_HANDLING: ("accept", "start"),
    states.ANSWERED: ("accept", "start", "report"),
}
#: Offices whose work a street's team may take, and the teams of the demo's handlers.
CENTRAL = frozenset({"suggestions_office", "dispatch_centre"})
TEAMS = {"310113003": "urban_management", "310113109": "housing", "310113102": "health"}
CALLBACK_CLERKS, DISPATCHER = ("callback", "callback-hotline"), "dispatcher"


@dataclass
class Tale:
    """One message and the case that came of it."""

    told: dict[str, Any]
    received: datetime
    code: str = ""

    @property
    def way(self) -> tuple[str, ...]:
        """What happens, in order. Who ``asks`` for a written decision does so at once."""
        if "item" in self.told:
            return ("find", *PATROLS[self.told["stage"]])
        asks = ("begin_petition",) if "asks" in self.told else ()
        return ("hand_in", *asks, *WAYS[self.told["stage"]])

    @cached_property
    def case_id(self) -> int:
        """The case, once the followers opened it."""
        found = selectors.case_of_code(self.code)
        if found is None:
            raise LookupError(f"no case for message {self.told['id']}")
        return found.pk

    def moments(self, now: datetime) -> Iterator[tuple[datetime, str]]:
        """When each act happens: spread over what time there is, quicker at first."""
        span = min(now - self.received, timedelta(days=1.5 * len(self.way)))
        for place, step in enumerate(self.way):
            yield self.received + span * (place / len(self.way)) ** 1.5, step


class Narrator:
    """Tells all tales in the order of time."""

    def __init__(self) -> None:
        self._residents = _residents()
        self._handlers: dict[int, Account] = {}
        self._answers = read("messages_answers")

    def tell(self) -> int:
        """Hand everything in and act on it; how many messages."""
        now = clock.now()
        evening = now.replace(hour=18, minute=0) - timedelta(days=now.hour < 18)
        everything = [*messages(), *patrol_finds()]
        tales = [Tale(told, evening - timedelta(days=told["days_ago"])) for told in everything]
        agenda = [
            (at, number, place, step)
            for number, tale in enumerate(tales)
            for place, (at, step) in enumerate(tale.moments(now))
        ]
        heapq.heapify(agenda)
        for _ in tqdm(range(len(agenda)), "Telling the demo's tales", unit="act", disable=None):
            at, number, _place, step = heapq.heappop(agenda)
            with clock.at(at):
                getattr(self, f"_{step}")(tales[number])
        return len(tales)

    def _hand_in(self, tale: Tale) -> None:
        told = tale.told
        resident = self._resident(told)
        staffed = told["channel"] in ("letter", "visit", "phone", "walk")
        words = intake.Words(
            text=told["text"],
            title=told["title"],
            channel=told["channel"],
            kind=told["kind"],
            place_id=place_id(told["place"]),
            account=resident,
            contact=_contact(told) if resident is None else intake.Contact(),
            is_anonymous=told["anonymous"],
            is_confidential=told["confidential"],
            may_publish=told["publish"],
            helper=_account("operator") if staffed else None,
            was_read_back=staffed,
            source="demo",
            source_number=told["id"],
        )
        submission, _ = intake.receive_submission(actor=resident or LOADER, words=words)
        tale.code = submission.query_code
        followers.drain()

    def _find(self, tale: Tale) -> None:
        told = tale.told
        item = next(one for one in catalogue.items() if one.code == told["item"])
        found = patrols.Finding(
            item_id=item.pk, text=told["text"], place_id=place_id(told["place"])
        )
        case = patrols.open_patrol(actor=_account("grid-worker"), finding=found)
        tale.code = case.submission.query_code
        followers.drain()

    def _report(self, tale: Tale) -> None:
        told = tale.told
        form = services.ClosingForm(
            points=told["points"], facts=told["facts"], appeal="", result="solved", way=""
        )
        services.answer_case(actor=self._handler(tale), case_id=tale.case_id, form=form)

    def _dispatch(self, tale: Tale) -> None:
        case = self._case(tale)
        if case.state in states.TO_DISPATCH:
            correction = _named(tale.told) if "unit" in tale.told else _correction(case)
            services.dispatch_case(
                actor=_account(DISPATCHER), case_id=case.pk, correction=correction
            )

    def _take_back(self, tale: Tale) -> None:
        """What was dispatched automatically comes back from its unit first."""
        if self._case(tale).state == states.DISPATCHED:
            self._return(tale)

    def _accept(self, tale: Tale) -> None:
        services.accept_case(actor=self._handler(tale), case_id=tale.case_id)

    def _contact(self, tale: Tale) -> None:
        anonymous = tale.told["anonymous"]
        services.record_contact(
            actor=self._handler(tale),
            case_id=tale.case_id,
            was_reached=not anonymous,
            reason=selectors.reasons("no_contact")[0][0] if anonymous else "",
        )

    def _start(self, tale: Tale) -> None:
        services.start_handling(actor=self._handler(tale), case_id=tale.case_id)

    def _answer(self, tale: Tale) -> None:
        told = tale.told
        said = self._answers[told["answer"]]
        form = services.ClosingForm(
            points=said["points"],
            facts=said["facts"],
            appeal=said["explanation"],
            result=told["result"],
            way="phone" if not told["anonymous"] else "writing",
            on_site=told["result"] == "solved",
            is_public=told["publish"],
        )
        services.answer_case(actor=self._handler(tale), case_id=tale.case_id, form=form)

    def _call_back(self, tale: Tale) -> None:
        services.begin_callback(actor=self._clerk(tale), case_id=tale.case_id)

    def _confirm(self, tale: Tale) -> None:
        rating = tale.told["satisfaction"] or ""
        services.record_callback(
            actor=self._clerk(tale),
            case_id=tale.case_id,
            was_reached=True,
            is_solved=True,
            rating=services.Rating(attitude=rating, outcome=rating),
        )

    def _object(self, tale: Tale) -> None:
        services.record_callback(
            actor=self._clerk(tale),
            case_id=tale.case_id,
            was_reached=True,
            is_solved=False,
            rating=services.Rating(
                "acceptable", "dissatisfied", note="答复了，但问题还在，没有解决。"
            ),
        )

    def _reopen(self, tale: Tale) -> None:
        resident = self._resident(tale.told)
        if resident is not None:
            services.reopen_case(
                actor=resident, case_id=tale.case_id, why="过了几天又和原来一样了，请再来看看。"
            )

    def _begin_petition(self, tale: Tale) -> None:
        petitions.begin_petition(
            actor=self._asker(tale), case_id=tale.case_id, why=tale.told["asks"]
        )

    def _give_notice(self, tale: Tale) -> None:
        petitions.give_notice(
            actor=_account(DISPATCHER),
            case_id=tale.case_id,
            demand=tale.told["asks"],
            enquiries="宝山区信访办公室接待大厅，工作日9:00至17:00",
        )

    def _issue_opinion(self, tale: Tale) -> None:
        parts = petitions.Parts(**self._answers[tale.told["answer"]])
        head = _head(self._case(tale).lead_unit_id)
        petitions.issue_opinion(actor=head, case_id=tale.case_id, parts=parts)

    def _ask_review(self, tale: Tale) -> None:
        petitions.ask_review(
            actor=self._asker(tale), case_id=tale.case_id, why=tale.told["objects"]
        )

    def _name_reviewer(self, tale: Tale) -> None:
        nearest = petitions.possible_reviewers(self._case(tale))[0]
        petitions.name_reviewer(actor=_account(DISPATCHER), case_id=tale.case_id, unit=nearest.pk)

    def _return(self, tale: Tale) -> None:
        returning.return_case(
            actor=self._handler(tale),
            case_id=tale.case_id,
            reason=selectors.reasons("return")[0][0],
            explanation=tale.told.get("return_reason") or "经核实不属于本单位职责，请重新派遣。",
            evidence="对照本单位权责清单，没有此项职责。",
        )

    def _refuse_return(self, tale: Tale) -> None:
        returning.refuse_return(
            actor=_account(DISPATCHER), case_id=tale.case_id, explanation=tale.told["refused"]
        )

    def _dispute(self, tale: Tale) -> None:
        returning.dispute_case(
            actor=self._handler(tale), case_id=tale.case_id, explanation=tale.told["disputed"]
        )

    def _convene(self, tale: Tale) -> None:
        """In three days, with the unit that disputes and the one that it names."""
        case, meeting = self._case(tale), tale.told["conference"]
        other = next(unit for unit in people_found.units() if unit.code == meeting["unit"])
        invitation = conferences.Invitation(
            subject=meeting["subject"],
            reason="deadlock",
            day=clock.today() + timedelta(days=3),
            begins=time(14),
            ends=time(15, 30),
            venue=meeting["venue"],
            chair=meeting["chair"],
            agenda=meeting["agenda"],
            units=[case.lead_unit_id or 0, other.pk],
        )
        conferences.convene_conference(
            actor=_account("supervisor"), numbers=[case.number], invitation=invitation
        )

    def _raise(self, tale: Tale) -> None:
        returning.raise_case(
            actor=self._handler(tale),
            case_id=tale.case_id,
            reason="beyond_remit",
            explanation=tale.told["tried"],
        )

    def _decline(self, tale: Tale) -> None:
        known = {code: reply for code, _, reply in selectors.grounds()}
        ground = tale.told.get("ground")
        code = ground if ground in known else next(iter(known))
        services.decline_case(
            actor=_account(DISPATCHER), case_id=tale.case_id, ground=code, explanation=known[code]
        )

    def _cancel(self, tale: Tale) -> None:
        services.cancel_case(
            actor=_account(DISPATCHER),
            case_id=tale.case_id,
            reason=selectors.reasons("cancel")[0][0],
            explanation=tale.told.get("cancel_reason") or "内容不完整，联系不上反映人。",
        )

    def _case(self, tale: Tale) -> "Case":
        found = selectors.case_of_code(tale.code)
        if found is None:
            raise LookupError(f"no case for message {tale.told['id']}")
        return found

    def _handler(self, tale: Tale) -> "Account":
        """Who handles matters in the case's unit; somebody without sign-in when it has nobody."""
        unit_id = self._case(tale).lead_unit_id
        if unit_id is None:
            raise LookupError(f"message {tale.told['id']} has no unit")
        if unit_id not in self._handlers:
            self._handlers[unit_id] = people_found.handler_of(unit_id) or _new_handler(unit_id)
        return self._handlers[unit_id]

    def _clerk(self, tale: Tale) -> "Account":
        """A callback clerk of a body that has no part in the handling."""
        case = access.get_case(_account(DISPATCHER), tale.case_id)
        clerks = [_account(name) for name in CALLBACK_CLERKS]
        return next(one for one in clerks if states.VERIFIER in access.parties(one, case))

    def _asker(self, tale: Tale) -> "Account":
        resident = self._resident(tale.told)
        if resident is None:
            raise LookupError(f"message {tale.told['id']} belongs to nobody")
        return resident

    def _resident(self, told: dict[str, Any]) -> "Account | None":
        """App and web messages, and whatever a resident reopens, belong to an account."""
        if told["anonymous"]:
            return None
        if told["channel"] in ("web", "mobile") or told["stage"] == states.REOPENED:
            return self._residents[int(told["id"][1:]) % len(self._residents)]
        return None


def messages() -> list[dict[str, Any]]:
    """The demo's messages as written."""
    lines = (DATA / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def patrol_finds() -> list[dict[str, Any]]:
    """What the demo's grid worker finds, as written."""
    found: list[dict[str, Any]] = read("patrols")
    return found


def place_id(name: str) -> int | None:
    """The place that a message names: by its name, a short form or an alias."""
    for node in territory().nodes.values():
        if name in (node.name, *node.aliases) or node.name.startswith(name):
            return node.id
    return None


def _named(told: dict[str, Any]) -> services.Correction:
    """What the message itself says of unit and category."""
    unit = next(one for one in people_found.units() if one.code == told["unit"])
    category = knowledge().by_code["seven", told["category"]]
    return services.Correction(unit_id=unit.pk, category_id=category.id)


def _correction(case: "Case") -> services.Correction:
    """Where the demo's dispatcher decides otherwise than proposed.

    What was meant for an office at the centre goes to the street's own team where one of the
    demo's handlers works, so that each has something to do; what no rule placed to the centre.
    """
    units = {unit.code: unit for unit in people_found.units()}
    proposed = people_found.unit(case.lead_unit_id) if case.lead_unit_id else None
    town = territory().at_level(case.place_id, SUBDISTRICT)
    if proposed is None or proposed.function in CENTRAL:
        local = f"{town.code}-{TEAMS[town.code]}" if town and town.code in TEAMS else ""
        if local:
            return services.Correction(unit_id=units[local].pk)
    if proposed is None:
        return services.Correction(unit_id=units["310113-dispatch_centre"].pk)
    return services.Correction()


def _contact(told: dict[str, Any]) -> intake.Contact:
    if told["anonymous"]:
        return intake.Contact()
    number = int(told["id"][1:])
    return intake.Contact(
        name=f"{'赵钱孙李周吴郑王'[number % 8]}先生", phone=f"1390000{number:04d}"
    )


def _residents() -> "list[Account]":
    found = [people_found.account_by_phone(row["phone"]) for row in read("accounts")["residents"]]
    return [account for account in found if account is not None]


def _account(username: str) -> "Account":
    found = people_found.account_by_username(username)
    if found is None:
        raise LookupError(f"no demo account {username}")
    return found


def _new_handler(unit_id: int) -> "Account":
    return _new_member(unit_id, roles.HANDLER, "承办人")


def _head(unit_id: int | None) -> "Account":
    """Who heads the unit; somebody without sign-in when it has nobody."""
    known = people_found.head_of(unit_id or 0)
    return known or _new_member(unit_id or 0, roles.HEAD, "负责人")


def _new_member(unit_id: int, role: str, called: str) -> "Account":
    unit = people_found.unit(unit_id)
    if unit is None:
        raise LookupError(f"no unit {unit_id}")
    account = people.create_account(
        actor=LOADER, username=f"{role}-{unit.code}", display_name=f"{unit.name}{called}"[:40]
    )
    people.grant_role(actor=LOADER, account=account, name=role, unit=unit)
    return account
