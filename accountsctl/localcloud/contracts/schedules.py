"""Schedule expressions of EventBridge: ``rate(5 minutes)`` and ``cron(0 8 ? * MON-FRI *)``, in UTC.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

UNITS = {"minute": 60, "hour": 3600, "day": 86400}
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
LAST_YEAR = 2199
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)(s?)\)")
_CRON = re.compile(r"cron\((.+)\)")


class ScheduleError(ValueError):
    """An expression that EventBridge refuses."""


@dataclass(frozen=True)
class Rate:
    """Every `seconds`, counted from when the rule was created."""

    seconds: int

    def after(self, moment: float, anchor: float) -> float | None:
        """The first time after `moment`; both are epoch seconds, as is `anchor`, the time of creation."""
        periods = int((moment - anchor) // self.seconds) + 1
        return anchor + max(1, periods) * self.seconds


@dataclass(frozen=True)
class Cron:
    """The minutes, hours, months and years that a schedule names; `day` says which days."""

    minutes: Sequence[int]
    hours: Sequence[int]
    months: frozenset[int]
    years: frozenset[int]
    day: Callable[[date], bool]

    def after(self, moment: float, anchor: float) -> float | None:
        """The first time after `moment` (epoch seconds); None if there is none."""
        del anchor
        start = datetime.fromtimestamp(moment, UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
        day = start.date()
        while day.year <= max(self.years):
            if day.year not in self.years:
                day = date(day.year + 1, 1, 1)
            elif day.month not in self.months:
                day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
            else:
                found = self._on(day, start) if self.day(day) else None
                if found is not None:
                    return found.timestamp()
                day += timedelta(days=1)
        return None

    def _on(self, day: date, start: datetime) -> datetime | None:
        times = (
            datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
            for hour in self.hours
            for minute in self.minutes
        )
        return next((time for time in times if time >= start), None)


Schedule = Rate | Cron


def parse(expression: str) -> Schedule:
    """The schedule; raises ScheduleError for an expression that EventBridge refuses."""
    rate = _RATE.fullmatch(expression)
    if rate:
        count = int(rate[1])
        if count < 1 or (count == 1) == bool(rate[3]):
            raise ScheduleError(expression)
        return Rate(count * UNITS[rate[2]])
    cron = _CRON.fullmatch(expression)
    fields = cron[1].split() if cron else []
    if len(fields) != 6 or (fields[2] == "?") == (fields[4] == "?"):
        raise ScheduleError(expression)
    try:
        return Cron(
            sorted(_numbers(fields[0], 0, 59)),
            sorted(_numbers(fields[1], 0, 23)),
            frozenset(_numbers(fields[3], 1, 12, MONTHS)),
            frozenset(_numbers(fields[5], 1970, LAST_YEAR)),
            _of_month(fields[2]) if fields[4] == "?" else _of_week(fields[4]),
        )
    except (ValueError, IndexError):
        raise ScheduleError(expression) from None


def _numbers(field: str, low: int, high: int, names: Sequence[str] = ()) -> set[int]:
    """The values of a field: ``*``, ``5``, ``1-5``, ``0/15``, ``MON,WED`` and lists of these."""
    values: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        start = low if first == "*" else _number(first, low, names)
        end = _number(last, low, names) if last else high if first == "*" or step else start
        if not low <= start <= high or not low <= end <= high or (step and int(step) < 1):
            raise ValueError(part)
        if end < start:  # FRI-MON
            values |= set(range(start, high + 1)) | set(range(low, end + 1))
        else:
            values |= set(range(start, end + 1, int(step or 1)))
    return values


def _number(text: str, low: int, names: Sequence[str]) -> int:
    return names.index(text.upper()) + low if text.upper() in names else int(text)


def _of_month(field: str) -> Callable[[date], bool]:
    """``L``: the last day; ``3W``: the weekday nearest to the third."""
    if field == "L":
        return lambda day: day.day == _last(day)
    if field.endswith("W"):
        wanted = int(field[:-1])
        return lambda day: day == _nearest_weekday(day, wanted)
    days = _numbers(field, 1, 31)
    return lambda day: day.day in days


def _of_week(field: str) -> Callable[[date], bool]:
    """``6L``: the month's last Friday; ``3#2``: its second Tuesday. Sunday is 1."""
    if field == "L":
        field = "7"
    if field.endswith("L"):
        weekday = _number(field[:-1], 1, DAYS)
        return lambda day: _weekday(day) == weekday and day.day + 7 > _last(day)
    if "#" in field:
        name, _, count = field.partition("#")
        weekday, number = _number(name, 1, DAYS), int(count)
        return lambda day: _weekday(day) == weekday and (day.day - 1) // 7 + 1 == number
    weekdays = _numbers(field, 1, 7, DAYS)
    return lambda day: _weekday(day) in weekdays


def _weekday(day: date) -> int:
    return day.isoweekday() % 7 + 1


def _last(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _nearest_weekday(day: date, wanted: int) -> date | None:
    """The weekday nearest to a day of this month, within the month."""
    if wanted > _last(day):
        return None
    exact = day.replace(day=wanted)
    shift = {5: -1, 6: 1}.get(exact.weekday(), 0)
    nearest = exact + timedelta(days=shift)
    if nearest.month != exact.month:
        nearest = exact + timedelta(days=2 if shift < 0 else -2)
    return nearest
