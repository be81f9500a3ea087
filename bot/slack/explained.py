"""What a rep may ask the rules: why a lead stands where it stands, and how leads are judged at all (M26, N7)."""

from collections.abc import Callable

from bot.definition import Definition
from bot.in_words.why import why_lines
from bot.slack import blocks
from bot.slack.blocks import Json
from bot.slack.queue import SHORT_ID
from bot.slack.voice import Voice
from qualification.dossier import Dossier
from qualification.policy import Policy


def why_message(dossier: Dossier, policy: Policy, voice: Voice) -> Json:
    """Every point with its evidence, each move with its reason, and the way to the next stage."""
    title = voice.title(dossier.lead.company, dossier.lead.person)
    lines = list(why_lines(dossier, policy, voice.words, voice.language))
    shown = blocks.shortened(lines, left_out(f"bantline leads why {dossier.lead.id[:SHORT_ID]}", voice))
    return blocks.message(title, [blocks.header(title), *blocks.sections(shown)])


def rules_message(definition: Definition, voice: Voice) -> Json:
    """The definition everybody works by, in the reader's language."""
    point = "・" if definition.language == "ja" else "• "
    told = [[section.title, *(_listed(line, point) for line in section.lines)] for section in definition.sections()]
    lines = [line for section in told for line in section]
    shown = blocks.shortened(lines, left_out("bantline policy explain", voice))
    drawn = [block for section in (told if shown == lines else [shown]) for block in blocks.sections(section)]
    return blocks.message(definition.title(), [blocks.header(definition.title()), *drawn])


def left_out(command: str, voice: Voice) -> Callable[[int], str]:
    """Where a listing is longer than a message, how many lines are missing, and how to read all of it."""
    keys = {0: "rest_left_out", 1: "line_left_out"}
    return lambda count: voice.says(keys.get(count, "lines_left_out"), count=count, command=command)


def _listed(line: str, point: str) -> str:
    """What belongs to the line above stands below it, moved in."""
    return f"\u3000- {line.removeprefix('- ')}" if line.startswith("- ") else f"{point}{line}"
