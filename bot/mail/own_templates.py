"""Mail templates a firm writes itself: which few things they may do, and what is said when they do more.

A template may show a fact, put it through a harmless filter, and choose between words:

    {{ person | default("ご担当者様", true) }}   {% if due %}{{ due }}までに{% endif %}

Everything else is refused when the template is read, with line and reason. A sandbox alone is not enough: it
lets a template call a method or build a text of a gigabyte, so what is not allowed here is not there.
"""

from collections.abc import Iterable, Iterator, Mapping

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

LONGEST_SOURCE = 20_000
LONGEST_TEXT = 50_000
LARGEST_NUMBER = 1_000
DEEPEST = 40
FILTERS = ("capitalize", "d", "default", "length", "lower", "title", "trim", "truncate", "upper")

_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Filter,
    nodes.Const,
    nodes.Keyword,
)
_IN_PLAIN_WORDS = {
    "Call": "calling something",
    "Concat": "joining texts",
    "For": "a loop",
    "Getattr": "looking inside a fact",
    "Getitem": "looking inside a fact",
    "Include": "another template",
    "Import": "another template",
    "Macro": "a macro",
    "Assign": "setting a name",
    "Test": "a test with is",
}
_FAULTS_OF_A_TEMPLATE = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError)
_FAULTS_OF_A_SOURCE = (*_FAULTS_OF_A_TEMPLATE, SyntaxError, RecursionError, MemoryError)


class BadTemplate(ValueError):
    """A template of the firm's own does something it may not; the message names the file, the line and the reason."""

    def __init__(self, name: str, line: int, reason: str) -> None:
        super().__init__(f"{name}:{line}: {reason}")
        self.name, self.line, self.reason = name, line, reason


class OwnTemplate:
    """One checked template. It is filled in from plain texts only, and a fact comes out as it came in."""

    def __init__(self, source: str, *, name: str, facts: Iterable[str], first_line: int = 1) -> None:
        """`facts` are the names it may use. Raises BadTemplate."""
        self.name, self.facts, self._first_line = name, frozenset(facts), first_line
        self._template = self._checked(source)
        for sample in ("", "x"):
            self.fill(dict.fromkeys(self.facts, sample))

    def fill(self, facts: Mapping[str, str]) -> str:
        """The text with these facts in it; a fact that is not there is empty. Raises BadTemplate."""
        given = {name: str(facts.get(name, "")) for name in self.facts}
        try:
            return "".join(_at_most(LONGEST_TEXT, self._template.generate(given)))
        except OverflowError as error:
            raise self._bad(1, f"it makes a text of more than {LONGEST_TEXT:,} characters") from error
        except _FAULTS_OF_A_TEMPLATE as error:
            raise self._bad(1, str(error)) from error

    def _checked(self, source: str) -> Template:
        if len(source) > LONGEST_SOURCE:
            raise self._bad(1, f"a template has at most {LONGEST_SOURCE:,} characters")
        try:
            self._check(_ENVIRONMENT.parse(source), depth=0)
            return _ENVIRONMENT.from_string(source)
        except TemplateSyntaxError as error:
            raise self._bad(error.lineno, error.message or "not a template") from error
        except _FAULTS_OF_A_SOURCE as error:
            if isinstance(error, BadTemplate):
                raise
            raise self._bad(1, "too deep or too large to be read") from error

    def _check(self, node: nodes.Node, *, depth: int) -> None:
        if depth > DEEPEST:
            raise self._bad(node.lineno, "too deeply nested")
        if problem := self._problem_with(node):
            raise self._bad(node.lineno, problem)
        for part in node.iter_child_nodes():
            self._check(part, depth=depth + 1)

    def _problem_with(self, node: nodes.Node) -> str | None:
        if not isinstance(node, _ALLOWED):
            what = _IN_PLAIN_WORDS.get(type(node).__name__, type(node).__name__)
            return f"{what} is not allowed here; a template shows facts and chooses with if"
        if isinstance(node, nodes.Name) and (node.ctx != "load" or node.name not in self.facts):
            return f"there is no fact {node.name!r}; there are {', '.join(sorted(self.facts))}"
        if isinstance(node, nodes.Filter):
            return _problem_with_filter(node)
        if isinstance(node, nodes.Const):
            return _problem_with_const(node.value)
        return None

    def _bad(self, line: int | None, reason: str) -> BadTemplate:
        return BadTemplate(self.name, (line or 1) + self._first_line - 1, reason)


def _problem_with_filter(node: nodes.Filter) -> str | None:
    if node.name not in FILTERS:
        return f"the filter {node.name!r} is not allowed; there are {', '.join(FILTERS)}"
    if node.node is None or node.dyn_args is not None or node.dyn_kwargs is not None:
        return f"the filter {node.name!r} is used in a way that is not allowed"
    return None


def _problem_with_const(value: object) -> str | None:
    if isinstance(value, (int, float)) and not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        return f"numbers go up to {LARGEST_NUMBER:,}"
    return None


def _at_most(limit: int, pieces: Iterator[str]) -> Iterator[str]:
    for piece in pieces:
        limit -= len(piece)
        if limit < 0:
            raise OverflowError
        yield piece


def _environment() -> ImmutableSandboxedEnvironment:
    """No loader, no globals, no tests, and only the filters named above. The text is plain: nothing to escape."""
    environment = ImmutableSandboxedEnvironment(
        loader=None, undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True, optimized=False
    )
    environment.globals.clear()
    environment.tests.clear()
    kept = {name: environment.filters[name] for name in FILTERS}
    environment.filters.clear()
    environment.filters.update(kept)
    return environment


_ENVIRONMENT = _environment()
