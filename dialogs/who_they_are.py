"""What they say of themselves beside name and firm, as it is kept: asked of nobody, read back to nobody (M55, M61).

製造業の佐藤です        kept with the name
製造業です            kept alone, and the question stands
部長です             asked who decides: perhaps somebody else's title, which is not kept as theirs
"""

from typing import Any

from dialogs import named_decider
from dialogs.reading.found import UNSURE, Found, Reading
from qualification.bant import Company, Contact, Role, Topic, Value

Told = tuple[Value, Found[Any]]
"""The value, and what was found of it first."""


def told_beside(reading: Reading, asked: Topic | None) -> dict[Topic, Told]:
    """What counts as said of the firm and of the person, beside what the reading itself knows of them."""
    said = reading.attributes
    if said is None:
        return {}
    told: dict[Topic, Told] = {}
    if said.industry:
        told[Topic.COMPANY] = (Company(industry=said.industry.value), said.industry)
    is_theirs = asked is not Topic.AUTHORITY or not _may_be_anothers(reading)
    title, department = (said.title, said.department) if is_theirs else (None, None)
    if first := said.standing or title or department:
        contact = Contact(
            standing=said.standing.value if said.standing else None,
            title=title.value if title else None,
            department=department.value if department else None,
        )
        told[Topic.CONTACT] = (contact, first)
    return told


def _may_be_anothers(reading: Reading) -> bool:
    who = named_decider.as_asked(reading)
    return who is not None and (who.value.role is Role.NEEDS_APPROVAL or who.certainty < UNSURE)
