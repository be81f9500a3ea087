"""What is done for a person after the acknowledgement ends, whatever the order in which it is waited for."""

import asyncio

from bot.slack.afterwards import Afterwards


async def test_to_wait_for_what_is_done_in_this_very_moment_ends() -> None:
    afterwards, done = Afterwards(), []

    async def answers() -> None:
        done.append("answered")

    task = afterwards.do(answers())
    while not task.done():
        await asyncio.sleep(0)
    await afterwards.finished()

    assert done == ["answered"]
