"""The same interview over HTTP with us, with the ceiling and with the peers, in one run, as ratios.

    python -m benchmarks.peers                          everything that can be had here
    python -m benchmarks.peers --only bantline-sqlite,ceiling --clients 32 --seconds 2 --rounds 1
    python -m benchmarks.peers --check                  kills each in the middle of a talk, and looks whether it goes on
    python -m benchmarks.peers --json run.json          and then: python -m benchmarks.charts run.json

All do this: one process answers HTTP through the same server (uvicorn, uvloop, httptools; Node has its own), opens a
talk, answers seven messages, and lets no answer out before the talk is kept durably (SQLite in WAL with
synchronous=FULL, PostgreSQL with synchronous_commit=on), so that after a kill the talk goes on where it was.

    contestant            what it does for a turn
    bantline-sqlite       the real `bantline serve`, worker and metrics included; group commit
    ceiling               a bare endpoint: select the talk, update it, insert into a history; raw sqlite3, group commit
    langgraph             LangGraph as it is meant for asking people: a node that interrupts itself with a question and
                          is resumed with the answer; its own SQLite checkpointer, one checkpoint a turn
    langgraph-lean        the least LangGraph can do: no interrupt, one run of one node a message, the same checkpointer
    bot-framework         Bot Framework for Python: a waterfall of prompts, its state in SQLite, a commit a turn
    bot-framework-node    the same for Node, with better-sqlite3
    bantline-postgres     the real `bantline serve`, one process
    bare-postgres         the ceiling's three statements with raw asyncpg, a commit a turn, sixteen connections

What Bantline does in a turn beyond them: it checks the token, the limits and that a message is not a repeat; it reads
the text (Japanese and English) for money, times, people, needs and wishes; it keeps each answer with its words and
their place, every message and a history of the lead, scores, moves the stage with a reason; and with the last turn it
starts the lead's clocks and timers and puts into the outbox what the reps must hear. The others keep what was typed.

The Python peers stand behind a door of some lines in place of a web framework: it costs them less than any they would
use. Each installs into an environment of its own, on demand, below --environments; what cannot be had is left out.
"""
