"""Whether every question of a playbook has its words: said when we start, before any prospect could miss them."""

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from bot.mail.templates import LANGUAGES
from dialogs.messages import AGAIN
from dialogs.playbook import BadPlaybook, Playbook, at_its_line, shipped_playbook, shipped_playbooks

PROMPT = "{key}.{language}.txt.j2"


def check_playbooks() -> None:
    """Raises BadPlaybook with a line for each mistake."""
    if wrong := list(playbook_mistakes()):
        raise BadPlaybook("\n".join(wrong))


def playbook_mistakes() -> Iterator[str]:
    """What is wrong with the playbooks of the folder: the file, the line in it, the key, and the nearest right one."""
    for name in sorted(shipped_playbooks()):
        try:
            playbook = shipped_playbook(name)
        except BadPlaybook as bad:
            yield from str(bad).splitlines()
        else:
            yield from (f"{name}.toml: {wrong}" for wrong in questions_without_words(playbook))


def questions_without_words(playbook: Playbook) -> Iterator[str]:
    """A line for each question that cannot be asked, for the first time or again, in every language."""
    for number, question in enumerate(playbook.questions):
        if missing := [
            file for file in _files_of(question.key, again=playbook.ask_again > 0) if file not in _prompts()
        ]:
            nearest = _nearest(question.key)
            problem = f"{question.key!r} has no words: there is no templates/prompts/{missing[0]}{nearest}"
            yield at_its_line(["question", str(number), "key"], problem, playbook.text)


def _files_of(key: str, *, again: bool) -> list[str]:
    """The words to ask this question, and those to ask it `again`, which not every playbook does."""
    asked = (key, key + AGAIN) if again else (key,)
    return [PROMPT.format(key=words, language=language) for words in asked for language in LANGUAGES]


def _nearest(key: str) -> str:
    """The question they may have meant: one that has all its words."""
    asked = {file.partition(".")[0] for file in _prompts()}
    whole = [other for other in asked if other != key and _prompts().issuperset(_files_of(other, again=True))]
    alike = get_close_matches(key, whole, n=1)
    return f"; did you mean {alike[0]!r}?" if alike else f"; there are {', '.join(sorted(whole))}"


@cache
def _prompts() -> frozenset[str]:
    return frozenset(place.name for place in files("templates").joinpath("prompts").iterdir())
