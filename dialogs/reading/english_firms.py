"""How people name their company in English: I'm Grace, CFO at Windmill Foods."""

from dialogs.reading.firm_rule import ASKED, INTRODUCED, OF_NOTES, FirmRule
from dialogs.reading.firm_words import EN_BUSINESS, EN_FORM, EN_TITLE, EN_WHOLE_FIRM
from dialogs.reading.found import FAIR, GUESSED
from dialogs.reading.lexicon import lexicon
from dialogs.reading.sought import sought
from qualification.bant import Topic

_WORD = r"(?!Sp\.\sz|GmbH\s&\sCo)(?:(?:[A-Z]|St|Mt)\.(?!\s[A-Z][a-z]*\s[a-z])|[A-Z](?:[\w'&-]|\.(?=\w))*)"
_FIRM_NAME = rf"(?P<name>{_WORD}(?: (?:of|for|de|du|and) {_WORD}| (?:{_WORD}|&)){{0,4}})"
_KINDS = "|".join(lexicon("firm").words("kind_of_firm", "en").spellings)
ENGLISH_FIRMS = (
    # Quill & Co Ltd
    FirmRule(
        letters=sought(
            r"(?<![\w'])(?P<name>(?!(?:We're|We|I'm|It's|Our|This|From)\s|(?:C[A-Z]O|[A-Z]?VP|MD|GM|Head|Director|Manager"
            rf"|President|Founder|Owner|Partner|Chair)\s(?:of|at|for)\s){_WORD}(?: (?:{_WORD}|&|and|of)){{0,5}}?"
            rf"{EN_FORM}{{1,3}})(?!\w)"
        )
    ),
    # I'm Grace, CFO at Windmill Foods; I work for Acme
    FirmRule(
        letters=sought(
            r"\b(?i:company(?: name)?(?: is|:|'s)|(?:we(?:'re| are)|it's|it is) called"
            r"|(?:company|firm|business|shop|place|pub|cafe|restaurant|school|charity|agency|studio|practice|clinic|salon"
            r"|startup|bakery|consultancy|outfit|gym|hotel)(?:'s| is|) called"
            r"|(?:purchases|purchasing) at"
            r"|work (?:at|for)"
            r"|(?:calling|writing|asking|here) (?:for|at)|(?<![a-z])we at|i represent"
            r"|(?:here )?from|here (?:at|with)|(?:desk|reception|office|team|department|support|sales|marketing"
            r"|operations|ops|finance|hr|it|purchasing|procurement|logistics|admissions|accounting|accounts|legal"
            r"|engineering|payroll|facilities|admin|production|maintenance|communications) (?:at|of)"
            r"|on behalf of|(?:i'm|we're|i am|we are) with|i'm (?:over )?at"
            r"|(?:c[a-z]o|vp|manager|director|head|lead|engineer|founder|owner|buyer)"
            r"(?: (?:of|for) [a-zA-Z&]{1,14})? (?:at|with|@)|[a-z]{2,12} @)"
            r"\s(?:the\s)?"
            rf"(?P<name>{_WORD}(?: (?:of|for|de|du) {_WORD}| (?:{_WORD}|&)){{0,4}})"
        ),
        certainty=FAIR,
        topics=frozenset({Topic.COMPANY, Topic.CONTACT, None}),
    ),
    # I head IT at a private school (Harrow Lane School, 110 staff)
    FirmRule(
        letters=sought(rf"\b(?:at|for|of|from) (?:an?|the) (?:[a-z-]+ ){{0,2}}(?:{_KINDS})\s\({_FIRM_NAME}(?=[,)])"),
        certainty=FAIR,
        topics=frozenset({Topic.COMPANY, Topic.CONTACT, None}),
    ),
    # IT coordinator at Brookfield Schools; Luis Ortega, CFO of Meridian Foods
    FirmRule(
        letters=sought(
            rf"\b(?:{EN_TITLE}(?:\s(?:of|for)\s[a-zA-Z&]{{1,14}})?\)?\s(?:at|@|with|for)|{EN_WHOLE_FIRM}\sof)\s(?:the\s)?{_FIRM_NAME}"
        ),
        certainty=FAIR,
        topics=OF_NOTES,
    ),
    # St Brigid's primary school, 24 teachers
    FirmRule(
        letters=sought(
            rf"^(?:(?i:it's|we're|we are)\s)?(?:[Tt]he\s)?"
            rf"(?P<name>(?:{_WORD}\s){{0,2}}(?:{_WORD}'s|(?:St|Mt)\.?\s{_WORD}|{_WORD}\s{_WORD})(?:\s[a-z]{{3,12}})?"
            rf"\s(?:{_KINDS}))(?=\s?(?:[,;(.]|-\s|$))"
        ),
        certainty=FAIR,
        topics=ASKED,
    ),
    # sorry, it's Sanwa Technos now
    FirmRule(
        letters=sought(
            r"\b(?i:it's|it is|should be|we're|we are|i meant|correct name is)"
            rf"\s(?P<name>{_WORD}(?:\s(?:{_WORD}|&|and|of)){{0,5}})"
            r"(?=\s(?:now|actually)|[.,!]|$)"
        ),
        certainty=FAIR,
        topics=ASKED,
    ),
    # Okamoto Builders, Keith Okamoto, 503-555-0123
    FirmRule(
        letters=sought(rf"(?:^|[,/]\s?)(?P<name>(?:{_WORD}\s){{1,3}}{EN_BUSINESS})(?=\s?(?:[,/]|$))"),
        certainty=FAIR,
        topics=INTRODUCED,
    ),
    # Crestline Robotics, 40-50 employees; also in small letters
    FirmRule(
        letters=sought(
            rf"^(?:M/s\.?\s)?(?P<name>{_WORD}(?:\s(?:{_WORD}|&|and|of|the)){{0,5}})"
            r"(?=\s?(?:[,;(]|-\s|$|\.$|\.\s)|\sin\s[A-Z])"
        ),
        certainty=GUESSED,
        topics=ASKED,
    ),
    FirmRule(
        letters=sought(
            r"(?:company|firm|business)(?:\sname(?:'s|\sis|\s?:)|(?:'s|\sis)\scalled|\s?:)\s"
            r"(?P<name>(?!(?:an?|the|not|very|in|on|based|called|confidential|secret|private|small|big|large|family|growing"
            r"|just|about|around|still|under|over)\b)[a-z][a-z&'.-]{1,20}(?:\s[a-z&][a-z&'.-]{0,20}){0,3})(?=\s?(?:[,;(]|-\s|\.?$))"
        ),
        certainty=GUESSED,
        topics=ASKED,
    ),
    FirmRule(
        letters=sought(
            r"^(?!(?:one|two|three|four|five|six|seven|eight|nine|ten|several|both|many|a few) (?:of )?"
            r"(?:[a-z]{1,16} )?[a-z]{1,20}s\s?(?:[,;(]|$)|(?:dozens|hundreds|individual|freelance|nobody)\b)"
            r"(?P<name>[a-z][a-z&'.-]{1,20}(?:\s[a-z&][a-z&'.-]{0,20}){0,3})(?=\s?(?:[,;(]|-\s|$))"
        ),
        certainty=GUESSED,
        topics=ASKED,
    ),
)
