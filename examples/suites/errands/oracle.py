"""How an agent that never errs does the errands."""

from codeact.bench.policies import CallPolicy, CodePolicy, at_once, calls_of
from codeact.bench.task import Task

CODE = {
    "cheapest": 'print(min(["apple", "pear", "plum"], key=get_price))',
    "basket": 'print(round(3 * get_price("apple") + 2 * get_price("pear"), 2))',
    "above": 'print([item for item in ["apple", "pear", "plum"] if get_price(item) > 1])',
    "note": 'open("note.txt", "w").write("done\\n")\nprint(len(open("letter.txt").read()))',
}


def code(task: Task) -> CodePolicy:
    """The policy in code."""
    return at_once(CODE[task.id])


def calls(task: Task) -> CallPolicy:
    """The policy in calls."""
    apple, pear, plum = yield calls_of("get_price", ("apple",), ("pear",), ("plum",))
    prices = {"apple": apple, "pear": pear, "plum": plum}
    if task.id == "cheapest":
        return min(prices, key=lambda item: prices[item])
    if task.id == "basket":
        return round(3 * apple + 2 * pear, 2)
    return [item for item, price in prices.items() if price > 1]
