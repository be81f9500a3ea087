"""What was measured of the reader: how well it heard lines nobody had shown it, and how quick it is."""

from collections.abc import Iterator

BLIND = (
    ("sixth", "Japanese", 137, ".96", ".98", "1.00", ".90", ".93", ".85"),
    ("sixth", "English", 138, ".96", ".90", ".86", ".84", ".93", ".91"),
    ("seventh", "Japanese", 144, ".90", ".85", "1.00", ".81", ".81", ".85"),
    ("seventh", "English", 153, ".94", ".89", "1.00", ".72", ".92", ".93"),
    ("eighth", "Japanese", 104, ".98", ".97", ".97", ".98", "1.00", "1.00"),
    ("eighth", "English", 103, "1.00", ".94", "1.00", "1.00", ".97", "1.00"),
    ("ninth", "Japanese", 92, ".98", ".98", "1.00", ".94", "1.00", ".97"),
    ("ninth", "English", 94, ".99", ".96", "1.00", ".87", "1.00", ".96"),
    ("tenth", "Japanese", 104, ".98", ".96", ".84", ".88", ".91", "1.00"),
    ("tenth", "English", 118, ".95", ".79", ".96", ".95", ".89", ".86"),
    ("eleventh", "Japanese", 100, ".92", ".88", ".67", ".85", ".88", ".93"),
    ("eleventh", "English", 103, ".94", ".88", ".88", ".83", ".91", ".83"),
    ("twelfth", "Japanese", 95, ".92", ".85", ".89", ".93", ".92", "1.00"),
    ("twelfth", "English", 94, ".94", ".93", ".88", ".76", ".90", ".96"),
    ("thirteenth", "Japanese", 55, ".98", ".88", ".93", ".96", "1.00", "1.00"),
    ("thirteenth", "English", 73, ".92", ".92", ".81", ".77", ".95", "1.00"),
    ("fourteenth", "Japanese", 46, ".93", ".95", "1.00", ".82", ".94", "1.00"),
    ("fourteenth", "English", 63, ".97", ".87", ".91", ".88", "1.00", "1.00"),
    ("fifteenth", "Japanese", 45, ".96", ".90", ".82", ".96", ".92", "1.00"),
    ("fifteenth", "English", 56, ".89", ".80", ".95", ".78", "1.00", ".86"),
    ("sixteenth", "Japanese", 23, "1.00", "1.00", "1.00", "1.00", ".67", "1.00"),
    ("sixteenth", "English", 35, ".94", ".89", ".83", ".78", ".55", "1.00"),
    ("seventeenth", "Japanese", 80, ".97", ".94", "1.00", "1.00", "1.00", ".84"),
    ("seventeenth", "English", 80, "1.00", ".96", "1.00", "1.00", ".95", "1.00"),
    ("eighteenth", "Japanese", 80, ".99", ".98", "1.00", "1.00", "1.00", ".86"),
    ("eighteenth", "English", 80, ".97", ".85", ".93", "1.00", ".75", ".93"),
    ("nineteenth", "Japanese", 80, "1.00", "1.00", ".98", "1.00", ".96", ".95"),
    ("nineteenth", "English", 80, ".99", ".89", "1.00", "1.00", ".87", ".96"),
    ("twentieth", "Japanese", 80, ".97", ".94", ".98", "1.00", ".96", ".84"),
    ("twentieth", "English", 80, ".97", ".98", ".98", ".96", ".95", "1.00"),
    ("twenty-first", "Japanese", 90, ".93", ".94", "1.00", ".94", ".92", ".67"),
    ("twenty-first", "English", 90, ".98", ".94", ".97", ".97", ".94", ".78"),
    ("twenty-second", "Japanese", 90, ".98", "1.00", "1.00", ".97", ".96", ".75"),
    ("twenty-second", "English", 90, ".92", ".97", ".97", ".90", ".85", ".78"),
    ("twenty-third", "Japanese", 80, ".95", ".96", ".94", "1.00", ".94", ".96"),
    ("twenty-third", "English", 80, ".97", "1.00", ".94", "1.00", ".94", ".86"),
    ("names and firms", "Japanese", 60, ".95", ".88", ".94", ".80", "1.00", ".88"),
    ("names and firms", "English", 60, "1.00", "1.00", "1.00", "1.00", ".97", ".88"),
    ("twenty-fourth", "Japanese", 120, ".98", ".95", ".98", ".96", ".88", ".87"),
    ("twenty-fourth", "English", 120, ".98", ".97", ".92", ".90", ".96", ".93"),
    ("twenty-fifth", "Japanese", 120, ".95", ".90", "1.00", ".96", ".83", ".96"),
    ("twenty-fifth", "English", 120, ".98", ".94", ".97", ".92", ".94", ".96"),
    ("twenty-sixth", "English", 80, ".96", "1.00", ".95", ".82", ".97", ".86"),
    ("twenty-sixth", "Japanese", 80, ".96", "1.00", ".98", ".97", "1.00", ".83"),
    ("twenty-seventh", "Japanese", 80, ".96", ".96", "1.00", ".88", "1.00", ".94"),
    ("twenty-seventh", "English", 80, ".99", "1.00", "1.00", "1.00", "1.00", "1.00"),
    ("twenty-eighth", "Japanese", 120, ".97", ".98", "1.00", ".98", ".97", ".94"),
    ("twenty-eighth", "English", 120, "1.00", ".97", ".99", ".98", ".94", ".78"),
    ("twenty-ninth", "Japanese", 100, ".98", ".97", "1.00", ".95", ".97", ".94"),
    ("twenty-ninth", "English", 100, ".95", "1.00", "1.00", ".97", ".94", ".88"),
    ("thirtieth", "Japanese", 110, "1.00", ".95", "1.00", ".98", "1.00", ".98"),
    ("thirtieth", "English", 110, ".98", "1.00", "1.00", ".96", ".98", ".99"),
    ("thirty-first", "Japanese", 110, ".99", "1.00", "1.00", "1.00", ".98", ".96"),
    ("thirty-first", "English", 110, ".99", ".97", ".95", ".96", "1.00", ".98"),
    ("thirty-second", "Japanese", 110, ".97", ".96", ".99", ".95", ".91", ".98"),
    ("thirty-second", "English", 110, ".96", ".97", ".99", ".88", "1.00", ".97"),
    ("thirty-third", "Japanese", 150, ".88", ".94", ".94", ".89", ".93", ".94"),
    ("thirty-third", "English", 150, ".93", ".96", ".86", ".94", ".92", ".96"),
    ("thirty-fourth", "Japanese", 100, ".96", ".81", ".94", "1.00", "1.00", "1.00"),
    ("thirty-fourth", "English", 100, ".97", ".92", ".94", ".97", "1.00", ".95"),
    ("thirty-fifth", "Japanese", 160, ".97", ".88", ".94", ".95", ".93", ".97"),
    ("thirty-fifth", "English", 160, ".95", ".93", "1.00", ".90", ".89", ".96"),
    ("thirty-sixth", "Japanese", 110, ".96", ".90", ".97", ".98", ".97", ".97"),
    ("thirty-sixth", "English", 110, "1.00", "1.00", "1.00", ".87", ".94", ".94"),
    ("thirty-seventh", "Japanese", 150, ".98", ".97", "1.00", "1.00", ".93", ".97"),
    ("thirty-seventh", "English", 150, ".96", ".92", ".91", ".94", ".92", ".94"),
    ("thirty-eighth", "Japanese", 120, ".98", ".95", ".94", "1.00", "1.00", ".98"),
    ("thirty-eighth", "English", 120, ".98", ".97", ".98", ".93", ".92", ".97"),
    ("thirty-ninth", "Japanese", 130, ".96", ".95", ".98", ".95", "1.00", ".97"),
    ("thirty-ninth", "English", 130, ".97", ".99", ".98", ".95", ".92", ".97"),
    ("fortieth", "Japanese", 150, ".93", ".91", ".93", ".93", ".93", ".85"),
    ("fortieth", "English", 150, ".96", ".94", ".94", ".92", ".91", ".93"),
    ("forty-first", "Japanese", 130, ".97", ".97", "1.00", "1.00", ".91", ".98"),
    ("forty-first", "English", 130, ".97", ".97", ".99", "1.00", ".91", "1.00"),
    ("forty-second", "Japanese", 140, ".96", ".95", "1.00", "1.00", ".96", ".95"),
    ("forty-second", "English", 140, ".96", ".95", ".96", ".98", ".96", ".96"),
    ("forty-third", "Japanese", 160, ".93", ".92", ".95", ".90", ".90", ".98"),
    ("forty-third", "English", 160, ".88", ".84", ".92", ".83", ".91", ".82"),
    ("who decides", "English", 155, ".90", "", "", ".84", "", ""),
    ("how much", "English", 102, ".94", ".93", "", "", "", ""),
    ("when", "English", 61, ".97", "", ".96", "", "", ""),
    ("times", "Japanese", 149, ".99", "", ".95", "", "", ""),
    ("times", "English", 155, ".92", "", ".90", "", "", ""),
    ("odd times", "Japanese", 40, ".93", "", ".83", "", "", ""),
    ("odd times", "English", 40, "1.00", "", ".81", "", "", ""),
)
"""Batches written before the reader was run on them: name, language, lines, then how well each thing was heard."""


WHAT_THE_BATCHES_WERE = (
    "Sixth to sixteenth: by one author. Of the sixth to ninth a dozen labels were put right afterwards, and a dozen "
    "lines that may be read either way left out; the figures are those from before. The tenth to twelfth hold what is "
    "hard to hear (hesitation, second thoughts, comparison, irony, no commas, dialect); eleven lines were left out "
    "and eighteen labels put right, and seven and eleven of the thirteenth to sixteenth, whose author had seen the "
    "lists by then.",
    "Seventeenth and later: by people who had never seen the reader, its lists or these tables.",
    "Thirtieth and thirty-first: a quarter speaks of authority, one line in ten is an act that is no plain answer.",
    "Thirty-third: hard on purpose. More than half is about who decides or no answer at all: fragments, plain "
    "hiragana, idioms with numbers in them, months that are names.",
    "Names and firms were the hardest to hear. The grammar of a Japanese note's head "
    "(`dialogs/reading/note_head.py`), written after the twenty-fourth batch and before a line of the twenty-third "
    "was looked at, takes contact there from .96 to 1.00 and from .88 to .92.",
    "Forty-third: 35 of 160 lines are orders to the bot and 20 honest ones that look like orders. Of all "
    "lines but the noise acts are .96 in Japanese and .92 in English.",
)

PLANTED = (
    ("thirty-ninth", 16, 3, "two pasted objects of JSON, one polite letter to the language model"),
    ("fortieth", 40, 9, "three further sets of 120 followed: the list of wordings alone refused 63, 63 and 72"),
    ("after it", 80, "at most 21", "since then signs are counted, too (`dialogs/reading/machine_talk.py`)"),
    ("forty-first", 20, 1, "a note of the system in brackets"),
    ("forty-second", 26, 3, "a part to play, every lead's date to be set, an answer to give to every question"),
    ("forty-third", 70, 16, "six in Japanese; other languages, headings with fields, a transcript's summary"),
    (
        "after it",
        80,
        58,
        "by an author who had seen the signs: 28 since a text that names no owner needs fewer signs",
    ),
)
"""Orders to the bot among lines nobody had shown the reader: batch, how many, how many planted a value, in what."""


def heard_blind() -> Iterator[str]:
    yield "## How well it hears what nobody had shown it"
    yield ""
    yield (
        "Lines are written and labelled first, then the reader hears them for the first time: the share of right acts, "
        "and F1 for each fact. After that it is mended and the lines stay as tests (`tests/dialogs/reading/cases`), so "
        "these figures are of the past on purpose; today all lines are heard right but two, named in `dates.*.tsv`."
    )
    yield ""
    yield from (f"- {note}" for note in WHAT_THE_BATCHES_WERE)
    yield ""
    yield "**Orders to the bot** with values planted in them, before anything was mended:"
    yield ""
    yield "| batch | orders | planted a value | |"
    yield "|---|---|---|---|"
    yield from (f"| {' | '.join(map(str, row))} |" for row in PLANTED)
    yield ""
    yield "So an order in a new disguise still plants a value now and then; it is read back like any other answer."
    yield ""
    yield "| batch | language | lines | act | budget | timeframe | authority | need | contact |"
    yield "|---|---|---|---|---|---|---|---|---|"
    yield from (f"| {' | '.join(map(str, row))} |" for row in BLIND)
    yield ""


SPEED = (
    ("a short answer", 23, ".28", ".26"),
    ("a mail", 232, "1.59", "1.53"),
    ("a call note", 300, "1.84", "1.80"),
    ("a note with a fact in every clause", 300, "2.75", "2.66"),
)
"""Texts, characters, milliseconds: before several lists were looked for at once, and after, with the same rules."""

WHY_NOT_QUICKER = (
    "The aim: p50 below 0.3 ms, p99 below 2 ms, and 20 ms for 4,000 hostile characters. What people really type "
    "reaches it: of the lines of all test tables, each read once, p50 is .23 to .25 ms in Japanese (19 characters in "
    "the mean) and .28 to .29 in English (36), p99 1.2 to 1.3 and 1.4 to 1.5 ms. Call notes and mails of 300 "
    "characters do not: half of them take 1.8 to 2.1 ms. The worst 4,000 characters take 14 ms. In an hour in which "
    "the host itself was slower by a third English lines took .32 ms and the worst 4,000 characters 21. Time grows no "
    "worse than with the length.",
    "Rules since then cost: with other programs beside it, the least CPU time of 4,000 characters (`python -m "
    "benchmarks.reading`, the versions taking turns) had grown to 37 to 49 ms for two thousand questions and to 29 to "
    "34 for dates; it is 23 to 25 and 16 to 18 now. A thousand letters that a pattern could take in two ways were "
    "worse, and grew with the square: 0.8 s for commas, 2 s for kanji in answer to what the problem is. They take as "
    "long as other texts now.",
    "Where the time is: a mail makes 3,000 calls, 600 of them of patterns. These take 0.5 of its 1.5 ms when each is "
    "made again and again by itself, half of that without finding anything; of a short answer's 700 calls 120 are of "
    "patterns, a fifth of its time. Counted in machine instructions (`python -m benchmarks.instructions`) the engine "
    "of `re` takes two fifths of an English mail and a third of a Japanese note. The rest is the rules themselves, "
    "and no step costs much: of an English mail firm and names 28%, dates 18%, who decides 16%, amounts 12%, needs "
    "9%, headcount 8%, acts and orders 8%.",
    "What makes it quick: a pattern that is searched for in whole texts knows the letters of which one stands in "
    "whatever it matches, taken from the pattern itself; a text without them is not searched, and the pattern is "
    "compiled when a text first holds them. Lists about one subject are looked for together before each is looked for "
    "alone. Acts and orders are found once for all rules; phrases, dates and English names are tried only where one "
    "may begin, Japanese names only in front of what stands behind a name. A pattern that ends at a place is tried "
    "only behind a letter it may end with, and patterns begin with a letter where they can, so that `re` passes by "
    "the others. No reading changed in 87,000: all texts of the tables and suites, and 900 glued together of them, "
    "after each question.",
    "Tried, a dependency that tells in one pass which patterns can match at all (1,774 of them, without what they "
    "look ahead to and back at). `re2.Set` (google-re2) is built in 1.3 s and takes 159 MB, more than the whole "
    "process may; it answers in 7 microseconds for a short answer, 33 for a mail, 0.4 ms for 4,000 characters. 440 of "
    "the 615 calls of patterns of a mail need not be made then, 0.24 ms: it would be read in 0.8 of the time at best, "
    "a short answer in 0.87. `hyperscan` is built in 165 s, takes 614 MB, and answers in 32 to 69 microseconds for a "
    "short answer and 0.2 ms for a mail. Neither earns its place.",
    "With the same rules, what patterns begin and end with, and quicker looks for their letters, took the count from "
    "13.5 to 11.3 million instructions for an English mail and from 10.1 to 9.1 for a Japanese one, by 10% and 7% for "
    "call notes, by 6% and 1% for short answers.",
    "Tried without one: an index from pairs of letters, or from how words begin, to the phrases that cannot do "
    "without them (two phrases in three need not be tried; making the sets takes as long as trying them); compiling "
    "the reader to C with mypyc (10% quicker to 10% slower), one pattern for all phrases with the same beginning (a "
    "second more to start, 3% won) or one look for all of a beginning from 8 on in place of 16 (4 MB, nothing won), "
    "asking the pairs of letters of a text for every pattern (more than it saved), longer beginnings and no garbage "
    "collection (nothing won), tuples in place of frozen objects (4%, kept where many are made), months of the "
    "calendar kept (1%, kept).",
)


def how_quick() -> Iterator[str]:
    yield "## How quick it is"
    yield ""
    yield (
        "`python -m benchmarks.reading` prints p50, p99 and the least CPU time of each kind of text, none read twice. "
        "The least CPU time of 360 readings before and after lists were looked for together, with the same rules, the "
        "versions taking turns on one shared core, in milliseconds:"
    )
    yield ""
    yield "| text | characters | before | after |"
    yield "|---|---|---|---|"
    yield from (f"| {' | '.join(map(str, row))} |" for row in SPEED)
    yield ""
    yield from (f"- {one}" for one in WHY_NOT_QUICKER)
    yield ""
