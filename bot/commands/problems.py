"""What went wrong with a command and how to go on: mistakes somebody can mend, each with a word of advice."""

from collections.abc import Mapping

from sqlalchemy.exc import OperationalError

from bot.bootstrap import NoDatabase
from bot.commands.clock import BadLines as BadClockLines
from bot.commands.init import SettingsFileExists
from bot.commands.leads import NoSuchLead, SeveralLeads, UnknownStage
from bot.commands.lists import BadTerms
from bot.commands.manifest import NotAManifest
from bot.commands.moving import CannotCopy
from bot.commands.read import BadLine as BadReadLine
from bot.commands.review import WrongWayRound
from bot.commands.webhook import NoReceiver
from bot.in_words.database import advice, refusal
from bot.lists.columns import NoKnownColumn, UnknownColumn
from bot.lists.sheet import NoSheet
from bot.migrations import NotADatabase, NotOurTables, SchemaTooNew
from bot.settings import BadSettings
from dialogs.playbook import BadPlaybook
from dialogs.reading.lexicon import LexiconProblem
from qualification.absence import BackInThePast, NoSuchRep, SeveralReps
from qualification.activities import BeforeAnyLead, IdOfAnotherKind, NotYetHappened, UnknownKind
from qualification.deals import NoDealYet, NothingWon
from qualification.duplicates import AlreadyMerged, NotMerged, SameLead
from qualification.hours.opening_times import BadHours
from qualification.leads import ContactForbidden
from qualification.policy import BadPolicy
from qualification.stages import MoveNotAllowed, ReasonMissing
from qualification.tombstones import DataErased
from qualification.writing.jobs import Unavailable

SAYS_ITSELF = ""
ADVICE: Mapping[type[Exception], str] = {
    AlreadyMerged: "Take it back with: bantline leads merge KEPT OTHER --undo",
    BeforeAnyLead: "Check --at; left out, it is now.",
    BackInThePast: "Give a day that has not come yet: --until 2026-12-01",
    BadClockLines: SAYS_ITSELF,
    BadHours: SAYS_ITSELF,
    BadPolicy: SAYS_ITSELF,
    BadReadLine: SAYS_ITSELF,
    BadSettings: SAYS_ITSELF,
    BadTerms: SAYS_ITSELF,
    CannotCopy: SAYS_ITSELF,
    ContactForbidden: "It stays so until they write to us themselves.",
    DataErased: "What was heard of this person since belongs to no record of ours.",
    MoveNotAllowed: "Where it stands, and what would bring it further: bantline leads why ID",
    NoDatabase: SAYS_ITSELF,
    NoDealYet: "What is missing: bantline leads why ID. Then a rep logs the call, or: bantline leads activity ID KIND",
    NoKnownColumn: SAYS_ITSELF,
    NoReceiver: "How it goes: docs/webhooks.md",
    NoSheet: SAYS_ITSELF,
    NoSuchLead: SAYS_ITSELF,
    NoSuchRep: SAYS_ITSELF,
    NotAManifest: SAYS_ITSELF,
    NotOurTables: "Give Bantline a database of its own: DATABASE_URL names it.",
    NothingWon: "bantline leads result ID won, then: bantline leads result ID left",
    IdOfAnotherKind: SAYS_ITSELF,
    NotADatabase: "Check DATABASE_URL: it names the file that Bantline keeps its data in.",
    NotMerged: "What was merged into a lead stands in its history: bantline leads show KEPT",
    BadPlaybook: "Mend it in dialogs/playbooks, or put the file back as it came.",
    LexiconProblem: "Mend it in dialogs/reading/lexicons, or put the file back as it came.",
    NotYetHappened: "Only what has happened counts: check --at, it is read in the firm's zone.",
    OSError: SAYS_ITSELF,
    ReasonMissing: 'Say it with --reason "..."',
    SameLead: "Name two: bantline leads merge KEPT OTHER",
    SchemaTooNew: SAYS_ITSELF,
    SettingsFileExists: SAYS_ITSELF,
    SeveralLeads: SAYS_ITSELF,
    SeveralReps: SAYS_ITSELF,
    UnknownColumn: SAYS_ITSELF,
    UnknownKind: SAYS_ITSELF,
    UnknownStage: SAYS_ITSELF,
    Unavailable: "Another program may hold the database: a backup, a copy, a shell. `bantline doctor` says more.",
    WrongWayRound: SAYS_ITSELF,
}


MENDABLE: tuple[type[Exception], ...] = (OperationalError, *ADVICE)


def advice_on(problem: Exception) -> str:
    """One of MENDABLE in words, and what to do."""
    if isinstance(problem, OperationalError):
        return f"The database does not answer: {refusal(problem)}\n{advice(problem)}, then run: bantline doctor"
    if isinstance(problem, OSError) and problem.strerror and problem.filename:
        return f"{problem.filename}: {problem.strerror}"
    kind = next(kind for kind in type(problem).__mro__ if kind in ADVICE)
    return "\n".join(filter(None, (str(problem), ADVICE[kind])))
