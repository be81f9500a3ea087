"""The rules that clocks began with (D13): each is kept once, named by what it says, and never changed.

A clock's row holds the name. What a name stands for is read once in the life of a process, whatever the policy says.
"""

import json
from functools import lru_cache
from hashlib import sha256

from qualification.clock_rules import FollowUpRule
from qualification.look import Rows
from qualification.records import FollowUp, KeptRule
from qualification.store import Transaction

LETTERS = 12
_READ: dict[str, FollowUpRule] = {}  # by their names; the same name means the same in every database


@lru_cache(maxsize=256)
def name_of(rule: FollowUpRule) -> str:
    """Of two rules that say the same it is the same."""
    return sha256(json.dumps(rule.as_kept, sort_keys=True).encode()).hexdigest()[:LETTERS]


def keep(tx: Transaction, rule: FollowUpRule) -> str:
    """Its name; from now on the name can be read."""
    name = name_of(rule)
    if tx.peek(KeptRule, name) is None:
        tx.add(KeptRule(name=name, says=rule.as_kept, at=tx.now))
    return name


def rule_named(rows: Rows, name: str) -> FollowUpRule:
    """What this name stands for. Raises KeyError for one that nobody kept."""
    if name not in _READ:
        kept = rows.peek(KeptRule, name)
        if kept is None:
            raise KeyError(name)
        _READ[name] = FollowUpRule.model_validate(kept.says)
    return _READ[name]


def rule_of(rows: Rows, follow_up: FollowUp) -> FollowUpRule:
    """The rule this clock began with, whatever the policy says now."""
    return rule_named(rows, follow_up.began_with)
