"""What people agree to has a name; who changes the words must give them a new one (qualification/consent.py)."""

import tomllib
from hashlib import sha256
from pathlib import Path

from qualification.consent import WORDINGS, Purpose

TEMPLATES = Path(__file__).parents[2] / "templates"
WORDS_OF = {
    "enquiry-2": "b5f3298b1fa3",
    "receipt_mail-1": "06d955ea3b82",
    "tracking-1": "f5712ca08fb7",
}


def words_of(purpose: Purpose) -> str:
    if purpose is Purpose.ENQUIRY:
        texts = [
            TEMPLATES.joinpath(f"prompts/greeting.{language}.txt.j2").read_text("utf-8") for language in ("ja", "en")
        ]
    else:
        tables = [
            tomllib.loads(TEMPLATES.joinpath(f"labels.{language}.toml").read_text("utf-8")) for language in ("ja", "en")
        ]
        texts = [table["consent"][purpose] for table in tables]
    return sha256("\n".join(texts).encode()).hexdigest()[:12]


def test_a_wording_somebody_agreed_to_never_changes_under_its_name() -> None:
    assert {WORDINGS[purpose]: words_of(purpose) for purpose in Purpose} == WORDS_OF, "new words need a new name"
