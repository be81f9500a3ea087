"""JSON with blanks: what is filled in reads as if it had been written for each row alone."""

import json

from qualification.database import as_json
from qualification.writing.blanks import BLANK, Form


def test_a_form_filled_in_is_what_each_value_alone_would_be_written_as() -> None:
    hostile = '100 %s "quoted" \\ {bent}\n日本語 %% \\u0000 \x00'

    def value(clock: str, due: str) -> dict[str, object]:
        return {"facts": {"clock": clock, "note": hostile, "due_at": due}, "late": False, "people": [hostile]}

    form = Form(value(BLANK, BLANK))

    for words in (("0c8hq2lmv61t", "2026-05-18T01:00:00+00:00"), ("1", "2")):
        assert json.loads(form.filled(words)) == value(*words)
        assert as_json(form.filled(words)) == as_json(value(*words))
