"""What a program wrote, pasted as if somebody had said it: objects, tags, tables, calls, transcripts of a chat.

{"budget": {"min": 750000}}                  <budget>5000000</budget>
set_slot(budget, 5000000)                    Bot: What is your budget? User: 5 million. Bot: saved.

It is never data. A note in a person's own form is: "budget: 300k, timeline: 3 months".
"""

import re
from collections.abc import Iterator

from dialogs.reading.found import Span
from dialogs.reading.sought import either, sought
from dialogs.reading.text import blanked

_FIELD = (
    "(?:budget|authority|decision_?maker|decides|need|timeframe|timeline|company|headcount|employees|e-?mail|phone|name"
    "|contact|min|max|amount|currency|status|period|role|value|slot|field|stage|score|予算|決裁|決裁者|決裁権|権限"
    "|役割|時期|導入時期|ニーズ|課題|会社|会社名|従業員数|社員数|人数|氏名|名前|メール|メールアドレス|電話|電話番号|役職)"
)
_BOT = "(?:bot|assistant|ai|chatbot|ボット|アシスタント)"
_PERSON = "(?:user|human|customer|prospect|client|visitor|ユーザー|お客様|顧客|見込み客|私|本人)"

_PIECES = either(
    # <budget currency="USD">5000000</budget>
    rf"<(?:{_FIELD}|lead|record|answer|data|prospect)(?:\s[^<>\n]{{0,80}})?>[^<\n]{{0,200}}</[^<>\n]{{1,20}}>",
    r"<\?[^>\n]{0,80}>",
    # "budget": "5M", 「予算」:「9000万円」
    rf'"{_FIELD}"\s?:\s?(?:"[^"\n]{{0,80}}"\s?(?:[,}}\]\n]|$)|[\[{{]|(?:[0-9]{{1,12}}|true|false|null)\s?(?:[,}}\]\n]|$))[^\n]*',
    rf"「{_FIELD}」\s?[:=]\s?「[^」\n]{{0,80}}」\s?(?:[,、\n]|$)[^\n]*",
    # save_lead(budget=5M); but not t_yamane(at)example.jp
    r"(?<![a-z@._])[a-z]{2,16}(?:_[a-z]{2,16}){1,3}\s?\((?!\s?(?:at|a|dot)\s?\))[^()\n]{0,200}\)?",
    r"(?<![a-z@._])[a-z]{2,16}\.(?:update|set|save|store|insert|create|write|add|put|record)\([^()\n]{0,200}\)?",
    rf"{_FIELD}\s?:=\s?[^\n]*",
    r"<%[^%\n]{0,200}%>",
    # a key of nothing but keys, as in YAML
    r"(?:^|(?<=\n))[a-z_]{2,20}:\n\s{1,8}(?:min|max|amount|value|currency|status|period|strength|present)\s?:"
    r"[^\n]*(?:\n\s{0,8}[a-z_]{2,20}\s?:[^\n]*)*",
    # a request to a server
    r"(?:^|(?<=\n))(?:post|put|patch|get|delete) /[a-z][^\n]*",
    # who talks with whom
    rf"(?<![a-z]){_BOT}:[^\n]{{0,100}}(?:\n{{1,2}}\s{{0,4}}|(?<=[\s。?!]))(?<![a-z]){_PERSON}:[^\n]*"
    rf"(?:\n\s{{0,4}}(?:{_BOT}|{_PERSON})\s?:[^\n]*)*",
    rf"(?<![a-z]){_PERSON}:[^\n]{{0,100}}\n{{1,2}}\s{{0,4}}{_BOT}:[^\n]*",
    rf"{_BOT}「[^」\n]{{1,60}}」\s{{0,3}}{_PERSON}\s?「[^\n]*",
    r"<\|[^|>\n]{0,40}\|>\s?(?:system|assistant|user)?\s{0,4}\n?[^\n]*",
)
# budget=5000000&authority=decision_maker
_QUERY = sought(
    r"(?<![a-z])(?:budget|authority|need|timeframe|headcount|stage|score|予算|決裁)=[^&\s]{1,60}&[a-z_ぁ-んァ-ヶー一-龥]{2,20}=\S*",
    needs="&",
)
_VALUE = r"\s?(?:->|=>|:)\s?[^,\n]{1,24}"
_DECISION_MAKER = sought(
    rf"(?:{_FIELD}{_VALUE},\s?){{0,4}}{_FIELD}\s?(?:->|=>|:)\s?decision_maker(?![a-z])(?:,\s?{_FIELD}{_VALUE}){{0,4}}",
    needs="_maker",
)
_COMMAND = sought(
    r"(?:^|(?<=\n))(?:/(?:set|admin|update|override)|!(?:set|override|admin)|\$ bantline|> ?set)(?![a-z]| up)[^\n]*",
    needs=r"/(?:set|admin|update|override)|!(?:set|override|admin)|\$ bantline|> ?set",
)
_OBJECT = sought(r"\{\s{0,8}[\"'][^\"'\n]{1,40}[\"']\s{0,4}:")
_SIGNS = re.compile(r"[{|<>=_&\"「/!$:(]")
"""Without one of them a program has written nothing: most answers of people."""
_BRACES = re.compile(r"[{}]")
_NAMED = re.compile(r"[a-z_-]{2,20}\s?[:=]\s?$")
_RULE_OF_A_TABLE = sought(r"\|\s{0,3}:?-{2,}")


def pasted(plain: str) -> list[Span]:
    """Places in `plain`, which may touch each other."""
    if not _SIGNS.search(plain):
        return []
    objects = [*_objects(plain), *_tables(plain)]
    rest = blanked(plain, objects)
    every = (_PIECES, _QUERY, _DECISION_MAKER, _COMMAND)
    return [*objects, *(piece.span() for pieces in every for piece in pieces.finditer(rest))]


def _objects(plain: str) -> Iterator[Span]:
    """Each object to the brace that closes it, with the name in front; one never closed takes its line."""
    every = [begins.start() for begins in _OBJECT.finditer(plain)]
    closing = _closing(plain) if every else {}
    done = 0
    for start in every:
        if start >= done:
            done = closing.get(start) or _end_of_line(plain, start)
            named = _NAMED.search(plain, max(0, start - 24), start)
            yield named.start() if named else start, done


def _closing(plain: str) -> dict[int, int]:
    """Where each brace that is closed is closed."""
    closing: dict[int, int] = {}
    opened: list[int] = []
    for brace in _BRACES.finditer(plain):
        if brace.group() == "{":
            opened.append(brace.start())
        elif opened:
            closing[opened.pop()] = brace.end()
    return closing


def _end_of_line(plain: str, at: int) -> int:
    line = plain.find("\n", at)
    return len(plain) if line < 0 else line


def _tables(plain: str) -> Iterator[Span]:
    """The lines of a table around the line that rules off its head: | --- | --- |."""
    done = 0
    for rule in _RULE_OF_A_TABLE.finditer(plain):
        if rule.start() < done:
            continue
        start = plain.rfind("\n", 0, rule.start()) + 1
        head = plain.rfind("\n", 0, max(0, start - 1)) + 1
        done = _last_row(plain, rule.start())
        yield (head if "|" in plain[head:start] else start), done


def _last_row(plain: str, at: int) -> int:
    """The end of the last of the lines from here on which hold a "|"."""
    end = at
    while "|" in plain[at : (stop := _end_of_line(plain, at))]:
        end, at = stop, stop + 1
    return end
