"""The hours of an office as tests write them, and when its clocks run out."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from qualification.working_hours import WorkingHours
from tests.qualification.minute_counter import DAYS, Written

WORKDAYS = DAYS[:5]
NINE_TO_SIX: Written = {day: [["09:00", "18:00"]] for day in WORKDAYS}
WITH_LUNCH: Written = {day: [["09:00", "12:00"], ["13:00", "18:00"]] for day in WORKDAYS}
FRIDAY_NIGHT: Written = {"fri": [["22:00", "06:00"]]}
THREE_HOURS = timedelta(hours=3)


def hours_of(hours: object = NINE_TO_SIX, zone: str = "Asia/Tokyo", *holidays: str) -> WorkingHours:
    return WorkingHours.from_policy(hours, zone, list(holidays))


def local(text: str, zone: str = "Asia/Tokyo") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def due_text(hours: WorkingHours, start: datetime, work: timedelta) -> str:
    return hours.add(start, work).astimezone(hours.zone).strftime("%a %Y-%m-%d %H:%M")
