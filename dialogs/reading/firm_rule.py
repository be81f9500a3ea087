"""One way in which people name their company, and when it counts.

The rules themselves: `japanese_firms`, `english_firms`.
"""

import re
from dataclasses import dataclass

from dialogs.reading.found import SURE
from dialogs.reading.sought import Sought
from qualification.bant import Topic

INTRODUCED = frozenset({Topic.CONTACT, Topic.COMPANY})
ASKED = frozenset({Topic.COMPANY})
OF_NOTES = frozenset({None})


@dataclass(frozen=True, kw_only=True)
class FirmRule:
    """How people name their company. `topics` None is any.

    A name may begin anywhere, so what stands right behind a kind of business is looked for first: `behind_business`.
    """

    letters: Sought
    behind_business: re.Pattern[str] | None = None
    certainty: float = SURE
    topics: frozenset[Topic | None] | None = None
