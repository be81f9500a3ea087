"""What the speaker's own place at work says of who decides, where nothing they say does."""

from collections.abc import Sequence

from dialogs.reading import english_signature, offices, who_decides
from dialogs.reading.agreed import agreed
from dialogs.reading.believed_firms import has_an_owner
from dialogs.reading.decider_rules import NAMES_SOMEBODY
from dialogs.reading.found import FAIR, Found, Span
from dialogs.reading.intent import colleagues
from dialogs.reading.introductions import job_of
from dialogs.reading.text import Text, cased
from dialogs.reading.unlisted_deciders import works_in_a_department
from qualification.bant import Authority, Company, Contact, Role, Topic

_DECIDES = {True: Authority(role=Role.DECISION_MAKER), False: Authority(role=Role.NONE)}


def authority(
    own: Text,
    told: Text,
    earlier: Sequence[str],
    contact: Found[Contact] | None,
    company: Found[Company] | None,
    asked: Topic | None,
) -> Found[Authority] | None:
    """Who decides, as the text says or else the speaker's place at work.

    `told` is `own` without its wishes, `earlier` what they take back: behind "I said I decide" a word answers that
    question, whatever was asked last.
    """
    if any(who_decides.speaks_of_it(words) for words in earlier):
        asked = Topic.AUTHORITY
    who = who_decides.find(told.without(colleagues(told)), asked=asked)
    if who and who.rule in NAMES_SOMEBODY and (works := _employed(own, contact, company, asked)):
        return works  # "Ann Lee, bursar": it is she who speaks
    who = who or agreed(own, asked, Topic.AUTHORITY, _DECIDES)
    return who or _employed(own, contact, company, asked) or _of_a_department(told, company, asked)


def _of_a_department(told: Text, company: Found[Company] | None, asked: Topic | None) -> Found[Authority] | None:
    """Asked for their firm or their name, 「財務部です」 tells where they work, and 「青山設計室」 who they are."""
    if told.language != "ja" or asked not in (Topic.COMPANY, Topic.CONTACT):
        return None
    works = works_in_a_department(told)
    is_the_firm = works and company and has_an_owner(company.value.name or "")
    return None if is_the_firm else works


def _employed(
    own: Text, contact: Found[Contact] | None, company: Found[Company] | None, asked: Topic | None
) -> Found[Authority] | None:
    """「総務課の吉田」, "Ann Lee, bursar, Hill School": what they do there tells what they may decide."""
    if contact is None or not contact.value.name:
        met = offices.met_in(own.plain) if asked is None and own.language == "ja" else None
        return _works_there(own, met) if met else None
    written, name = cased(own), contact.value.name
    if own.language == "ja":
        place = offices.department_of(written, name)
        firm_name = (company.value.name if company else None) or ""
        if place and firm_name and written.endswith(firm_name, 0, place[1]):
            place = None  # みどり薬局の佐藤: the firm itself
    else:
        place = job_of(own, asked, name)
        if place and asked is not Topic.AUTHORITY and not who_decides.is_a_title(own.words(*place)):
            place = None  # "Jane Poe, baker", "Hamish, accounts"
        place = place or english_signature.department_of(written, name)
    return _works_there(own, place) if place else None


def _works_there(own: Text, place: Span) -> Found[Authority]:
    decides = own.language == "en" and who_decides.title_decides(own.words(*place))
    role = Role.DECISION_MAKER if decides else Role.INFLUENCER
    return own.fact(Authority(role=role), *place, certainty=FAIR, rule="authority.department")
