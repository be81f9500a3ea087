"""What the bot answers: prompt keys and facts. No words and no channel; templates/ has the words."""

from typing import Any, NamedTuple

from dialogs.playbook import Question
from qualification.bant import Topic as AnswerTopic
from qualification.bant import Value, as_kept


class Choices(NamedTuple):
    """Quick replies: `of` names whose words they are (a question's key, or "common")."""

    of: str
    values: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {"of": self.of, "values": list(self.values)}


class Say(NamedTuple):
    """One message of the bot: which prompt, with which facts, offering which quick replies."""

    prompt: str
    facts: dict[str, Any]
    choices: Choices | None = None


def quick_replies(question: Question) -> Choices:
    """The question's own quick replies, and "I'd rather not say" on every one."""
    return Choices(of=question.key, values=question.replies)


def answer_fact(topic: AnswerTopic, value: Value) -> dict[str, Any]:
    """An understood answer, as the prompts read it; its words stand in the prospect's own message."""
    return {"topic": topic.value, "value": as_kept(topic, value)}
