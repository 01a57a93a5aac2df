"""Percentages, shopping, interest and wages.

Invariant: right answers are made with exact fractions and rounded once, at the end. It does not: know of currencies.
"""

import random
from fractions import Fraction

from codeact.data.families.wordlists import FOODS, GOODS, PEOPLE
from codeact.data.families.worked import TWO_DECIMALS, worked
from codeact.data.family import Family, Instance
from codeact.data.phrasing import Phrase


def _rounded(value: Fraction) -> float:
    return float(round(value, 2))


def _plain(chance: random.Random, low: int, high: int) -> str:
    """A price, with two decimals or none."""
    cents = chance.randrange(low * 100, high * 100, chance.choice((1, 5, 10)))
    return f"{cents / 100:.2f}" if cents % 100 else str(cents // 100)


def _percent(chance: random.Random, phrase: Phrase) -> Instance:
    percent, whole = chance.choice((chance.randrange(2, 100), chance.randrange(5, 400) / 2)), chance.randrange(12, 9000)
    written = f"{percent:g}"
    return Instance(
        phrase(percent=f"{written}%", whole=whole),
        float(Fraction(written) * whole / 100),
        worked(chance, (f"part = {whole} * {written} / 100", "round(part, 4)")),
        check="number",
    )


def _change(chance: random.Random, phrase: Phrase) -> Instance:
    old = chance.randrange(20, 3000)
    new = max(5, int(old * chance.uniform(0.4, 2.1)))
    if new == old:
        new += 1
    thing = chance.choice(
        ("The rent", "The membership of a club", "The price of a stove", "The number of visitors", "The weight of a load")
    )
    return Instance(
        phrase(thing=thing, old=old, new=new),
        _rounded(Fraction(new - old, old) * 100),
        worked(chance, (f"old = {old}\nnew = {new}\nchange = (new - old) / old * 100", "round(change, 2)")),
        check="number",
        tolerance=TWO_DECIMALS,
    )


def _reduced(chance: random.Random, phrase: Phrase) -> Instance:
    price, percent = _plain(chance, 8, 900), chance.randrange(3, 75)
    up = chance.random() < 0.5
    change = f"{chance.choice(('a tax of', 'a surcharge of', 'a fee of'))} {percent}% is added" if up else f"{percent}% is taken off"
    sign = "+" if up else "-"
    return Instance(
        phrase(thing=chance.choice(GOODS), price=price, change=change),
        _rounded(Fraction(price) * (100 + (percent if up else -percent)) / 100),
        worked(chance, (f"price = {price}\ntotal = price * (1 {sign} {percent} / 100)", "round(total, 2)")),
        check="number",
        tolerance=TWO_DECIMALS,
    )


def _bill(chance: random.Random, phrase: Phrase) -> Instance:
    bought = [(chance.randrange(1, 9), name, _plain(chance, 1, 20)) for name in chance.sample(FOODS + GOODS, chance.choice((2, 2, 3)))]
    total = sum((count * Fraction(price) for count, _, price in bought), Fraction(0))
    items = [f"{count} {name}{'' if count == 1 else 's'} at {price}{'' if count == 1 else ' each'}" for count, name, price in bought]
    code = "total = " + " + ".join(f"{count} * {price}" for count, _, price in bought)
    kind, rate, people = chance.randrange(4), chance.choice((5, 8, 10, 12, 18, 20)), chance.randrange(2, 8)
    if kind == 0:
        note = int(total // 10 + chance.randrange(1, 4)) * 10
        question, right, step = f"What is the change from {note}?", note - total, f"change = {note} - total"
    elif kind == 1:
        question, right, step = (
            f"With a discount of {rate}%, what is to be paid?",
            total * (100 - rate) / 100,
            f"pay = total * (1 - {rate} / 100)",
        )
    elif kind == 2:
        question = f"A service charge of {rate}% comes on top. What does it all cost?"
        right, step = total * (100 + rate) / 100, f"cost = total * (1 + {rate} / 100)"
    else:
        question, right, step = (
            f"The cost is shared equally by {people} people. What is the share of each?",
            total / people,
            f"share = total / {people}",
        )
    return Instance(
        phrase(name=chance.choice(PEOPLE), items=f"{', '.join(items[:-1])} and {items[-1]}", question=f"{question} Round to two decimals."),
        _rounded(right),
        worked(chance, (code, "round(total, 2)"), (step, f"round({step.split(' ')[0]}, 2)")),
        check="number",
        tolerance=TWO_DECIMALS,
    )


def _interest(chance: random.Random, phrase: Phrase) -> Instance:
    amount, rate, years = chance.randrange(2, 400) * 50, f"{chance.randrange(2, 36) / 4:g}", chance.randrange(2, 25)
    often, times = chance.choice((("yearly", 1), ("yearly", 1), ("monthly", 12), ("every quarter", 4), ("twice a year", 2)))
    exact = amount * (1 + Fraction(rate) / 100 / times) ** (years * times)
    code = f"amount = {amount} * (1 + {rate} / 100) ** {years}"
    if times > 1:
        code = f"amount = {amount} * (1 + {rate} / 100 / {times}) ** ({times} * {years})"
    if times == 1 and chance.random() < 0.3:
        code = f"amount = {amount}\nfor year in range({years}):\n    amount = amount * (1 + {rate} / 100)"
    return Instance(
        phrase(amount=amount, rate=f"{rate}%", years=years, often=often, name=chance.choice(PEOPLE)),
        _rounded(exact),
        worked(chance, (code, "round(amount, 2)")),
        check="number",
        tolerance=TWO_DECIMALS,
    )


def _wage(chance: random.Random, phrase: Phrase) -> Instance:
    pay, limit = _plain(chance, 11, 60), chance.choice((35, 36, 38, 40))
    hours, factor = limit + chance.randrange(1, 18), chance.choice(("1.5", "1.25", "2"))
    right = Fraction(pay) * limit + (hours - limit) * Fraction(pay) * Fraction(factor)
    return Instance(
        phrase(name=chance.choice(PEOPLE), pay=pay, limit=limit, hours=hours, factor=factor),
        _rounded(right),
        worked(
            chance,
            (f"regular = {limit} * {pay}", "regular"),
            (f"overtime = ({hours} - {limit}) * {pay} * {factor}", "overtime"),
            ("wage = regular + overtime", "round(wage, 2)"),
        ),
        check="number",
        tolerance=TWO_DECIMALS,
    )


def _saving(chance: random.Random, phrase: Phrase) -> Instance:
    start, goal = chance.randrange(1, 40) * 100, chance.randrange(60, 300) * 100
    rate, added = chance.randrange(1, 8), chance.randrange(1, 30) * 100
    have, years = Fraction(start), 0
    while have < goal:
        have, years = have * (100 + rate) / 100 + added, years + 1
    code = f"have = {start}\nyears = 0\nwhile have < {goal}:\n    have = have * (1 + {rate} / 100) + {added}\n    years += 1"
    return Instance(
        phrase(start=start, goal=goal, rate=f"{rate}%", added=added, name=chance.choice(PEOPLE)),
        years,
        worked(chance, (code, "years")),
        check="number",
    )


FAMILIES = (
    Family(
        "mathematics/percent",
        "mathematics",
        _percent,
        phrasings=(
            "[What is|What's|How much is] {percent} of {whole}?",
            "[Work out|Calculate|Find|Compute] {percent} of {whole}[, please].",
            "[Tell me|I need to know|I wonder] [how much|what] {percent} of {whole} is.",
            "Out of {whole} [visitors|votes|points|coins], how many are {percent}? [A decimal is fine.|Give the exact number.]",
        ),
        unseen_phrasings=(
            "[Take|Figure out] {percent} of {whole}[ for me].",
            "If {whole} is the whole, [what part|how much] is {percent} of it?",
        ),
    ),
    Family(
        "mathematics/percent-change",
        "mathematics",
        _change,
        phrasings=(
            "[The first value is|It began at|It started at] {old}, [the last is|it ended at] {new}. How much is the change in "
            "percent, to two decimals, negative for a fall?",
            "{thing} [went|changed|moved] from {old} to {new}. [By what percentage|By how many percent] did it change, "
            "rounded to two decimals?",
            "[Work out|Calculate] the change in percent from {old} to {new}[, rounded| and round it] to two decimals.",
            "What is the percentage change from {old} to {new}, to two decimals? [A fall is negative.|Write a fall with a minus.]",
            "{thing} was {old} and is now {new}. [What is|Give me|I want] the change in percent, with two decimals (negative for a fall).",
        ),
        unseen_phrasings=(
            "Before: {old}. After: {new}. [How big is|State] the relative change in percent, two decimals, minus for a drop.",
            "[How many percent more (or, with a minus, less)|What percentage more (a minus for less)] is {new} than {old}? Two decimals.",
            "{thing} is {new} after {old}; [express|give] that as a signed percentage change with two decimals.",
        ),
    ),
    Family(
        "mathematics/price-change",
        "mathematics",
        _reduced,
        phrasings=(
            "[On sale|In the catalogue|In the window]: a {thing} at {price}. If {change}, [what do I pay|what is the "
            "price|how much do I pay], with two decimals?",
            "A {thing} costs {price}, and {change}. [What is the final price|What does it cost then|How much is it now], "
            "rounded to two decimals?",
            "[Find|Work out|Calculate] the price of a {thing} of {price} after {change}[, to|, rounded to] two decimals.",
            "The [marked|listed|usual] price of a {thing} is {price}. At the till {change}. How much is paid, to two decimals?",
            "[Someone buys|I buy|We buy] a {thing}. It is {price} before {change}. What is the end price, rounded to two decimals?",
        ),
        unseen_phrasings=(
            "[Starting at|From a price of] {price} for a {thing}, {change}: what remains to pay? Two decimals[ please].",
            "How much money does a {thing} take if {price} is on the tag and {change}? [Give|Use] two decimals.",
        ),
    ),
    Family(
        "mathematics/bill",
        "mathematics",
        _bill,
        phrasings=(
            "[Please work out|Work out|Calculate] this for me. {name} [gets|has bought|orders] {items}. {question}",
            "{name} [buys|orders|pays for|takes] {items}. {question}",
            "[On the bill are|In the cart are|The order is] {items}. {question}",
            "[At a market|In a shop|At a kiosk] {name} gets {items}. {question}",
            "[I bought|We bought|My sister bought|A friend bought] {items}. {question}",
            "Purchase: {items}. {question}",
        ),
        unseen_phrasings=("{name}'s [receipt|invoice] [lists|shows] {items}. {question}", "Someone [picks|chooses] {items}. {question}"),
        weight=2.0,
    ),
    Family(
        "mathematics/compound-interest",
        "mathematics",
        _interest,
        phrasings=(
            "[A loan|A debt|A deposit|A fund] of {amount} grows at {rate} a year, compounded {often}. [How large|How big] is "
            "it after {years} years, to two decimals?",
            "{name} [invests|saves|deposits] {amount} at {rate} a year, compounded {often}. What is it worth after {years} "
            "years, to two decimals?",
            "[How much|What] does {amount} grow to in {years} years at {rate} per year, compounded {often}? Round to two decimals.",
            "[Work out|Calculate|Find] the balance after {years} years of {amount} at {rate} yearly interest, compounded "
            "{often}, to two decimals.",
            "An account holds {amount} and [pays|earns] {rate} a year, compounded {often}. [Give|Tell me] the balance after "
            "{years} years, rounded to two decimals.",
        ),
        unseen_phrasings=(
            "Interest of {rate} a year is credited on {amount}, compounded {often}; [state|report] the sum after {years} "
            "years with two decimals.",
            "After {years} years, what has {name}'s {amount} [become|turned into], if it earns {rate} per year compounded "
            "{often}? [Use|Give] two decimals.",
        ),
    ),
    Family(
        "mathematics/overtime",
        "mathematics",
        _wage,
        phrasings=(
            "{name} is paid {pay} an hour, and {factor} times that for each hour over {limit} in a week. [Work out|Calculate] "
            "the pay for {hours} hours to two decimals.",
            "{name} earns {pay} an hour for the first {limit} hours of a week, and {factor} times that beyond. What is the "
            "pay for {hours} hours, to two decimals?",
            "[Work out|Calculate|Find] the weekly pay of {name}: {hours} hours at {pay} an hour, hours over {limit} "
            "[count|are paid] {factor} times. [Two decimals.|Round to two decimals.]",
            "Hours above {limit} a week are paid {factor} times. {name} worked {hours} hours at {pay} an hour. [How much is "
            "that|What is the wage|What is earned], rounded to two decimals?",
            "[A nurse|A driver|A welder|A cook|A guard] gets {pay} an hour, {factor} times as much after {limit} hours. What "
            "do {hours} hours pay, to two decimals?",
            "[A week|This week] of {name}: {hours} hours, {pay} an hour, overtime after {limit} hours at {factor} times the "
            "rate. [What is the pay|How much is due], to two decimals?",
        ),
        unseen_phrasings=(
            "With overtime ({factor} times the usual {pay} an hour) starting after {limit} hours, what does {name} [make|take "
            "home] in a week of {hours} hours? Two decimals.",
            "{hours} hours [done|worked] at {pay} each; everything past hour {limit} [is worth|brings] {factor} times as "
            "much. Sum it up, two decimals.",
            "Payroll: rate {pay}, hours {hours}, limit {limit}, overtime factor {factor}. What is the gross pay with two decimals?",
        ),
    ),
    Family(
        "mathematics/saving-goal",
        "mathematics",
        _saving,
        phrasings=(
            "How long, in years, [until|before] {start} is {goal} or more, if {rate} interest and then {added} come in each year?",
            "[A club|A school|A village] has {start} for a new roof that costs {goal}. Every year brings {rate} interest and "
            "then {added} in gifts. After how many years is there enough?",
            "{name} has {start} and wants {goal}. Each year {rate} interest is paid, then {added} is added. After how many "
            "[whole years|years] is the goal reached?",
            "[Starting with|Beginning with] {start}, a fund grows by {rate} a year and then gets {added}. How many years "
            "until it [holds|has] at least {goal}?",
            "[How many years|For how many years] must {name} [save|wait] until {start} becomes at least {goal}, with {rate} "
            "interest and then {added} more each year?",
            "A pot of {start} earns {rate} every year, after which {added} [goes in|is put in|is paid in]. [In which year|In "
            "what year] does it reach {goal}? Answer with the number of years.",
        ),
        unseen_phrasings=(
            "Goal {goal}, start {start}, interest {rate} a year, then a deposit of {added} a year: [how many years|what "
            "number of years] does it take?",
            "[Count|Tell me] the years until {start} passes {goal}, when each year adds {rate} interest and, after it, {added}.",
            "Years needed from {start} to {goal}, at {rate} a year plus {added} at each year's end?",
        ),
        held_out=True,
    ),
)
