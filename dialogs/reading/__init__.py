"""(stopgap by the lead, to be replaced by the assembly)"""

import re
from datetime import datetime

from dialogs.reading import money, timeframe
from dialogs.reading.found import Act, Found, Language, Reading
from dialogs.reading.text import Text
from qualification.bant import Authority, Company, Contact, Need, Role, Strength, Topic

EMAIL = re.compile(r"[a-z0-9._+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
SAID = {
    "stop": "連絡しないで|please stop|not interested|やめ",
    "person_asked": "担当の方と|a person|human",
    "absent": "no problem|課題はない",
    "problem": "困って|追いつか|多くて|かかって|バラバラ|改善|lose|need a|can't keep|we want|too long|losing|too many|spend days",
    "self_decides": "私|i decide|i make",
    "decline": "rather not|confidential|答えたくない",
    "dont_know": "not sure|わからない",
    "correct": "間違い|さっき",
}
PHONE = re.compile(r"\+?\d[\d-]{8,14}")


def read(text: str, *, question: Topic | None, now: datetime, language: Language | None = None) -> Reading:
    of = Text.of(text)
    plain = of.plain

    def say(name: str) -> bool:
        return re.search(SAID[name], plain) is not None

    def found(value, words=text):
        return Found(value=value, span=(0, len(text)), words=words, certainty=0.9, rule="stopgap")

    facts = {}
    act = None
    if re.search("ignore all|instructions", plain):
        return Reading(text=text, language=of.language, act=Act.NOISE)
    if say("stop"):
        act = Act.STOP
    elif say("person_asked"):
        act = Act.HUMAN
    if act is None and plain.rstrip().endswith(("?", "か", "？")):
        act = Act.QUESTION
        return Reading(text=text, language=of.language, act=act)
    if budget := money.find(of, asked=question):
        facts["budget"] = budget
    if when := timeframe.find(of, asked=question, today=now.date()):
        facts["timeframe"] = when
    if say("absent"):
        facts["need"] = found(Need(present=False))
    elif say("problem"):
        facts["need"] = found(Need(present=True, strength=Strength.MEDIUM))
    if question is Topic.AUTHORITY or say("self_decides"):
        if say("self_decides"):
            facts["authority"] = found(Authority(role=Role.DECISION_MAKER))
        elif hit := re.search("部長|社長|cfo|boss", plain):
            facts["authority"] = found(Authority(role=Role.NEEDS_APPROVAL, approver=hit[0]))
    mail, phone = EMAIL.search(plain), PHONE.search(plain.replace(" ", ""))
    if question is Topic.CONTACT or mail:
        name = re.split(r"[,、。 ]|です", text)[0] if question is Topic.CONTACT else None
        if name and " " in text and text.isascii():
            name = " ".join(text.replace(",", "").split()[:2])
        if mail or phone:
            number = "+81" + phone[0].replace("-", "")[1:] if phone else None
            facts["contact"] = found(Contact(name=name, email=mail[0] if mail else None, phone=number))
    if question is Topic.COMPANY and not say("decline"):
        facts["company"] = found(Company(name=text.removesuffix("です")))
    if act is None:
        if say("correct"):
            act = Act.CORRECT
        elif facts:
            act = Act.ANSWER
        elif say("decline"):
            act = Act.DECLINE
        elif say("dont_know"):
            act = Act.DONT_KNOW
        else:
            act = Act.NOISE
    return Reading(text=text, language=of.language, act=act, **facts)
