"""Long lists of turns of phrase, found quickly: their beginnings are looked for first, the rest only there.

A list of acts holds hundreds of phrases with many options each. One tree of all of them is fast but takes seconds to
build; one flat pattern builds at once but is slow on every letter. So the first letters make a small tree, and
where it finds something the flat pattern is tried.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from dialogs.reading.found import Language
from dialogs.reading.lexicon import GAP, Tree, lexicon
from dialogs.reading.lexicon import _branch as tree_source
from dialogs.reading.lexicon import _open_beginning as open_beginning
from dialogs.reading.lexicon import _plant as plant
from dialogs.reading.lexicon import _split as split
from dialogs.reading.lexicon import _token as token
from dialogs.reading.text import MOST

HEAD = 3
_SENTENCE_BREAK = re.compile(r"[。.!?\n、,;:「」\"~…()]+(?![0-9])")
_EDGE = re.compile(r"^[\s\W]+|[\s\W]+$")


@dataclass(frozen=True)
class TurnsOfPhrase:
    """One list, ready to search in texts of one language."""

    phrases: tuple[str, ...]

    @cached_property
    def _heads(self) -> re.Pattern[str]:
        heads: dict[str, None] = {}
        for phrase in self.phrases:
            for whole in open_beginning(phrase):
                heads.setdefault(_head(whole))
        tree: Tree = {}
        for head in heads:
            plant(tree, list(head))
        return re.compile(tree_source(tree) or "(?!)")

    @cached_property
    def _whole(self) -> re.Pattern[str]:
        return re.compile("|".join(_flat(self.phrases)) or "(?!)")

    def search(self, plain: str) -> re.Match[str] | None:
        """The first place where a phrase stands; English words only whole."""
        return next(self.every(plain), None)

    def every(self, plain: str) -> Iterator[re.Match[str]]:
        tried = 0
        at = 0
        while (head := self._heads.search(plain, at)) and tried < MOST * 4:
            at = head.start() + 1
            tried += 1
            if _inside_word(plain, head.start()):
                continue
            if found := self._whole.match(plain, head.start()):
                yield found

    def is_all_of(self, plain: str) -> bool:
        """Whether some sentence of the text is one of these phrases and nothing else."""
        return any(self._whole.fullmatch(sentence) for sentence in sentences(plain))

    def is_all_of_it(self, plain: str) -> bool:
        """Whether the text as it stands is one of these phrases."""
        return self._whole.fullmatch(plain) is not None

    def begins_it(self, plain: str) -> bool:
        return self._whole.match(plain) is not None

    def begins(self, plain: str) -> bool:
        return any(self._whole.match(sentence) for sentence in sentences(plain))

    def ends(self, plain: str) -> bool:
        wholes = sentences(plain)
        return any(found.end() == len(one) for one in wholes for found in self.every(one))


@lru_cache(maxsize=8)
def sentences(plain: str) -> tuple[str, ...]:
    """The pieces between marks, without what surrounds them, and the whole text."""
    pieces = [_EDGE.sub("", piece) for piece in [*_SENTENCE_BREAK.split(plain), plain]]
    return tuple(piece for piece in dict.fromkeys(pieces) if piece)


def _inside_word(plain: str, at: int) -> bool:
    letter = plain[at]
    return letter.isascii() and letter.isalnum() and at > 0 and plain[at - 1].isascii() and plain[at - 1].isalnum()


def _head(phrase: str) -> str:
    letters: list[str] = []
    for piece in split(phrase):
        if piece.startswith("(") or piece in (GAP, " ") or len(letters) == HEAD:
            break
        letters.append(piece)
    return "".join(letters)


def _flat(phrases: Iterable[str]) -> Iterator[str]:
    for phrase in phrases:
        source = "".join(token(piece) for piece in split(phrase))
        yield source + ("(?!(?<=[a-z0-9])[a-z0-9])" if phrase[-1].isascii() else "")


@cache
def turns_of_phrase(file: str, section: str, language: Language) -> TurnsOfPhrase:
    """The list of this section; a Japanese text may use English phrases as well, not the other way."""
    return TurnsOfPhrase(lexicon(file).words(section, language).phrases)
