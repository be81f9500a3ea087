"""How a phrase in `lexicons/*.toml` is written; all files are written the same way.

    (email|mail) me           one of several words
    [please] call me          a part that may be missing, together with its space
    talk to … human           a gap of at most fourteen characters inside one sentence
    approv*                   the beginning of a word
    no more than {amount}     a number or an amount
    ^skip^                    "^" stands where a sentence or clause begins or ends
    {person} で               any of the words which the file lists under [groups] as `person`

Everything else means itself. Write small letters. English words match as whole words; a space is also a hyphen; an
apostrophe may be missing ("dont"). A long phrase may go over several lines: a line break, with the blanks around it,
is nothing. Words that have a meaning each (months, titles, kinds of need) are looked up whole: only ( ), [ ] and { }
may stand in them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

GAP = "…"
EDGE = "^"
AMOUNT = "{amount}"
MARKS = frozenset('。.!?\n、,;:「"】)')
"""Behind one of them a clause may begin, and behind one and a blank, or two blanks."""
_MARKS = re.escape("".join(sorted(MARKS)))
_CLOSING = '。.!?\n、,;:」"~)'
"""In front of one of them, and of blanks, a clause may end."""
_SIGNS = {
    GAP: r"[^。.!?\n]{0,14}?",
    EDGE: rf"(?:^|(?<=[{_MARKS}])|(?<=[{_MARKS}\s]\s)|(?=[ ]{{0,3}}(?:[{_CLOSING}]|$)))",
    "*": "[a-z-]*",
    AMOUNT: r"[$€£¥]?\s?[0-9][0-9,.]*[a-z]{0,2}",
    " ": r"[\s-]{1,3}",
}
_BEHIND_AN_EDGE = rf"(?:(?<=^{{letter}})|(?<=[{_MARKS}]{{letter}})|(?<=[{_MARKS}\s]\s{{letter}}))"
"""The same, asked behind the first letter of what stands there."""
_STANDS_FOR_MANY = frozenset(_SIGNS) - {" "}
_OPEN_ENDED = frozenset((GAP, "*", " "))
_BEGIN_AMOUNTS = tuple("0123456789$€£¥")
_WORD_ENDS = "(?!(?<=[a-z0-9])[a-z0-9])"
_ENDS = "(?:)"
"""A phrase is complete here: a longer one that is listed behind it comes second."""
_END_ANYWHERE = (GAP, "*", AMOUNT)
_APOSTROPHE = (("'",), ())
_CLOSED_BY = {"(": ")", "[": "]"}
_MEANS_MORE = frozenset("|()[]{}'" + GAP)
"""Signs that are more than a letter of a phrase: one without them is its letters."""
# Alone, such a word keeps its apostrophe, because without it there is another word.
_KEEPS_APOSTROPHE = frozenset({"it's", "we're", "we'll", "we'd", "i'll", "i'd", "he'll", "she'll", "she'd", "who're"})

HEAD = 3
"""Letters under which a phrase is looked up."""

Node = str | tuple["Sequence_", ...]
Sequence_ = Sequence[Node]
"""A phrase: letters and signs one by one, and choices between phrases; a missing part is a choice with ().

Letters alone stay the string they are: most phrases are, and a tuple of them takes three times the room."""

Tree = dict[str, "Tree"]
_END = ""


class NotAPhrase(ValueError):
    """What is wrong with a phrase, in words for the person who wrote it."""


class Groups:
    """The words which a file lists under a name, "|" between them; each is read once, for all phrases that name it."""

    def __init__(self, listed: Mapping[str, str]) -> None:
        self._listed = listed
        self._read: dict[str, tuple[Sequence_, ...]] = {}

    def options(self, name: str) -> tuple[Sequence_, ...]:
        """Raises NotAPhrase."""
        if name not in self._read:
            if name not in self._listed:
                raise NotAPhrase(f"{{{name}}} is not listed under [groups]")
            options, left = _choice(_unfolded(self._listed[name]) + ")", ")", self)
            if left:
                raise NotAPhrase(f"{{{name}}} has brackets that do not match")
            self._read[name] = options
        return self._read[name]


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase:
    """One line of a lexicon, as it was written and as letters and choices."""

    written: str
    nodes: Sequence_

    def spellings(self) -> list[str]:
        """Every way to say it. Raises NotAPhrase when it holds a sign that stands for many letters."""
        if isinstance(self.nodes, str) and _STANDS_FOR_MANY.isdisjoint(self.nodes):
            return [self.nodes.strip()]
        return list(dict.fromkeys(whole.strip() for whole in _expand(self.nodes)))

    def heads(self) -> set[str]:
        """The first letters with which it may begin, at most HEAD of them. Raises NotAPhrase."""
        going, closed = _beginnings(self.nodes)
        if "" in going | closed:
            raise NotAPhrase("it may begin with anything")
        return going | closed

    @property
    def begins_a_clause(self) -> bool:
        """Whether it is heard nowhere else: a word follows the "^" with which it begins."""
        if self.nodes[0] != EDGE:
            return False
        going, closed = _beginnings(self.nodes)
        return all(head[:1].isalnum() for head in going | closed)

    def tails(self) -> set[str]:
        """The last letters with which it may end, at most HEAD of them; "" when it may end with anything."""
        going, closed = _beginnings(_backwards(self.nodes))
        return {tail[::-1] for tail in going | closed}

    def source(self, *, words_alone: bool = False) -> str:
        """Regular expression; `words_alone` when Latin words inside stand alone: 「AIと話す」 but not "mail"."""
        return "".join(_tokens(self.nodes, words_alone=words_alone))


def plain_phrase(spelling: str) -> Phrase:
    """A phrase whose letters all mean themselves."""
    return Phrase(written=spelling, nodes=spelling)


NONE = Groups({})


def _unfolded(written: str) -> str:
    return re.sub(r"\s*\n\s*", "", written.strip()) if "\n" in written else re.sub(r"\s+", " ", written.strip())


def parse(written: str, groups: Groups | None = None) -> Phrase:
    """The phrase as letters and choices. Raises NotAPhrase for what cannot be read."""
    phrase = _unfolded(written)
    if not phrase:
        raise NotAPhrase("it is empty")
    if phrase != phrase.lower():
        raise NotAPhrase("it must be written in small letters")
    if _MEANS_MORE.isdisjoint(phrase):
        return plain_phrase(phrase)
    nodes, rest = _sequence(phrase, groups or NONE, keeps_apostrophe=phrase in _KEEPS_APOSTROPHE)
    if rest:
        stray = '"|" stands outside of brackets' if rest[0] == "|" else f"nothing opens what {rest[0]!r} closes"
        raise NotAPhrase(stray)
    return Phrase(written=phrase, nodes=nodes)


def _sequence(written: str, groups: Groups, *, keeps_apostrophe: bool = False) -> tuple[Sequence_, str]:
    """Nodes up to the sign that ends this part, and what is left from that sign on."""
    nodes: list[Node] = []
    while written and written[0] not in "|)]}":
        sign = written[0]
        if sign in _CLOSED_BY:
            options, written = _choice(written[1:], _CLOSED_BY[sign], groups)
            if sign == "[":
                options, written = _missing(options, nodes, written)
            nodes.append(options)
        elif sign == "{":
            node, written = _named(written, groups)
            nodes.append(node)
        elif sign == "'" and nodes and not keeps_apostrophe:
            nodes.append(_APOSTROPHE)
            written = written[1:]
        else:
            nodes.append(sign)
            written = written[1:].removeprefix(" ") if sign == GAP else written[1:]
    return _packed(nodes), written


def _packed(nodes: list[Node]) -> Sequence_:
    letters = [node for node in nodes if isinstance(node, str) and len(node) == 1]
    return "".join(letters) if nodes and len(letters) == len(nodes) else tuple(nodes)


def _choice(written: str, closing: str, groups: Groups) -> tuple[tuple[Sequence_, ...], str]:
    options: list[Sequence_] = []
    while True:
        option, written = _sequence(written, groups)
        options.append(option)
        if not written.startswith("|"):
            break
        written = written[1:]
    if not written.startswith(closing):
        raise NotAPhrase(f"{closing!r} is missing")
    return tuple(options), written[1:]


def _named(written: str, groups: Groups) -> tuple[Node, str]:
    name, closed, rest = written[1:].partition("}")
    if not closed:
        raise NotAPhrase("'}' is missing")
    if f"{{{name}}}" == AMOUNT:
        return AMOUNT, rest
    return groups.options(name), rest


def _missing(options: tuple[Sequence_, ...], nodes: list[Node], rest: str) -> tuple[tuple[Sequence_, ...], str]:
    """A part that may be missing takes one of the spaces beside it along."""
    if nodes and nodes[-1] == " " and rest[:1] in ("", " ", "|", ")", "]", EDGE):
        nodes.pop()
        return (*(_packed([" ", *option]) for option in options), ()), rest
    if rest.startswith(" ") and _between_words(nodes):
        return (*(_packed([*option, " "]) for option in options), ()), rest[1:]
    return (*options, ()), rest


def _between_words(nodes: Sequence_ | list[Node]) -> bool:
    """Whether what follows begins a word of its own: "sign[s] it" keeps its space, "[please] sign" does not."""
    if not nodes or isinstance(nodes[-1], str):
        return not nodes or nodes[-1] in (" ", GAP, EDGE)
    return all(_between_words(option) for option in nodes[-1])


def _expand(nodes: Sequence_) -> list[str]:
    said = [""]
    for node in nodes:
        if isinstance(node, str):
            if node in _STANDS_FOR_MANY:
                raise NotAPhrase(f"{node!r} cannot stand in a word that has a meaning of its own")
            said = [front + node for front in said]
        else:
            options = [behind for option in node for behind in _expand(option)]
            said = [front + behind for front in said for behind in options]
    return said


# Beginnings


def _beginnings(phrase: Sequence_) -> tuple[set[str], set[str]]:
    """Beginnings that go on behind this phrase, and those that are complete."""
    going, closed = {""}, set[str]()
    for node in phrase:
        if not going:
            break
        going, ended = _longer(going, node)
        closed |= ended
    return going, closed


def _longer(going: set[str], node: Node) -> tuple[set[str], set[str]]:
    if isinstance(node, tuple):
        parts = [_beginnings(option) for option in node]
        after = {(head + more)[:HEAD] for head in going for open_, _ in parts for more in open_}
        ended = {(head + more)[:HEAD] for head in going for _, shut in parts for more in shut}
    elif node == EDGE:
        after, ended = going, set()
    elif node in _OPEN_ENDED:
        after, ended = set(), going
    elif node == AMOUNT:
        after, ended = set(), {head + letter for head in going for letter in _BEGIN_AMOUNTS}
    else:
        after, ended = {head + node for head in going}, set()
    return {head for head in after if len(head) < HEAD}, ended | {head for head in after if len(head) == HEAD}


def _backwards(nodes: Sequence_) -> Sequence_:
    """The phrase read from its end; a number there may end with anything."""
    return tuple(
        (GAP if node == AMOUNT else node) if isinstance(node, str) else tuple(map(_backwards, node))
        for node in reversed(nodes)
    )


# Regular expressions


def one_of(phrases: Iterable[Phrase], *, left_edge: bool = True) -> str:
    """One pattern for all phrases: a tree of their letters, so that each letter of a text is looked at about once.

    Every branch starts with a literal, which lets `re` skip quickly; that is why the check that no letter stands
    in front comes after the first letter ("t(?<![a-z0-9]t)bd"), and so does the one that a clause begins there.
    That no letter stands behind is asked once, behind all of them, unless one may end inside a word.
    """
    written = [nodes for phrase in phrases for nodes in _open_beginning(phrase.nodes)]
    if not written:
        return "(?!)"
    ends = _WORD_ENDS if any(nodes[-1] in _END_ANYWHERE for nodes in written) else _ENDS
    tree: Tree = {}
    for nodes in written:
        tokens = _tokens(nodes)
        if isinstance(nodes[-1], tuple) or _latin(nodes[-1]):
            tokens.append(ends)
        _plant(tree, _letter_first(tokens, nodes, left_edge=left_edge))
    every = "|".join(token + _branch(rest) for token, rest in tree.items())
    return every if ends == _WORD_ENDS else f"(?:{every}){_WORD_ENDS}"


def _letter_first(tokens: list[str], nodes: Sequence_, *, left_edge: bool) -> list[str]:
    """The tokens, with what has to stand in front of the first letter asked behind it."""
    edge = nodes[0] == EDGE and len(nodes) > 1
    letter = nodes[edge]
    if not isinstance(letter, str):
        return tokens
    if edge and letter in _CLOSING:
        return tokens[1:]  # a clause may end in front of it, always
    if edge and letter.isalnum():
        return [tokens[1] + _BEHIND_AN_EDGE.format(letter=letter), *tokens[2:]]
    return [f"{tokens[0]}(?<![a-z0-9]{letter})", *tokens[1:]] if left_edge and _latin(letter) else tokens


def _open_beginning(nodes: Sequence_) -> list[Sequence_]:
    """A phrase that begins with a choice becomes one phrase for each of its options."""
    if nodes and nodes[0] == " ":
        return _open_beginning(nodes[1:])
    if len(nodes) > 1 and nodes[0] == EDGE and isinstance(nodes[1], tuple):
        return [(EDGE, *whole) for whole in _open_beginning(nodes[1:])]
    if not nodes or isinstance(nodes[0], str):
        return [nodes] if nodes else []
    return [whole for option in nodes[0] for whole in _open_beginning((*option, *nodes[1:]))]


def _tokens(nodes: Sequence_, *, words_alone: bool = False) -> list[str]:
    tokens: list[str] = []
    in_word = False
    for node in nodes:
        letter = isinstance(node, str) and node.isascii() and node.isalpha()
        if words_alone and letter and not in_word:
            tokens.append("(?<![a-z])")
        if words_alone and in_word and not letter:
            tokens.append("(?![a-z])")
        in_word = letter
        tokens.append(_token(node, words_alone=words_alone))
    return [*tokens, "(?![a-z])"] if words_alone and in_word else tokens


def _token(node: Node, *, words_alone: bool) -> str:
    if isinstance(node, str):
        return _SIGNS.get(node) or re.escape(node)
    tree: Tree = {}
    for option in node:
        _plant(tree, _tokens(option, words_alone=words_alone))
    return _branch(tree)


def _plant(tree: Tree, tokens: Iterable[str]) -> None:
    for token in tokens:
        tree = tree.setdefault(token, {})
    tree[_END] = {}


def _latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def _branch(tree: Tree) -> str:
    options = ["" if token == _ENDS else token + _branch(rest) for token, rest in tree.items() if token != _END]
    if not options:
        return ""
    if len(options) == 1 and _END not in tree:
        return options[0]
    return f"(?:{'|'.join(options)})" + ("?" if _END in tree else "")
