"""Questions about times of the day: the two clocks, other cities, and who came first.

Invariant: right answers are counted in whole minutes, where the expert reckons with `datetime`. It does not: know of time zones that
change.
"""

import json
import random
from dataclasses import dataclass

from codeact.data.families.everyday.clock_questions.asking import Wanted, made
from codeact.data.families.everyday.clock_questions.times import (
    AM_PM,
    AM_PM_IN_SMALL,
    CLOCKS,
    HH_MM,
    IMPORT,
    MINUTES_A_DAY,
    Clock,
    joined,
    wanted_time,
)
from codeact.data.families.wordlists import PEOPLE
from codeact.data.family import Instance
from codeact.data.phrasing import Phrase


@dataclass(frozen=True, slots=True)
class _OtherClock:
    """The clock that times are to be converted to.

    Args:
        clock: of the answer.
        name: of it.
        one, several: the form of the answer, for a time and for a list of times.
        tidied: follows the expert's text, to make it the form.
    """

    clock: Clock
    name: str
    one: str
    several: str
    tidied: str = ""


_TO_12_HOURS = _OtherClock(
    AM_PM,
    "12-hour time with AM or PM",
    one="like 3:05 PM",
    several="a list like ['3:05 PM', '11:40 AM']",
    tidied='.lstrip("0")',
)
_TO_24_HOURS = _OtherClock(HH_MM, "24-hour time", one="HH:MM", several="a list of HH:MM")


def clock_formats(chance: random.Random, phrase: Phrase) -> Instance:
    """Times of one clock by the other."""
    times = [chance.randrange(MINUTES_A_DAY) for _ in range(chance.choice((1, 1, 1, 2, 3, 4)))]
    if chance.random() < 0.5:
        old, new = HH_MM, _TO_12_HOURS
    else:
        old, new = chance.choice((AM_PM_IN_SMALL, AM_PM)), _TO_24_HOURS
    texts = [old.written(time) for time in times]
    answers = [new.clock.written(time) for time in times]
    converted = f'datetime.strptime(time, "{old.pattern}").strftime("{new.clock.pattern}"){new.tidied}'
    if len(times) > 1:
        prompt = phrase(times=joined(texts), form=f"{new.name} ({new.several})", be="are")
        code = f"from datetime import datetime\ntimes = {json.dumps(texts)}"
        return made(chance, prompt, [*answers], code, f"[{converted} for time in times]")
    prompt = phrase(times=texts[0], form=f"{new.name} ({new.one})", be="is")
    code = f'from datetime import datetime\ntime = "{texts[0]}"'
    slip = f'from datetime import datetime\nprint(datetime.strptime("{texts[0]}", "{new.clock.pattern}"))'
    return made(chance, prompt, answers[0], code, converted, slip=slip)


@dataclass(frozen=True, slots=True)
class _City:
    """A city.

    Args:
        name: of it.
        ahead: hours that it is ahead of UTC, with their sign.
    """

    name: str
    ahead: str

    @property
    def words(self) -> str:
        """The city, and how far it is ahead of UTC."""
        return f"{self.name} (UTC{self.ahead.replace('.5', ':30')})"

    @property
    def minutes_ahead(self) -> int:
        """The same in minutes."""
        return int(60 * float(self.ahead))

    @property
    def code(self) -> str:
        """The same as code."""
        return f"timedelta(hours={self.ahead.lstrip('+')})"


_CITIES = (
    _City("Lisbon", "+0"),
    _City("Dublin", "+0"),
    _City("Accra", "+0"),
    _City("Oslo", "+1"),
    _City("Vienna", "+1"),
    _City("Athens", "+2"),
    _City("Cairo", "+2"),
    _City("Nairobi", "+3"),
    _City("Tehran", "+3.5"),
    _City("Dubai", "+4"),
    _City("Karachi", "+5"),
    _City("Mumbai", "+5.5"),
    _City("Dhaka", "+6"),
    _City("Hanoi", "+7"),
    _City("Manila", "+8"),
    _City("Perth", "+8"),
    _City("Osaka", "+9"),
    _City("Adelaide", "+9.5"),
    _City("Sydney", "+10"),
    _City("Auckland", "+12"),
    _City("Halifax", "-4"),
    _City("Boston", "-5"),
    _City("Lima", "-5"),
    _City("Chicago", "-6"),
    _City("Seattle", "-8"),
)


def city_times(chance: random.Random, phrase: Phrase) -> Instance:
    """The time in another city."""
    here, there = chance.sample(_CITIES, 2)
    clock = chance.choice(CLOCKS)
    time = chance.randrange(MINUTES_A_DAY) // 5 * 5
    wanted = wanted_time(chance, time + there.minutes_ahead - here.minutes_ahead, "there")
    moved = f"- {here.code} + {there.code}"
    return made(
        chance,
        phrase(here=here.words, there=there.words, time=clock.written(time), form=wanted.words),
        wanted.answer,
        f"{IMPORT}time = {clock.read(time)}\nthere = time {moved}",
        wanted.shown,
        slip=f'{IMPORT}print("{clock.written(time)}" {moved})',
    )


def who_first(chance: random.Random, phrase: Phrase) -> Instance:
    """People and the times at which they came: who was first, who was last, and so on."""
    clock = chance.choice(CLOCKS)
    names = chance.sample(PEOPLE, chance.randrange(3, 6))
    limit = chance.randrange(14, 40) * 30
    times = dict(zip(names, chance.sample(range(6 * 60, 21 * 60), len(names)), strict=True))
    one, two = chance.sample(names, 2)
    texts = {name: clock.written(time) for name, time in times.items()}
    in_order = [name for _, name in sorted((time, name) for name, time in times.items())]
    wanted = chance.choice(
        (
            Wanted("Who was first?", in_order[0], "min(times, key=times.get)"),
            Wanted("Who was last?", in_order[-1], "max(times, key=times.get)"),
            Wanted("List the names from the earliest to the latest.", [*in_order], "sorted(times, key=times.get)"),
            Wanted(
                f"How many were before {clock.written(limit)}?",
                sum(time < limit for time in times.values()),
                f"sum(time < {clock.read(limit)} for time in times.values())",
            ),
            Wanted(
                f"Was {one} earlier than {two}? Answer yes or no.",
                "yes" if times[one] < times[two] else "no",
                f'"yes" if times["{one}"] < times["{two}"] else "no"',
            ),
        )
    )
    parsed = f'{{name: datetime.strptime(text, "{clock.pattern}") for name, text in times.items()}}'
    return made(
        chance,
        phrase(list=", ".join(f"{name} {text}" for name, text in texts.items()), asked=wanted.words),
        wanted.answer,
        f"from datetime import datetime\ntimes = {json.dumps(texts)}\ntimes = {parsed}",
        wanted.shown,
    )
