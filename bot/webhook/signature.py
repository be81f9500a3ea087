"""How a receiver knows that a webhook is ours: the public convention Standard Webhooks.

webhook-id           the delivery's id, the same for every try
webhook-timestamp    seconds since 1970 of this try
webhook-signature    "v1," and base64 of HMAC-SHA256 over id.timestamp.body; one for each secret that lives
"""

import base64
import hmac
from binascii import Error as NotBase64
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64  # bytes of a key, as the convention has it


def is_secret(text: str) -> bool:
    """Whether it is written as the convention writes secrets: "whsec_", and 24 to 64 bytes in base64."""
    try:
        return text.startswith(PREFIX) and SHORTEST <= len(_key(text)) <= LONGEST
    except (NotBase64, ValueError):
        return False


def signed(delivery_id: str, body: bytes, *, at: datetime, secrets: Sequence[str]) -> dict[str, str]:
    """The headers of a delivery that leaves at this instant, signed by each of the secrets."""
    timestamp = str(int(at.timestamp()))
    content = b".".join((delivery_id.encode(), timestamp.encode(), body))
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(secret, content) for secret in secrets),
    }


def _signature(secret: str, content: bytes) -> str:
    return f"v1,{base64.b64encode(hmac.digest(_key(secret), content, 'sha256')).decode()}"


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
