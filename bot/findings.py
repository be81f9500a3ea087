"""What an examination found: one part after the other, well or not, and what to do about it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One part: well or not, what we saw, and what to do about it."""

    part: str
    well: bool
    seen: str
    advice: str = ""
