"""Somebody who would know, in English: "better ask Dave in IT, he'd know" sends us to him, and he decides nothing."""

from functools import lru_cache

from dialogs.reading.found import Span
from dialogs.reading.places import KEPT, shows_any
from dialogs.reading.sought import sought
from dialogs.reading.text import Text

_WHERE = r"(?: (?:in|from|at|over in) (?:the )?[a-z]+(?: [a-z]+)?)?"
_SOMEBODY = rf"(?:(?:my|our|the) )?[a-z][a-z'-]+(?: (?!in |from |at |over )[a-z][a-z'-]+)?{_WHERE}"
_ASK = r"(?:ask|asking|try|trying|check with|speak to|speaking to|talk to|talking to|one for|a question for)"
_WOULD = r"(?:'d|d|'ll|ll| would| will| might| should)?(?: probably| actually| really| better)?"
_THEY_KNOW = rf"[,.;:\s-]{{1,4}}(?:he|she|they|who){_WOULD} knows?(?![a-z])"
_ASK_WHO_KNOWS = sought(rf"(?<![a-z]){_ASK} {_SOMEBODY}{_THEY_KNOW}")
"""ask Sue in accounts, she'd know; one for Dave, he knows all that"""
_NOBODY = (
    r"(?!(?:i|we|you|he|she|it|they|that|this|who|what|how|people|everyone|everybody|anyone|anybody|nobody|no one"
    r"|customers|staff|users|clients)(?![a-z]))"
)
_WOULD_KNOW = sought(
    rf"(?:^|(?<=[.,;!]\s)){_NOBODY}(?P<who>[a-z][a-z'-]+{_WHERE})"
    r"(?:'d|'ll| would| will| might| should)(?: probably)? know"
    r"(?=\s*(?:$|[.,!]|(?:that|this|it|more)(?![a-z])))"
)
"""Dave in ops would know"""
_I_DO_NOT_KNOW = (
    r"(?:no idea|no clue|dunno|idk|(?:don't|dont|do not|wouldn't|wouldnt) know|not sure|(?:can't|cant|couldn't) say)"
)
_ASK_ANOTHER = sought(
    rf"(?<![a-z])(?:{_I_DO_NOT_KNOW}[,.;:\s-]{{1,3}}(?:but |maybe |best |better |you'd better |you should )?(?:ask|try)"
    rf"|you(?:'d|d| would| had|'re| are)? (?:be |probably )*(?:better|best) (?:off )?(?:to )?{_ASK}) {_SOMEBODY}"
    r"(?=(?: (?:about|for) (?:this|that|it))?\s*(?:$|[.,!]))"
)
"""no idea, ask Dave; you'd be better off asking Tom in procurement"""


_SIGNS = ("know", "ask", "try", "better ", "best ")
"""Without one of them nobody is sent anywhere: most answers."""


@lru_cache(maxsize=KEPT)
def those_who_know(text: Text) -> tuple[Span, ...]:
    """Places in `plain` that send us to somebody because they know."""
    plain = text.plain
    if text.language != "en" or not shows_any(plain, _SIGNS):
        return ()
    places = [match.span() for asks in (_ASK_WHO_KNOWS, _ASK_ANOTHER) for match in asks.finditer(plain)]
    named = _WOULD_KNOW.search(plain)
    if named and (" " in named["who"] or text.words(*named.span("who"))[:1].isupper()):
        places.append(named.span())
    return tuple(places)
