"""The page "What Bantline understands": every example on it is read by the reader while the page is made."""

from collections.abc import Iterator

from bot.commands.read_in_words import attributes_heard, fact_heard
from bot.commands.reading_examples import ACTS, ATTRIBUTES, FACTS, TITLES, TODAY
from bot.commands.reading_figures import heard_blind, how_quick
from dialogs.reading import read
from dialogs.reading.found import UNSURE
from qualification.bant import Topic

LEFT_OUT = (
    "amounts and dates inside a question (“could we start in June?”), of the past, of competitors, or of other things "
    "than the purchase (revenue, list prices, an approval limit)",
    "instructions aimed at the bot, the AI or the system, stored objects and fake system tags; a true answer beside "
    "them is kept",
    "the old value of a correction, and what a person takes back in the same breath",
    "counts of a team, of users, seats or customers as the headcount of the company",
)

DIFFERENT = (
    "Public test suites for amounts and dates (Recognizers-Text, Duckling, ja-timex, the Schema-Guided Dialogues) "
    "want every amount and date of a sentence. We agree with 88% of 316 English and 91% of 43 Japanese amounts, "
    "and with 75% of 745 English and 77% of 435 Japanese dates.",
    "Of the 186 English dates we do not share, 100 stand in questions, appointments and small talk "
    "(“Are there any events on 11 March?”), which are no statement of the person; in Japanese 57 of 99. Of the 39 "
    "English amounts 26 are asked about or are other people's money, past money and revenue.",
    "“The next 3 months” and “two upcoming weeks” count from today; Duckling means whole months and weeks of the "
    "calendar (40 texts). “2014 to 2018” ends in 2018; Recognizers ends it the year before (13 texts).",
    "A month whose last day has passed is the next year's; in Japanese, and wherever “fiscal” is said, quarters and "
    "halves count from April; “by March” ends on 31 March.",
    "Weeks of a month are its 1st to 7th day and so on, weeks of a year those of ISO 8601; a week ends on Sunday, a "
    "season with its third month, and “a few” is two to six.",
    "「年末」 is 31 December, “end of June” its last day, “early June” the 1st to the 10th.",
    "A bare Japanese number below 10,000 counts in units of 10,000 yen (「500くらい」 is 5,000,000 yen); an English "
    "number without a currency has none.",
)

LEXICONS = {
    "acts": "what a person does: stop, ask for a person, correct, decline, ask, not know, chat",
    "injection": "orders to the bot",
    "talk": 'what is said to the bot itself ("are you a bot?"), and which answer is wrong',
    "yes_no": "plain agreement and refusal",
    "spoken": "Japanese typed without kanji, and words of a region, in the writing the other lists know",
    "money": "currencies, scales, bounds, what is not a budget",
    "numbers": "number words",
    "calendar": "months, seasons, quarters, fiscal years",
    "timeframe": "deadlines, beginnings, soon and later",
    "clarity": "not decided, and none",
    "who_decides": "titles, bodies, and the verbs of deciding",
    "needs": "what hurts, how hard, and which kind of problem it is",
    "attributes": "lines of business, and who asks for their studies or for themselves",
    "firm": "what firms are called and do, their titles and jobs, headcount",
    "heads": "how an English call note or mail begins: who met whom, when and how",
    "reached": "names, e-mail addresses, telephone numbers",
}


def reading_page() -> str:
    return "\n".join([*_opening(), *_acts(), *_facts(), *_attributes(), *_closing(), ""])


def _opening() -> Iterator[str]:
    yield "# What Bantline understands"
    yield ""
    yield (
        "Prospects type freely, reps paste call notes; both are read by rules, offline, in Japanese and English, "
        "without a language model. Every example below was read by the reader when this page was made "
        '(`python -m bot.commands.docs`). Try your own: `bantline read --explain "来期、300万"`.'
    )
    yield ""
    yield (
        "All facts in a message count, whatever was asked. Each one keeps the person's own words, the rule that read "
        f"them and how sure it is; below {UNSURE:.0%} the interview asks to confirm."
    )
    yield ""


def _acts() -> Iterator[str]:
    yield "## What a person does"
    yield ""
    order = ", ".join(f"`{act}`" for act in ACTS)
    yield f"One act for each message. When several apply the first of these counts: {order}."
    yield ""
    yield "| act | Japanese | English |"
    yield "|---|---|---|"
    for examples in ACTS.values():
        for asked, japanese, english in examples:
            yield f"| {_act(japanese, asked)} | {japanese} | {english} |"
    yield ""


def _act(text: str, asked: Topic | None) -> str:
    return read(text, question=asked, now=TODAY).act.value


def _facts() -> Iterator[str]:
    for topic, examples in FACTS.items():
        yield f"## {TITLES[topic]}"
        yield ""
        yield "| they say | we understand | they say | we understand |"
        yield "|---|---|---|---|"
        for japanese, english in examples:
            yield f"| {japanese} | {fact_heard(japanese, topic)} | {english} | {fact_heard(english, topic)} |"
        yield ""


def _attributes() -> Iterator[str]:
    yield "## Who they are"
    yield ""
    yield (
        "The line of business of their own firm, their title and department, and whether they ask for their studies or "
        "for themselves: what the policy gives points for and forms segments by. Nothing of it is asked for."
    )
    yield ""
    yield "| they say | we understand | they say | we understand |"
    yield "|---|---|---|---|"
    for japanese, english in ATTRIBUTES:
        yield f"| {japanese} | {attributes_heard(japanese)} | {english} | {attributes_heard(english)} |"
    yield ""


def _closing() -> Iterator[str]:
    yield from heard_blind()
    yield from how_quick()
    yield "## What is left out on purpose"
    yield ""
    yield from (f"- {one}" for one in LEFT_OUT)
    yield ""
    yield "## Where we differ from public test suites"
    yield ""
    yield from (f"- {one}" for one in DIFFERENT)
    yield ""
    yield "## Teaching it a word"
    yield ""
    yield (
        "The words are data: `dialogs/reading/lexicons/*.toml`, lists of phrases for each language. How a phrase is "
        "written stands at the top of `dialogs/reading/notation.py`, the same for all files. A phrase that cannot be "
        "read is an error that names file, list and phrase before anything is read."
    )
    yield ""
    yield "| file | what it holds |"
    yield "|---|---|"
    yield from (f"| `{name}.toml` | {holds} |" for name, holds in LEXICONS.items())
