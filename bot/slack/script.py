"""The talk script under a card: how to begin, what to say to hear what is still unknown, how to end (M94)."""

from bot.slack import blocks
from bot.slack.blocks import Json
from bot.slack.voice import Voice
from dialogs.playbook import shipped_playbook
from qualification.answers import Known
from qualification.bant import Topic, to_json
from qualification.dossier import Dossier

OPENING, EXPERIENCE, CLOSING = "opening", "experience", "closing"
FACT = 120


def topics_of_script(known: Known) -> tuple[Topic, ...]:
    """The criteria nobody has told us about, in the order of the interview."""
    asked = [question.about for question in shipped_playbook().questions]
    return tuple(sorted(known.unknown, key=asked.index))


def talk_script(dossier: Dossier, voice: Voice) -> Json:
    """The message: how to begin, one line for each unknown criterion, whether they have used anything like it before
    (M37), how to end. In the prospect's language.
    """
    topics = topics_of_script(dossier.known)
    title = voice.says("script_title") if topics else voice.says("script_done")
    lines = [script_line(topic, dossier, voice) for topic in (OPENING, *topics, EXPERIENCE, CLOSING)]
    drawn = [blocks.section(title), *(blocks.section(line) for line in lines)]
    return blocks.message(title, drawn)


def script_line(topic: str, dossier: Dossier, voice: Voice) -> str:
    """One thing to say on the phone, with the name of what it asks for."""
    spoken = spoken_line(topic, dossier, voice)
    name = voice.says(topic) if topic in (OPENING, EXPERIENCE, CLOSING) else voice.label("topic", topic)
    return voice.says("script_line", topic=name, line=spoken)


def spoken_line(topic: str, dossier: Dossier, voice: Voice) -> str:
    """What to say, in the language the prospect speaks."""
    language = dossier.lead.language
    return voice.words.script(topic, language, facts_for_templates(dossier, voice, language))


def facts_for_templates(dossier: Dossier, voice: Voice, language: str, *, rep_name: str = "") -> dict[str, str]:
    """What a script line or a mail may say about the lead, in its own language."""
    lead, known, words = dossier.lead, dossier.known, voice.words
    facts = {
        "person": short(lead.person or ""),
        "company": short(lead.company or ""),
        "rep_name": rep_name or dossier.owner_name or "",
    }
    for topic in (Topic.NEED, Topic.TIMEFRAME, Topic.BUDGET):
        answer = known.about(topic)
        if answer is None:
            continue
        value = to_json(topic, answer.value)
        said = words.need_words(value, language) if topic is Topic.NEED else words.answer(topic, value, language)
        facts[f"{topic}_words"] = short(said)
    return facts


def short(fact: str) -> str:
    """A fact in one line, short enough to be said."""
    return blocks.cut(blocks.one_line(fact), FACT)
