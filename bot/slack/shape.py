"""The shape of what Slack sends, as far as it is read before anybody can refuse it: by Bolt, and to know who it is.

What is deeper in a payload, in a form's fields above all, is read by the listener whose form it is.
"""

TEXTS = frozenset(
    {"type", "subtype", "id", "team_id", "enterprise_id", "user_id", "channel_id", "command", "callback_id",
     "action_id", "action_ts", "event_id", "trigger_id", "response_url", "hash", "ts", "thread_ts"}
)  # fmt: skip
OBJECTS = frozenset({"view", "container", "message", "previous_message", "item", "state"})
OBJECTS_OR_IDS = frozenset({"team", "enterprise", "user", "channel"})
LISTS = frozenset({"actions", "authorizations", "response_urls"})


def has_shape(payload: object) -> bool:
    """Whether texts, objects and lists stand where Slack has them."""
    try:
        return isinstance(payload, dict) and _names_no_one_by_id(payload) and _fits_within(payload)
    except RecursionError:
        return False


def _names_no_one_by_id(payload: dict[str, object]) -> bool:
    """Only within an event is a person or a channel an id alone."""
    return not any(isinstance(payload.get(name), str) for name in ("user", "channel"))


def _fits_within(held: object) -> bool:
    return isinstance(held, dict) and all(_fits(name, value) for name, value in held.items())


def _fits(name: str, value: object) -> bool:
    if name == "event":
        return _fits_within(value)
    if name in LISTS:
        nobody = value is None and name == "authorizations"
        return nobody or (isinstance(value, list) and all(map(_fits_within, value)))
    if name in OBJECTS_OR_IDS and isinstance(value, str):
        return True
    if name in OBJECTS or name in OBJECTS_OR_IDS:
        return value is None or _fits_within(value)
    return name not in TEXTS or value is None or isinstance(value, str)
