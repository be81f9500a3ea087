"""A strict stand-in for Slack: one workspace in memory, its Web API, its deliveries and a page to look at it.

For the demo and the tests. An app built on slack-bolt cannot tell it from Slack except by its base URL.
"""

from bot.sandbox.cast import sales_team
from bot.sandbox.driver import Person, all_words
from bot.sandbox.errors import AppDidNotAnswer, DriverError, SlackError
from bot.sandbox.manifest import Installation, installation_from
from bot.sandbox.records import Channel, Message, View
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace

__all__ = [
    "AppDidNotAnswer",
    "Channel",
    "DriverError",
    "Installation",
    "Message",
    "Person",
    "SandboxServer",
    "SlackError",
    "View",
    "Workspace",
    "all_words",
    "installation_from",
    "sales_team",
]
