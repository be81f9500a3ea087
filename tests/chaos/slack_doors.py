"""The HTTP door: only Slack's true signature passes, and what was signed once acts once (S3, S4)."""

import asyncio
import hashlib
import hmac
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlencode

import aiohttp
from multidict import CIMultiDict
from sqlmodel import select

from qualification.records import Lead
from tests.chaos.hand import Hand, Parcel
from tests.chaos.office import open_office
from tests.chaos.proof import Proof, unless
from tests.desk import Bench

SECRET = "sandbox-signing-secret"
STAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
Headers = CIMultiDict[str]


def body_of(parcel: Parcel) -> tuple[bytes, str]:
    """The body and content type as Slack posts it."""
    if parcel.kind == "events_api":
        return json.dumps(parcel.payload, ensure_ascii=False).encode(), JSON
    fields = parcel.payload if parcel.kind == "slash_commands" else {"payload": json.dumps(parcel.payload)}
    return urlencode(fields).encode(), FORM


def signed(body: bytes, *, at: float | None = None, secret: str = SECRET) -> Headers:
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return CIMultiDict({STAMP: stamp, SIGNATURE: f"v0={digest}"})


# -- S3 --------------------------------------------------------------------------------------------


def only_true_signatures(quick: bool) -> Proof:
    return asyncio.run(_signatures(60 if quick else 300))


async def _signatures(count: int) -> Proof:
    async with open_office(over_http=True) as bench, aiohttp.ClientSession() as session:
        body, kind = body_of(
            Hand(bench.workspace).types(bench.workspace.person("yuki"), "new Eve Doe, Forged wants it")
        )
        true = await _post(session, bench, body, signed(body), kind)
        forged = list(_forgeries(body))
        random.Random(3).shuffle(forged)
        statuses = Counter([await _post(session, bench, *one, kind) for one in forged[:count]])
        await bench.settle()
        leads = bench.services.store.read(lambda session: len(session.exec(select(Lead.id)).all()))
    return Proof(
        name="S3",
        promise="only Slack's true signature passes",
        figures=f"{min(count, len(forged))} changed headers, bodies, times and secrets: all 401; the true one: {true}",
        broken=unless(
            every_forgery_is_401=(set(statuses) == {401}, dict(statuses)),
            the_true_one_passes=(true == 200, true),
            one_effect=(leads == 1, leads),
        ),
    )


async def _post(session: aiohttp.ClientSession, bench: Bench, body: bytes, headers: Headers, kind: str) -> int:
    given = CIMultiDict(headers)
    given["Content-Type"] = kind
    async with session.post(str(bench.workspace.request_url), data=body, headers=given) as response:
        await response.read()
        return response.status


def _forgeries(body: bytes) -> Iterator[tuple[bytes, Headers]]:
    """More than three hundred requests that Slack did not sign, though nearly."""
    true = signed(body)
    yield from ((body, _with(true, SIGNATURE, one)) for one in _signatures_near(true[SIGNATURE]))
    yield from ((body, _with(true, STAMP, one)) for one in _times_near(true[STAMP]))
    yield from ((changed, true) for changed in _bodies_near(body))
    now = time.time()
    yield from ((body, signed(body, at=now + late)) for late in (-86_400, -3_600, -400, -301, 330, 400, 3_600, 86_400))
    yield from ((body, signed(body, at=at)) for at in (0, 1, 2**31, 2**33, 999_999_999_999))
    yield from ((body, signed(body, secret=secret)) for secret in _secrets_near(SECRET))
    yield from ((body, headers) for headers in _wrong_number_of(true))


def _with(headers: Headers, name: str, value: str) -> Headers:
    changed = CIMultiDict(headers)
    changed[name] = value
    return changed


def _signatures_near(true: str) -> Iterator[str]:
    for at in range(3, len(true)):
        for digit in ("0", "f"):
            if true[at] != digit:
                yield f"{true[:at]}{digit}{true[at + 1 :]}"
    yield from (true[:length] for length in (0, 1, 3, 10, 66))
    yield from (true.upper(), true[3:], f"v1={true[3:]}", f"v0:{true[3:]}", f"{true}0", f"{true},{true}", f'"{true}"')
    yield from ("v0=" + "g" * 64, "v0=" + "é" * 64, "v0=" + "０" * 64, "v0=", "=", "v0", "null", "v0=" + "0" * 4_000)


def _times_near(true: str) -> Iterator[str]:
    yield from ("", "abc", "9" * 400, "-1", "1.5", "1e9", "0x1", "²", "NaN", "inf", "None", f"+{true}", f"{true}0")
    yield from (f"{true}.0", f"0{true}", f"{true[:-1]}", f"{true},{true}", f"{true} {true}", f"{int(true) + 1}")
    yield from (f"{int(true) - 1}", "".join(chr(ord(digit) + 0xFEE0) for digit in true), f"{true};", f"'{true}'")


def _bodies_near(body: bytes) -> Iterator[bytes]:
    dice = random.Random(5)
    for _ in range(100):
        at = dice.randrange(len(body))
        yield body[:at] + bytes([body[at] ^ (1 << dice.randrange(8))]) + body[at + 1 :]
    yield from (
        body + b" ",
        body + b"\n",
        b" " + body,
        body[:-1],
        body[1:],
        b"",
        body * 2,
        body + b"&x=1",
        b"\xff" + body,
    )
    yield from (body.replace(b"Forged", b"Forced"), body.upper(), body + b"\x00")


def _secrets_near(true: str) -> Iterator[str]:
    yield from ("", true[:-1], f"{true} ", true.upper(), true[::-1], "0" * 12, "xoxb-sandbox-bot", f"{true}\n")


def _wrong_number_of(true: Headers) -> Iterator[Headers]:
    yield CIMultiDict()
    yield CIMultiDict({STAMP: true[STAMP]})
    yield CIMultiDict({SIGNATURE: true[SIGNATURE]})
    yield CIMultiDict([(STAMP, true[STAMP]), (SIGNATURE, true[SIGNATURE]), (SIGNATURE, "v0=" + "0" * 64)])
    yield CIMultiDict([(STAMP, true[STAMP]), (SIGNATURE, "v0=" + "0" * 64), (SIGNATURE, true[SIGNATURE])])
    yield CIMultiDict([(STAMP, "1"), (STAMP, true[STAMP]), (SIGNATURE, true[SIGNATURE])])


# -- S4 --------------------------------------------------------------------------------------------


def replays_have_one_effect(quick: bool) -> Proof:
    return asyncio.run(_replays(20 if quick else 150))


async def _replays(count: int) -> Proof:
    """Each signed request 1-5 times; what is outside the signature (retry headers, query, cookies) changes each time."""
    dice = random.Random(11)
    async with open_office(over_http=True) as bench, aiohttp.ClientSession() as session:
        hand, yuki = Hand(bench.workspace), bench.workspace.person("yuki")
        letters: list[tuple[bytes, Headers, str]] = []
        for number in range(count):
            body, kind = body_of(hand.types(yuki, f"new Person {number}, Replayed{number} needs a stock system"))
            letters += [(body, _outside(signed(body, at=time.time() - 60), dice), kind)] * dice.randint(1, 5)
        dice.shuffle(letters)
        statuses = Counter(
            await asyncio.gather(*(_post(session, bench, body, head, kind) for body, head, kind in letters))
        )
        await bench.settle()
        made = bench.services.store.read(lambda session: session.exec(select(Lead.company)).all())
    return Proof(
        name="S4",
        promise="what was signed once acts once",
        figures=f"{count} signed requests sent {len(letters)} times within five minutes: {len(made)} effects",
        broken=unless(
            one_effect_each=(
                sorted(str(one) for one in made) == sorted(f"Replayed{at}" for at in range(count)),
                len(made),
            ),
            each_answered_200=(set(statuses) == {200}, dict(statuses)),
        ),
    )


def _outside(headers: Headers, dice: random.Random) -> Headers:
    number = dice.randint(0, 9)
    headers.update({"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout", "Cookie": f"d={number}"})
    headers["X-Forwarded-For"] = f"10.0.0.{number}"
    return headers
