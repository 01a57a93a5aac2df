"""Tasks in a shop's pages: a price, a person's data, sums, people counted, and whose a phone number is.

Invariant: what is asked for stands on one page each, and nowhere otherwise. Answers come from the catalogue. It does not: read pages.
"""

from codeact.bench.suites.m3.chance import Chance
from codeact.bench.suites.m3.draft import CENTS, WHOLE, Draft
from codeact.bench.suites.m3.shop.catalogue import Item, Person, shop, slug

START = "A browser is open at the first page of a shop."
AMOUNT = "Answer with the number of dollars alone, with two decimals."
AS_SHOWN = "Answer with it alone, as the page shows it."
_SHOPS = 1_000_000


def _people(chance: Chance) -> tuple[int, list[Person]]:
    number = chance.between(1, _SHOPS)
    return number, list(shop(number).people)


def _items(chance: Chance, least: int, most: int) -> tuple[int, list[Item]]:
    number = chance.between(1, _SHOPS)
    return number, chance.some(shop(number).items, chance.between(least, most))


def price(chance: Chance) -> Draft:
    """The price of something, whose kind is not told."""
    number, (item,) = _items(chance, 1, 1)
    data = {"shop": number, "goal": "price", "items": [[item.name, None]]}
    return Draft(f"{START} What is the price of its {item.name}? {AMOUNT}", item.cents / 100, "number", CENTS, data)


def email(chance: Chance) -> Draft:
    """The e-mail address of somebody in a department."""
    number, people = _people(chance)
    one = chance.pick(people)
    data = {"shop": number, "goal": "E-mail", "person": one.name, "department": one.department}
    prompt = f"{START} What is the e-mail address of {one.name}, who works in the {one.department} department? {AS_SHOWN}"
    return Draft(prompt, one.email, "exact", data=data)


def phone(chance: Chance) -> Draft:
    """The phone number of somebody."""
    number, people = _people(chance)
    one = chance.pick(people)
    data = {"shop": number, "goal": "Phone", "person": one.name}
    return Draft(f"{START} What is the phone number of {one.name}, who works there? {AS_SHOWN}", one.phone, "exact", data=data)


def expertise(chance: Chance) -> Draft:
    """The expertise of somebody in a department."""
    number, people = _people(chance)
    one = chance.pick(people)
    data = {"shop": number, "goal": "Expertise", "person": one.name, "department": one.department}
    prompt = f"{START} What is the expertise of {one.name}, who works in the {one.department} department? {AS_SHOWN}"
    return Draft(prompt, one.expertise, "exact", data=data)


def department(chance: Chance) -> Draft:
    """The department of somebody."""
    number, people = _people(chance)
    one = chance.pick(people)
    data = {"shop": number, "goal": "Works in", "person": one.name}
    prompt = f"{START} In which department does {one.name} work? Answer with the department's name alone, as the shop's pages write it."
    return Draft(prompt, [one.department, f"{one.department} department"], "exact", data=data)


def _together(items: list[Item]) -> str:
    *before, last = [f"one {item.name} (of the {item.kind})" for item in items]
    return f"{', '.join(before)} and {last}"


def total(chance: Chance) -> Draft:
    """The price of three or four things."""
    number, items = _items(chance, 3, 4)
    data = {"shop": number, "goal": "total", "items": [[item.name, item.kind] for item in items]}
    prompt = f"{START} What do {_together(items)} cost together? {AMOUNT}"
    return Draft(prompt, sum(item.cents for item in items) / 100, "number", CENTS, data)


def total_with_discount(chance: Chance) -> Draft | None:
    """The price of two or three things, less a tenth."""
    number, items = _items(chance, 2, 3)
    cents = sum(item.cents for item in items)
    data = {"shop": number, "goal": "discount", "items": [[item.name, item.kind] for item in items]}
    prompt = f"{START} What do {_together(items)} cost together, if 10 percent are taken off the sum of their prices? {AMOUNT}"
    return None if cents % 10 else Draft(prompt, cents * 9 // 10 / 100, "number", CENTS, data)


def head_count(chance: Chance) -> Draft:
    """How many people a department has."""
    number, people = _people(chance)
    name = chance.pick(people).department
    count = sum(person.address.startswith(f"/team/{slug(name)}/") for person in people)
    data = {"shop": number, "goal": "count", "department": name}
    prompt = f"{START} How many people work in its {name} department? Answer with the number alone."
    return Draft(prompt, count, "number", WHOLE, data)


def whose_number(chance: Chance) -> Draft:
    """Whose phone number it is."""
    number, people = _people(chance)
    one = chance.pick(people)
    data = {"shop": number, "goal": "whose", "phone": one.phone}
    prompt = f"{START} One of the people who work there has the phone number {one.phone}. Who? Answer with the whole name alone."
    return Draft(prompt, one.name, "exact", data=data)


PATTERNS = (
    price, email, department, phone, expertise, total, total_with_discount, whose_number, head_count,
    price, email, department, phone, expertise, total, total_with_discount, whose_number, head_count,
    price, email, department, phone, expertise, total, total_with_discount, whose_number,
    price, email, department, phone, expertise, total, total_with_discount, whose_number,
)  # fmt: skip
"""One for each of the domain's 34 tasks."""
