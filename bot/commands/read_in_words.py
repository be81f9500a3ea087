"""What the reader understood of a text, in one cell of a table."""

from bot.commands.reading_examples import TODAY
from dialogs.reading import read
from dialogs.reading.found import Found
from qualification.bant import Authority, Budget, Clarity, Company, Contact, Need, Period, Sum, Timeframe, Topic


def fact_heard(text: str, topic: Topic) -> str:
    """The fact about `topic` that is read in `text`, asked about it on the day of the page; a dash for none."""
    reading = read(text, question=topic, now=TODAY)
    match topic:
        case Topic.BUDGET:
            return _budget(reading.budget.value) if reading.budget else NOTHING
        case Topic.TIMEFRAME:
            return _timeframe(reading.timeframe.value) if reading.timeframe else NOTHING
        case Topic.AUTHORITY:
            return _authority(reading.authority.value) if reading.authority else NOTHING
        case Topic.NEED:
            return _need(reading.need.value) if reading.need else NOTHING
        case _:
            return _who(reading.company.value if reading.company else None, reading.contact)


def attributes_heard(text: str) -> str:
    """What is read of who they are, whatever was asked; a dash for nothing."""
    found = read(text, question=None, now=TODAY).attributes
    if found is None:
        return NOTHING
    parts = (found.industry, found.standing, found.department, found.title)
    return ", ".join(str(part.value) for part in parts if part) or NOTHING


NOTHING = "–"


def _budget(value: Budget) -> str:
    if value.clarity is not Clarity.KNOWN:
        return str(value.clarity)
    period = f" / {value.period}" if value.period in (Period.MONTH, Period.YEAR) else f" {value.period or ''}"
    return f"{_range(value.minimum, value.maximum)} {value.currency or ''}{period}".strip()


def _timeframe(value: Timeframe) -> str:
    if value.clarity is not Clarity.KNOWN:
        return str(value.clarity)
    if value.earliest == value.latest:
        return f"{value.latest}"
    return f"{value.earliest} to {value.latest}" if value.latest else f"from {value.earliest} on"


def _authority(value: Authority) -> str:
    return f"{value.role}, {value.approver}" if value.approver else str(value.role)


def _need(value: Need) -> str:
    return ", ".join([str(value.strength), *value.categories]) if value.present else "none"


def _who(company: Company | None, contact: Found[Contact] | None) -> str:
    parts: list[str | None] = []
    if company:
        count = company.headcount
        parts += [company.name, f"{_range(count.minimum, count.maximum)} people" if count else None]
    if contact:
        parts += [contact.value.name, contact.value.email, contact.value.phone]
    return ", ".join(part for part in parts if part) or NOTHING


def _range(minimum: Sum | None, maximum: Sum | None) -> str:
    if minimum is None:
        return f"at most {maximum:,}"
    if maximum is None:
        return f"at least {minimum:,}"
    return f"{minimum:,}" if minimum == maximum else f"{minimum:,} to {maximum:,}"
