"""Pages of the documentation that are made from the product's own tables, so that they cannot drift.

Run `python -m bot.commands.docs` after changing a table; a test compares the committed pages.
"""

from pathlib import Path

from bot.commands.reading_docs import reading_page
from bot.definition import Definition, as_markdown
from bot.settings import Settings
from bot.words import Words
from dialogs.interview import TRANSITIONS, State
from dialogs.playbook import shipped_playbook
from qualification.policy import shipped_policy
from qualification.stages import ALLOWED_MOVES, LADDER


def interview_page() -> str:
    """The interview's states, drawn from its transition table, and the questions of the shipped playbook."""
    steps = [
        f"    {source} --> {after}: {trigger}{f' [{only_if}]' if only_if else ''}"
        for trigger, sources, after, only_if in TRANSITIONS
        for source in sources
    ]
    questions = [
        f"| {number} | {question.about} | `{question.key}` | {question.for_stage or 'always'} |"
        for number, question in enumerate(shipped_playbook().questions, start=1)
    ]
    return "\n".join(
        [
            "# The interview",
            "",
            "Made from the tables in `dialogs/interview.py` and `dialogs/playbooks/standard.toml` by "
            "`python -m bot.commands.docs`.",
            "",
            "```mermaid",
            "stateDiagram-v2",
            f"    [*] --> {State.ASKING}",
            *steps,
            "```",
            "",
            "A question is left out when it is answered already, was passed over, or only helps to earn a stage "
            "that is out of reach.",
            "",
            "| | about | question | asked while this stage can be earned |",
            "|---|---|---|---|",
            *questions,
            "",
        ]
    )


def stages_page() -> str:
    """The ladder and its allowed moves."""
    policy = shipped_policy()
    moves = [f"    {before} --> {after}" for before, afters in ALLOWED_MOVES.items() for after in sorted(afters)]
    return "\n".join(
        [
            "# The ladder",
            "",
            "Made from the table in `qualification/stages.py` by `python -m bot.commands.docs`.",
            "",
            f"{' → '.join(LADDER)}, with NURTURE and DISQUALIFIED beside it.",
            "",
            "```mermaid",
            "stateDiagram-v2",
            *moves,
            "```",
            "",
            "The rest is the shipped policy (`qualification/policies/standard.toml`) in words. `bantline policy "
            "explain` and the page `/definition` say the same of your own, in Japanese and English.",
            "",
            as_markdown(Definition(policy, Words(policy.working_hours.zone, company=""), "en")),
        ]
    )


def settings_page() -> str:
    """Every setting with its default and what it is for."""
    rows = [
        f"| `{name.upper()}` | {_default(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(
        [
            "# Settings",
            "",
            "From the environment or from `bantline.toml` (`bantline init` writes one); the environment wins. "
            "`BANTLINE_SETTINGS` names another file. Made from `bot/settings.py` by `python -m bot.commands.docs`.",
            "",
            "| name | default | what it is for |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def _default(value: object) -> str:
    """As somebody writes it in the environment."""
    written = ",".join(value) if isinstance(value, tuple) else value
    return f"`{written}`" if written else "–"


PAGES = {
    "reading.md": reading_page,
    "interview.md": interview_page,
    "stages.md": stages_page,
    "settings.md": settings_page,
}


def write_pages(folder: Path) -> None:
    for name, page in PAGES.items():
        folder.joinpath(name).write_text(page(), "utf-8")


if __name__ == "__main__":
    write_pages(Path("docs"))
