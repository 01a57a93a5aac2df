"""Word problems of daily life: prices, pay, trips, recipes, rooms, loans and data, told as people tell them.

Invariant: right answers are made with exact fractions where that can be, or by another formula than the expert's, and rounded once, at the
end; a factor between units that is not common knowledge is in the question. It does not: know today's rates or prices.
"""

from codeact.data.families.mathematics.household import cooking, home, rates, shopping, yearly
from codeact.data.families.mathematics.household.problem import family
from codeact.data.family import Family

FAMILIES: tuple[Family, ...] = (
    family("original-price", shopping.original_price),
    family("best-value", shopping.best_value),
    family("raise", yearly.raised),
    family("exchange", rates.exchange),
    family("everyday-units", rates.everyday_units),
    family("fuel", rates.fuel),
    family("average-speed", rates.average_speed),
    family("recipe", cooking.recipe),
    family("materials", home.materials),
    family("home-sizes", home.home_sizes),
    family("loan", yearly.loan),
    family("falling-value", yearly.falling_value),
    family("download-time", rates.download_time),
    family("tip-share", shopping.tip_share),
    family("break-even", shopping.break_even),
    family("dilution", cooking.dilution),
)
