"""`bantline digest`: the managers' digest on the terminal, for today or for any day."""

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.bootstrap import Services, as_json_text, start_services
from bot.settings import load_settings
from bot.slack.digest import digest_message
from bot.slack.team import who_is
from bot.slack.voice import Voice
from qualification.digest import Digest, digest_of


def print_digest(*, day: date | None, as_json: bool) -> None:
    services = start_services(load_settings())
    try:
        digest, names = look(services, day)
        print(as_json_text(digest_json(digest)) if as_json else _in_words(digest, names, services))
    finally:
        services.close()


def look(services: Services, day: date | None) -> tuple[Digest, dict[str, str]]:
    """Today up to now, or the whole of another day."""
    zone, now = services.store.policy.working_hours.zone, services.clock()
    wanted = day or now.astimezone(zone).date()
    midnight = datetime.combine(wanted + timedelta(days=1), time.min, zone).astimezone(now.tzinfo)
    until = min(now, midnight) if wanted <= now.astimezone(zone).date() else midnight

    def read(session: Any) -> tuple[Digest, dict[str, str]]:
        digest = digest_of(session, wanted, services.store.policy, until=until)
        return digest, who_is(session, (rep.rep_id for rep in digest.by_rep if rep.rep_id))

    return services.store.read(read)


def digest_json(digest: Digest) -> dict[str, Any]:
    """The numbers of the day, and of each rep ("rep_id" null: leads nobody has). Instants are UTC."""
    return {
        "day": digest.day,
        "until": digest.until,
        "new": digest.new,
        "qualified": digest.qualified,
        "met": digest.met,
        "met_late": digest.met_late,
        "waiting": digest.waiting,
        "late": digest.late,
        "by_rep": [asdict(rep) for rep in digest.by_rep],
    }


def _in_words(digest: Digest, names: dict[str, str], services: Services) -> str:
    voice = Voice(words=services.words, language=services.settings.language, now=services.clock())
    within = services.store.policy.first_contact_minutes
    return "\n".join(
        str(block["text"]["text"])
        for block in digest_message(digest, names, within, voice)["blocks"]
        if block["type"] in ("header", "section")
    )
