"""Try the promises hard and print the figures: `python -m tests.chaos [NAME...] [--quick]`; ends with 1 when one broke."""

import argparse
import sys
import time
import traceback
from functools import partial

from tests.chaos import (
    any_day,
    chat_killed,
    chat_load,
    chat_text,
    clock_hosts,
    clock_hours,
    clock_kills,
    clock_rules,
    clock_watch,
    database_trouble,
    migration_killed,
    progress,
    slack_doors,
    slack_repeats,
    slack_rights,
    slack_text,
    slack_under_load,
    soak,
    ways_out,
    web_doors,
    web_floods,
)
from tests.chaos.office import quiet
from tests.chaos.proof import Program, Proof

PROGRAMS: dict[str, Program] = {
    "R17": chat_load.a_thousand_chats,
    "R1": clock_rules.deadlines_are_right,
    "R2": clock_hours.nobody_outside_hours,
    "R3": clock_kills.kills,
    "R3-lag": clock_kills.kills_with_lag,
    "R4": clock_kills.frozen,
    "R4-lag": clock_kills.frozen_with_lag,
    "R4-postgres": clock_kills.frozen_on_postgres,
    "R5": clock_kills.many_processes,
    "R6": clock_rules.no_escalation_after_the_answer,
    "R9": ways_out.slack_in_trouble,
    "R10": ways_out.mail_server_away,
    "R11": database_trouble.locked_database,
    "R12": database_trouble.full_disk,
    "R13": database_trouble.restarted_postgres,
    "R14": clock_rules.clock_jumps,
    "R15": clock_hosts.skewed_hosts,
    "R16": clock_watch.catch_up,
    "R19": clock_watch.auditor_finds_everything,
    "R20": clock_watch.silence_is_noticed,
    "R21": migration_killed.migration_killed,
    "R22": clock_watch.restored,
    "R23": clock_hours.editing_moves_nothing_unseen,
    "R24": clock_rules.poison_stops_nobody,
    "S17": clock_watch.alert_bombing,
    "R18": chat_killed.chats_survive_kills,
    "R7": slack_repeats.repeats_are_harmless,
    "R8": slack_under_load.slack_never_times_out,
    "S1": slack_rights.every_action_by_everybody,
    "S3": slack_doors.only_true_signatures,
    "S4": slack_doors.replays_have_one_effect,
    "S5": slack_rights.outsiders_change_nothing,
    "S6": slack_text.hostile_text_stays_text,
    "S7": chat_text.hostile_talk,
    "S2": web_doors.hostile_requests,
    "S13": web_doors.foreign_ids,
    "S14": web_doors.foreign_origins,
    "S15": web_floods.too_large,
    "S16": web_floods.flood,
    "S24": web_doors.every_answer,
    "S27": slack_rights.a_role_taken_away_is_gone,
    "soak": soak.hours_squeezed,
    "twenty-claims": slack_repeats.twenty_claims,
    "any-day": any_day.days_nobody_planned,
}


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    asked.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(PROGRAMS)}; none: all of them")
    asked.add_argument("--quick", action="store_true", help="smaller numbers, some seconds each")
    asked.add_argument("--minutes", type=float, help=f"how long `soak` takes; {soak.MINUTES:.0f} unless told")
    given = asked.parse_args()
    if unknown := [name for name in given.names if name not in PROGRAMS]:
        asked.error(f"no proof called {', '.join(unknown)}")
    quiet()
    programs = PROGRAMS | {"soak": partial(soak.hours_squeezed, minutes=given.minutes)}
    proofs = [_tried(name, programs[name], quick=given.quick) for name in given.names or PROGRAMS]
    return 0 if all(proof.kept for proof in proofs) else 1


def _tried(name: str, program: Program, *, quick: bool) -> Proof:
    began = time.monotonic()
    try:
        proof = program(quick)
    except Exception as error:  # noqa: BLE001 - a proof that cannot be made keeps no promise, and must not stop those after it
        traceback.print_exc()
        proof = Proof(name=name, promise="could not be tried", figures=str(error), broken=(repr(error),))
    progress.is_over()
    print(f"{name:<14} {'kept' if proof.kept else 'BROKEN':<7} {proof.promise}: {proof.figures}", end="")
    print(f" ({time.monotonic() - began:.0f} s)", *(f"\n{'':<22} {line}" for line in proof.broken), sep="", flush=True)
    return proof


if __name__ == "__main__":
    sys.exit(main())
