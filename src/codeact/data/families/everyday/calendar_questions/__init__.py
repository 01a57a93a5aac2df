"""Questions about the calendar: weekdays, notations, deadlines, ISO weeks, quarters, recurring days, lives in days, Unix time.

Invariant: right answers are found by walking through the days or from a day's ordinal, not in the expert's way. It does not: know of
holidays, or of time zones other than UTC.
"""

from codeact.data.families.everyday.calendar_questions import distances, notations, periods
from codeact.data.families.everyday.calendar_questions.asking import family
from codeact.data.families.everyday.calendar_questions.wordings import WORDINGS
from codeact.data.family import Family

_AWAY = WORDINGS["date-some-time-away"]
_WANTED = WORDINGS["what-is-wanted"]

FAMILIES: tuple[Family, ...] = (
    family("everyday/weekday-in-notation", notations.weekday_in_notation, WORDINGS["weekday-in-notation"]),
    family("everyday/is-weekday", notations.is_weekday, WORDINGS["is-weekday"]),
    family("everyday/rewrite-date", notations.rewrite_date, WORDINGS["rewrite-date"]),
    family("everyday/months-after", distances.months_after, _AWAY),
    family("everyday/working-days-after", distances.working_days_after, _AWAY),
    family("everyday/week-and-quarter", periods.week_and_quarter, _WANTED),
    family("everyday/years-with-weekday", periods.years_with_weekday, _WANTED),
    family("everyday/halfway-date", distances.halfway_date, _WANTED),
    family("everyday/order-dates", notations.order_dates, _WANTED),
    family("everyday/unix-time", notations.unix_time, _WANTED),
    family("everyday/last-weekday", periods.last_weekday, WORDINGS["last-weekday"]),
    family("everyday/days-of-month", periods.days_of_month, WORDINGS["days-of-month"]),
    family("everyday/recurring-dates", distances.recurring_dates, WORDINGS["recurring-dates"]),
    family("everyday/countdown", distances.countdown, WORDINGS["countdown"]),
    family("everyday/days-lived", distances.days_lived, WORDINGS["days-lived"]),
)
