"""`bantline digest`: the managers' digest on the terminal, for today or for any day."""

from contextlib import closing
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.bootstrap import Services, as_json_text, open_services
from bot.in_words.digest import digest_in_words
from bot.settings import load_settings
from qualification.dossier import names_of
from qualification.reports.digest import Digest, digest_of


def print_digest(*, day: date | None, language: str | None, as_json: bool) -> None:
    """`language` is the firm's unless given."""
    with closing(open_services(load_settings())) as services:
        digest, names = look(services, day)
        print(as_json_text(digest_json(digest)) if as_json else in_words(digest, names, services, language))


def look(services: Services, day: date | None) -> tuple[Digest, dict[str, str]]:
    """Today up to now, or the whole of another day."""
    zone, now = services.store.policy.working_hours.zone, services.clock()
    wanted = day or now.astimezone(zone).date()
    midnight = datetime.combine(wanted + timedelta(days=1), time.min, zone).astimezone(now.tzinfo)
    until = min(now, midnight) if wanted <= now.astimezone(zone).date() else midnight

    def read(session: Any) -> tuple[Digest, dict[str, str]]:
        digest = digest_of(session, wanted, services.store.policy, until=until)
        return digest, names_of(session, (rep.rep_id for rep in digest.by_rep if rep.rep_id))

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


def in_words(digest: Digest, names: dict[str, str], services: Services, language: str | None = None) -> str:
    promise, spoken = services.store.policy.first_contact, language or services.settings.language
    return "\n".join(digest_in_words(digest, names, services.words, spoken, promise=promise).parts)
