"""Problems about a house and a garden: how much to buy for them, and how large things are.

Invariant: as in `problem`; what is sold whole is bought whole. It does not: allow for waste.
"""

import math
import random
from dataclasses import dataclass
from fractions import Fraction

from codeact.data.families.mathematics.household.problem import Problem, found_in


@dataclass(frozen=True, slots=True)
class _Supplies:
    """Sizes that the jobs are made of.

    Args:
        long, wide, panel: in metres.
        tile, depth: in centimetres.
        cover: square metres that a tin is enough for; the grams of seed for a square metre are made of it too.
        box: tiles in it.
        bag: litres in it.
        tin: what paint is sold in.
    """

    long: int
    wide: int
    cover: int
    tile: int
    box: int
    panel: str
    bag: int
    depth: int
    tin: str


@dataclass(frozen=True, slots=True)
class _Job:
    """Something to buy for.

    Args:
        story: what is known.
        what: is to be bought.
        exact: how many of it are used, not yet whole.
        code: a first step.
        count: an expression after it, for the same as `exact`.
    """

    story: str
    what: str
    exact: Fraction
    code: str
    count: str


def _painting(of: _Supplies) -> _Job:
    area = of.long * of.wide
    coats = of.depth % 3 + 2
    return _Job(
        f"The walls have {area} square metres and get {coats} coats of paint; one {of.tin} covers {of.cover} square metres.",
        f"how many {of.tin}s of paint to buy",
        Fraction(area * coats, of.cover),
        f"area = {area} * {coats}",
        f"area / {of.cover}",
    )


def _tiling(of: _Supplies) -> _Job:
    return _Job(
        f"A floor of {of.long} m by {of.wide} m gets square tiles of {of.tile} cm, sold in boxes of {of.box}.",
        "how many boxes of tiles to buy",
        Fraction(of.long * of.wide * 10_000, of.tile**2 * of.box),
        f"tiles = ({of.long} * 100 // {of.tile}) * ({of.wide} * 100 // {of.tile})",
        f"tiles / {of.box}",
    )


def _fencing(of: _Supplies) -> _Job:
    return _Job(
        f"A garden of {of.long} m by {of.wide} m gets a fence on all sides, made of panels of {of.panel} m.",
        "how many panels to order",
        2 * (of.long + of.wide) / Fraction(of.panel),
        f"around = 2 * ({of.long} + {of.wide})",
        f"around / {of.panel}",
    )


def _filling(of: _Supplies) -> _Job:
    return _Job(
        f"A bed of {of.long} m by {of.wide} m gets {of.depth} cm of soil; a bag holds {of.bag} litres.",
        "how many bags of soil to get",
        Fraction(of.long * of.wide * of.depth * 10, of.bag),
        f"litres = {of.long} * {of.wide} * {of.depth} * 10",
        f"litres / {of.bag}",
    )


def _sowing(of: _Supplies) -> _Job:
    seed = of.cover * 5
    return _Job(
        f"A lawn of {of.long} m by {of.wide} m needs {seed} g of seed per square metre, and a pack has 2 kg.",
        "how many packs of seed to buy",
        Fraction(of.long * of.wide * seed, 2000),
        f"grams = {of.long} * {of.wide} * {seed}",
        "grams / 2000",
    )


_JOBS = (_painting, _tiling, _fencing, _filling, _sowing)


def materials(chance: random.Random) -> Problem:
    """How many of something to buy for a job."""
    supplies = _Supplies(
        long=chance.randrange(3, 25),
        wide=chance.randrange(3, 25),
        cover=chance.randrange(4, 14),
        tile=chance.choice((10, 20, 25, 50)),
        box=chance.randrange(6, 25),
        panel=chance.choice(("1.5", "1.8", "2", "2.5")),
        bag=chance.choice((40, 50, 60)),
        depth=chance.randrange(3, 16),
        tin=chance.choice(("tin", "bucket", "can")),
    )
    job = chance.choice(_JOBS)(supplies)
    return Problem(
        {"story": job.story, "what": job.what},
        math.ceil(job.exact),
        (f"import math\n{job.code}", f"count = math.ceil({job.count})"),
        wrong=f"{job.code}\nprint(ceil({job.count}))",
    )


@dataclass(frozen=True, slots=True)
class _Sizes:
    """Sizes that the rooms and things are made of: ``long``, ``wide`` and ``short`` in metres, the last three in centimetres."""

    long: int
    wide: int
    short: int
    inches: int
    cm_wide: int
    cm_high: int
    cm_deep: int


@dataclass(frozen=True, slots=True)
class _Measured:
    """Something with a size to find: what is known, what is asked, the right answer, and the expert's steps."""

    story: str
    what: str
    right: Fraction | float
    steps: tuple[str, ...]


def _pool(of: _Sizes) -> _Measured:
    return _Measured(
        f"A pool is {of.long} m long, {of.wide} m wide and {of.short}.5 m deep.",
        "how many litres of water the pool holds",
        Fraction(of.long * of.wide * (2 * of.short + 1) * 500),
        (f"volume = {of.long} * {of.wide} * {of.short}.5", "litres = volume * 1000"),
    )


def _aquarium(of: _Sizes) -> _Measured:
    return _Measured(
        f"An aquarium measures {of.cm_wide} by {of.cm_high} by {of.cm_deep} cm.",
        "how many litres the aquarium holds",
        Fraction(of.cm_wide * of.cm_high * of.cm_deep, 1000),
        (f"volume = {of.cm_wide} * {of.cm_high} * {of.cm_deep}", "litres = volume / 1000"),
    )


def _screen_diagonal(of: _Sizes) -> _Measured:
    return _Measured(
        f"A screen is {of.cm_wide} cm wide and {of.cm_high} cm high.",
        "the length of the screen's diagonal in cm",
        math.hypot(of.cm_wide, of.cm_high),
        (f"import math\ndiagonal = math.sqrt({of.cm_wide} ** 2 + {of.cm_high} ** 2)",),
    )


def _screen_width(of: _Sizes) -> _Measured:
    return _Measured(
        f"A screen has a diagonal of {of.inches} inches and the format 16:9.",
        "the width of the screen in inches",
        of.inches * math.cos(math.atan2(9, 16)),
        (f"import math\nwidth = {of.inches} * 16 / math.sqrt(16 ** 2 + 9 ** 2)",),
    )


def _ladder(of: _Sizes) -> _Measured:
    return _Measured(
        f"A ladder of {of.long} m leans on a wall, its foot {of.short} m from the wall.",
        "how high the ladder reaches in metres",
        math.sqrt((of.long - of.short) * (of.long + of.short)),
        (f"import math\nheight = math.sqrt({of.long} ** 2 - {of.short} ** 2)",),
    )


def _path(of: _Sizes) -> _Measured:
    return _Measured(
        f"A lawn of {of.long} m by {of.wide} m has a path {of.short} m wide all around it.",
        "the area of the path in square metres",
        Fraction(2 * of.short * (of.long + of.wide + 2 * of.short)),
        (f"area = ({of.long} + 2 * {of.short}) * ({of.wide} + 2 * {of.short}) - {of.long} * {of.wide}",),
    )


def _room(of: _Sizes) -> _Measured:
    return _Measured(
        f"A room of {of.long} m by {of.wide} m has a corner of {of.short} m by {of.short + 1} m cut off for a cupboard.",
        "the floor area left in square metres",
        Fraction((of.long - of.short) * of.wide + of.short * (of.wide - of.short - 1)),
        (f"area = {of.long} * {of.wide} - {of.short} * {of.short + 1}",),
    )


def _wall(of: _Sizes) -> _Measured:
    high = of.short + 2
    windows = of.short + 1
    return _Measured(
        f"A wall {of.long} m wide and {high} m high has {windows} windows of 1.2 m by 0.9 m.",
        "how many square metres of wall to paint",
        of.long * high - windows * Fraction("1.08"),
        (f"area = {of.long} * {high} - {windows} * 1.2 * 0.9",),
    )


def _table(of: _Sizes) -> _Measured:
    return _Measured(
        f"A round table has a diameter of {of.cm_wide} cm.",
        "the length of the table's edge in cm",
        math.pi * of.cm_wide,
        (f"import math\nedge = math.pi * {of.cm_wide}",),
    )


def _bed(of: _Sizes) -> _Measured:
    return _Measured(
        f"A round garden bed has a diameter of {of.wide} m.",
        "the area of the bed in square metres",
        math.pi * of.wide * of.wide / 4,
        (f"import math\narea = math.pi * ({of.wide} / 2) ** 2",),
    )


_MEASURED = (_pool, _aquarium, _screen_diagonal, _screen_width, _ladder, _path, _room, _wall, _table, _bed)


def home_sizes(chance: random.Random) -> Problem:
    """How long, wide or large something is, or what it holds."""
    sizes = _Sizes(
        long=chance.randrange(6, 30),
        wide=chance.randrange(5, 25),
        short=chance.randrange(1, 4),
        inches=chance.randrange(2, 90),
        cm_wide=chance.randrange(30, 150),
        cm_high=chance.randrange(25, 90),
        cm_deep=chance.randrange(20, 60),
    )
    measured = chance.choice(_MEASURED)(sizes)
    return Problem({"story": measured.story, "what": measured.what}, measured.right, measured.steps, wrong=_without_module(measured.steps))


def _without_module(steps: tuple[str, ...]) -> str:
    """The code with names of the module ``math`` bare, empty if it has none."""
    code = "\n\n".join(steps)
    if "math" not in code:
        return ""
    return f"{code.replace('math.sqrt', 'sqrt').replace('math.pi', 'pi')}\nprint({found_in(code)})"
