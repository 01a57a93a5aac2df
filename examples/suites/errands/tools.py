"""What the tasks may call."""

PRICES = {"apple": 1.10, "pear": 1.30, "plum": 0.60}


def get_price(item: str) -> float:
    """Price of one piece, in dollars."""
    if item not in PRICES:
        raise ValueError(f"there is no item {item!r}; there are: {', '.join(PRICES)}")
    return PRICES[item]
