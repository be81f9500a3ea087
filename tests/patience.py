"""How long a test waits for what surely comes: no measure of speed, only an end to waiting for what never does.

A machine with much else to do may stand still for many seconds; a test that gives up then says nothing about us.
"""

PATIENCE = 90.0  # seconds
IN_A_BROWSER = PATIENCE * 1_000  # milliseconds, as Playwright counts
