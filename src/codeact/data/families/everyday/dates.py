"""Questions about dates.

Invariant: the answers are computed from the dates that the question was made of, in the expert's place. It does not: read a calendar.
"""

import datetime
import random

from codeact.bench.policies import CodePolicy
from codeact.data.family import Family, Instance, Slip
from codeact.data.phrasing import Phrase


def _weekday(chance: random.Random, phrase: Phrase) -> Instance:
    day = datetime.date(1950, 1, 1) + datetime.timedelta(chance.randrange(40_000))
    steps = chance.random() < 0.3

    def code() -> CodePolicy:
        if steps:
            yield f"import datetime\nday = datetime.date({day.year}, {day.month}, {day.day})\nprint(day)"
            said = yield 'print(day.strftime("%A"))'
        else:
            said = yield f'import datetime\nday = datetime.date({day.year}, {day.month}, {day.day})\nprint(day.strftime("%A"))'
        return said.strip()

    return Instance(
        prompt=phrase(day=f"{day.day} {day:%B} {day.year}"),
        answer=["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][day.weekday()],
        code=code,
        slips=(
            Slip(
                "misread signature", f'import datetime\nday = datetime.date("{day.year}-{day.month}-{day.day}")\nprint(day.strftime("%A"))'
            ),
        ),
    )


FAMILIES = (
    Family(
        "everyday/weekday",
        "everyday",
        _weekday,
        phrasings=(
            "[On which|On what] [day of the week|weekday] [was|is|does] {day}[ fall]?",
            "[Tell me|Find out|I need to know] [which weekday|the day of the week of] {day}[ was| is][, please].",
            "[Which weekday|What day of the week] [was|is] it on {day}?",
        ),
        unseen_phrasings=("{day}: [Monday, Tuesday, or what|which day of the week]?", "[Name|Give] the weekday [for|belonging to] {day}."),
    ),
)
