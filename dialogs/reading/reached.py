"""How to reach the person, and their name: what a prospect writes under "your contact details", or a rep notes down.

inoue (at) example.jp / 03-9876-5432       inoue@example.jp, +81398765432
株式会社オリーブの清水です                   清水
I already wrote to support@vendor.example   nothing: that is not theirs
"""

from dialogs.reading.addresses import email, phone
from dialogs.reading.clarity import Ignored
from dialogs.reading.found import Found
from dialogs.reading.person_name import name
from dialogs.reading.text import Text
from qualification.bant import Contact, Topic


def find(text: Text, *, asked: Topic | None, ignore: Ignored = (), no_name: Ignored = ()) -> Found[Contact] | None:
    """Name, e-mail (lower case) and phone (E.164) of the speaker; None when the text gives none of them.

    `ignore` are spans of `plain` that are not the person's own statement (a question, an instruction to the bot);
    `no_name` are those where words refuse or do not know.
    """
    address, number = email(text, ignore), phone(text, ignore)
    who = name(text, asked, (*ignore, *no_name), [part for part in (address, number) if part])
    parts = [part for part in (who, address, number) if part]
    if not parts:
        return None
    start, end = min(part.start for part in parts), max(part.end for part in parts)
    return Found(
        value=Contact(
            name=who.value if who else None,
            email=address.value if address else None,
            phone=number.value if number else None,
        ),
        span=text.span(start, end),
        words=text.words(start, end),
        certainty=min(part.certainty for part in parts),
        rule="contact."
        + "+".join(kind for kind, part in (("name", who), ("email", address), ("phone", number)) if part),
    )
