"""Forms in front of a document, and what becomes of an answer (M111-M115).

A stranger is asked two things. Their first answer makes a lead and gives them a token; who comes again with it is asked
what they have not told yet. What a form asks depends on its own visitor alone, never on what we know of a lead from
elsewhere: an address somebody typed in proves nothing. So what they tell of a lead we knew fills what is unknown about
it, and never takes the place of an answer; a visitor whose first answer made the lead is who they say (D29).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlmodel import Session

from bot.bootstrap import Services
from bot.lists.bringing_in import PLAN, RowFate, Terms, bring_in, keys
from bot.lists.columns import Column
from bot.lists.entry import LONGEST_COMPANY, LONGEST_PERSON, BadRow, Entry, entry_of
from bot.typed import readable
from bot.web.tokens import hash_of
from bot.words import Words
from dialogs.playbook import shipped_playbook
from dialogs.reply import quick_replies
from qualification import leads
from qualification.answers import BY_ADDRESS, PROSPECT
from qualification.bant import Industry, Topic
from qualification.capture_form import CaptureForm
from qualification.ids import random_id
from qualification.records import FormVisitor, Lead
from qualification.store import Load, Store, Transaction
from qualification.writing.waiting_line import Lane

FORM = "form"  # where the answers come from
LONGEST_FIELD = 200
LONGEST = {"company": LONGEST_COMPANY, "person": LONGEST_PERSON}
KINDS = {Column.EMAIL: "email", Column.PHONE: "tel"}


class FormUnknown(LookupError):
    """The policy has no form of this name."""


class BadAnswer(ValueError):
    """Fields that cannot be taken as they are; `wrong` says why in a word, by field: missing, unreadable, too_long."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {why}" for name, why in wrong.items()))
        self.wrong = dict(wrong)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing a form asks. `choices`: value and label of each, where there is nothing to type."""

    name: str
    label: str
    kind: str
    required: bool
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a form sends. `id` is made by the page: the same one again counts once; `token` is the visitor's."""

    form: str
    id: str
    token: str
    language: str
    fields: Mapping[str, str]


def form_named(store: Store, name: str) -> CaptureForm:
    """Raises FormUnknown."""
    form = store.policy.forms.get(name)
    if form is None:
        raise FormUnknown(f"no form {name!r}")
    return form


async def asked_of(services: Services, name: str, token: str, language: str) -> tuple[Field, ...]:
    """What the form asks whoever has this token; of a stranger what stands first. Raises FormUnknown."""
    form = form_named(services.store, name)
    told = await services.store.look(lambda session: _told(session, token)) if token else None
    fields = form.asks(told)
    return tuple(_field(field, services.words, language, required=told is None) for field in fields)


def _told(session: Session, token: str) -> list[str] | None:
    visitor = session.get(FormVisitor, hash_of(token))
    return visitor.told if visitor else None


def _field(name: str, words: Words, language: str, *, required: bool) -> Field:
    return Field(
        name=name,
        label=words.label("form_fields", name, language),
        kind=KINDS.get(Column(name), "text"),
        required=required,
        choices=_choices(name, words, language),
    )


def _choices(name: str, words: Words, language: str) -> tuple[tuple[str, str], ...]:
    if name == Column.INDUSTRY:
        return tuple((one.value, words.label("industry", one, language)) for one in Industry)
    question = next((one for one in shipped_playbook().questions if one.about == name), None)
    if name not in (Topic.TIMEFRAME, Topic.BUDGET) or question is None:
        return ()
    replies = quick_replies(question).as_json()
    labels = [words.choice(replies["of"], value, language) for value in replies["values"] if value != "skip"]
    return tuple((label, label) for label in labels)  # read again as if it had been typed


async def take(services: Services, answer: Answer) -> None:
    """Keep what was told, once and durably: a lead is made or learns, and is judged. Raises FormUnknown, BadAnswer."""
    store = services.store
    form = form_named(store, answer.form)
    hashed, lead_id = hash_of(answer.token), random_id()
    told = {name: text for name, given in answer.fields.items() if (text := readable(given))}
    entry = _entry(told, answer, store)
    terms = Terms(by=PROSPECT, via=FORM, beside_as=BY_ADDRESS, origin="inbound", source=answer.form,
                  activity=form.activity, start_clocks=True)  # fmt: skip
    plan = (Load(FormVisitor, "token_hash"), *PLAN)
    work = _taking(form, entry, terms, told, hashed, lead_id)
    await store.run(work, plan, hashed, *keys(entry, lead_id, terms), lane=Lane.VISITORS)


def _entry(told: Mapping[str, str], answer: Answer, store: Store) -> Entry:
    cells = {Column(name): text for name, text in told.items()} | {Column.LANGUAGE: answer.language}
    too_long = {name: "too_long" for name, text in told.items() if len(text) > LONGEST.get(name, LONGEST_FIELD)}
    if too_long:
        raise BadAnswer(too_long)
    try:
        entry = entry_of(cells, now=store.clock().astimezone(store.policy.working_hours.zone), of_somebody_known=True)
    except BadRow as bad:
        raise BadAnswer(dict.fromkeys(bad.columns, "unreadable")) from bad
    who = told.get(Column.EMAIL) or told.get(Column.PHONE) or answer.token
    return replace(entry, digest=hash_of(f"{who} {answer.id}"))


def _taking(
    form: CaptureForm, entry: Entry, terms: Terms, told: Mapping[str, str], hashed: str, lead_id: str
) -> Callable[[Transaction], None]:
    def work(tx: Transaction) -> None:
        visitor = tx.peek(FormVisitor, hashed)
        if visitor is None and (missing := [name for name in form.first if name not in told]):
            raise BadAnswer(dict.fromkeys(missing, "missing"))
        known = replace(entry, lead_id=visitor.lead_id) if visitor else entry
        brought = bring_in(tx, known, lead_id, _in_person(terms) if visitor and _made(tx, visitor) else terms)
        if brought.fate in (RowFate.CREATED, RowFate.COMPLETED) and not form.document:
            leads.want_document(tx, tx.get(Lead, brought.lead_id), form=terms.source or "")
        if visitor is None:
            tx.add(FormVisitor(token_hash=hashed, lead_id=brought.lead_id, told=sorted(told), at=tx.now))
        else:
            visitor.told = sorted({*visitor.told, *told})

    return work


def _made(tx: Transaction, visitor: FormVisitor) -> bool:
    """Whether the lead began with this visitor's first answer: nobody else is meant by what they say."""
    lead = tx.peek(Lead, visitor.lead_id)
    return lead is not None and lead.created_at == visitor.at


def _in_person(terms: Terms) -> Terms:
    return replace(terms, firsthand=True, beside_as="")
