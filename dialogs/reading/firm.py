"""Which company speaks, and how many people work there.

株式会社サンライズ食品、従業員85名            株式会社サンライズ食品, 85
I'm Kenji Watanabe from Hikari Foods Co., Ltd.   Hikari Foods Co., Ltd.
the group has 20,000 people but our company is 300   300
"""

from dialogs.reading.clarity import Ignored
from dialogs.reading.firm_name import firm_name
from dialogs.reading.found import SURE, Found, Part, Span
from dialogs.reading.headcount import Counted, headcount
from dialogs.reading.houses import with_its_house
from dialogs.reading.text import Text, cased
from qualification.bant import Company, Headcount, Topic


def find(text: Text, *, asked: Topic | None, ignore: Ignored = (), no_name: Ignored = ()) -> Found[Company] | None:
    """Name (as written, with its legal form) and headcount of the speaker's company; None when neither is said.

    `ignore` are spans of `plain` that are not the person's own statement (a question, an instruction to the bot);
    `no_name` are those where words refuse or do not know: 「非公開です」 is no company's name.
    """
    count = headcount(text, asked, ignore)
    no_name = (*ignore, *no_name)
    if count and _in_words(text, count) and (named := _with_a_count(count, firm_name(text, asked, no_name))):
        count = headcount(text, asked, (*ignore, named))
    name = firm_name(text, asked, (*no_name, (count.start, count.end)) if count else no_name)
    if name and text.language == "ja":
        name = with_its_house(cased(text), name)
    if name is None and count is None:
        return None
    parts = [part for part in (name, count) if part]
    start, end = min(part.start for part in parts), max(part.end for part in parts)
    return Found(
        value=Company(
            name=name.value if name else None,
            headcount=Headcount(minimum=count.minimum, maximum=count.maximum) if count else None,
        ),
        span=text.span(start, end),
        words=text.words(start, end),
        certainty=min(part.certainty for part in parts),
        rule="company." + "+".join(kind for kind, part in (("name", name), ("headcount", count)) if part),
    )


def _in_words(text: Text, count: Counted) -> bool:
    """Whether a count may be of a firm's name: "Twenty Four", but never 24."""
    return text.language == "en" and text.plain[count.start].isalpha()


def _with_a_count(count: Counted, name: Part | None) -> Span | None:
    """Where the name of a firm stands whose words count nobody: "Twenty Four Seven Couriers Ltd"."""
    inside = name and name.certainty == SURE and name.start <= count.start and count.end <= name.end
    return (name.start, name.end) if name and inside else None
