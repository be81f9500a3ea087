"""A reading as plain JSON, in the shape labelled test sets use: one act, and one key for each thing that was said."""

from datetime import date
from decimal import Decimal
from typing import Any

from dialogs.reading.found import Reading
from dialogs.reading.text import Text
from dialogs.reading.yes_no import agreement
from qualification.bant import Budget, Company, Contact, Need, Sum, Timeframe

DAYS_PER_MONTH = 30.4375


def conventions_json(reading: Reading, today: date) -> dict[str, Any]:
    """`today` is the speaker's date; months are counted from it, in months of 30.4375 days with one decimal.

    Keys that would say nothing are left out. `yesno` tells whether the text plainly agrees or refuses.
    """
    told: dict[str, Any] = {"act": str(reading.act)}
    if reading.budget:
        told["budget"] = _budget(reading.budget.value)
    if reading.authority:
        told["authority"] = str(reading.authority.value.role)
        if reading.authority.value.approver:
            told["approver"] = reading.authority.value.approver
    if reading.need:
        told["need"] = _need(reading.need.value)
    if reading.timeframe:
        told["timeframe"] = _timeframe(reading.timeframe.value, today)
    if contact := _contact(
        reading.company.value if reading.company else Company(), reading.contact.value if reading.contact else Contact()
    ):
        told["contact"] = contact
    if (agreed := agreement(Text.of(reading.text))) is not None:
        told["yesno"] = agreed
    return told


def _budget(value: Budget) -> dict[str, Any]:
    return {
        "min": _number(value.minimum),
        "max": _number(value.maximum),
        "currency": value.currency,
        "period": value.period and str(value.period),
        "status": str(value.clarity),
    }


def _number(value: Sum | None) -> int | float | None:
    return float(value) if isinstance(value, Decimal) else value


def _need(value: Need) -> dict[str, Any]:
    return {
        "present": value.present,
        "strength": value.strength and str(value.strength),
        "categories": list(value.categories),
    }


def _timeframe(value: Timeframe, today: date) -> dict[str, Any]:
    return {
        "months_min": _months(value.earliest, today),
        "months_max": _months(value.latest, today),
        "by": value.latest and value.latest.isoformat(),
        "status": str(value.clarity),
    }


def _months(day: date | None, today: date) -> float | None:
    return None if day is None else max(0.0, round((day - today).days / DAYS_PER_MONTH, 1))


def _contact(company: Company, contact: Contact) -> dict[str, Any]:
    told: dict[str, Any] = {
        "email": contact.email,
        "phone": contact.phone,
        "company": company.name,
        "name": contact.name,
    }
    if company.headcount:
        told["headcount"] = {"min": company.headcount.minimum, "max": company.headcount.maximum}
    return {key: value for key, value in told.items() if value is not None}
