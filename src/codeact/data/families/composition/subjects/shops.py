"""Subjects of buying and selling."""

from codeact.data.families.composition.subject import Action, Dated, Group, Measure, Person, Subject

GROCERIES = Subject(
    noun="product",
    nouns="products",
    where="at the corner shop",
    names=(
        "oat milk", "rye bread", "olive oil", "goat cheese", "brown rice", "black tea", "honey", "butter", "tomato soup",
        "peanut butter", "apple juice", "dark chocolate", "smoked salmon", "wheat flour", "cane sugar", "red lentils",
    ),
    arguments=("product", "item", "name"),
    measures=(
        Measure("price", "price", "dollars", 0.5, 14, "is the most expensive", "is the cheapest", "cost more than {n} dollars",
                "cost less than {n} dollars", 2, adds=True, counts=True, extra=("price_tag", "unit_price", "shelf_price")),
        Measure("calories", "number of calories per serving", "", 20, 640, "has the most calories", "has the fewest calories",
                "have more than {n} calories per serving", "have fewer than {n} calories per serving", adds=True, counts=True),
        Measure("stock", "stock", "packs", 0, 120, "has the largest stock", "has the smallest stock", "have a stock of more than {n} packs",
                "have a stock of fewer than {n} packs", adds=True, extra=("packs_left", "units_on_shelf")),
    ),
    group=Group("aisle", ("bakery", "dairy", "pantry", "drinks"), "in the {g} aisle"),
    dated=Dated("best_before", "best-before date", "expires first", "expires last", "expire before {d}"),
    person=Person("customer", "the product that {p} ordered", ("ordered_by", "last_order", "order_of_customer")),
    action=Action("reorder it", "reorder_product", "put it on sale", "put_on_sale"),
    code="barcode",
    mark="BC",
    venue="shop",
    venues=("Northgate", "Millside", "Oakfield", "Station Road", "Harbour Row", "Westend"),
)  # fmt: skip

CINEMA = Subject(
    noun="film",
    nouns="films",
    where="at the cinema this week",
    names=(
        "Night Harvest", "The Paper Boat", "Silver Tide", "Last Orchard", "Second Sunday", "The Glass Door", "Echo Valley", "Cold Lantern",
        "Seven Bridges", "Blue Static", "The Long Shift", "Winter Parade", "Old Copper", "Red Comet",
    ),
    arguments=("film", "title", "movie"),
    measures=(
        Measure("ticket_price", "ticket price", "dollars", 6, 22, "has the most expensive ticket", "has the cheapest ticket",
                "have a ticket price above {n} dollars", "have a ticket price below {n} dollars", 2, adds=True, counts=True,
                extra=("cost_of_ticket", "admission")),
        Measure("runtime", "running time", "minutes", 74, 201, "is the longest", "is the shortest", "run for more than {n} minutes",
                "run for less than {n} minutes", adds=True, extra=("length_of_film", "minutes_of", "film_duration")),
        Measure("rating", "rating", "", 2, 9.9, "has the highest rating", "has the lowest rating", "have a rating above {n}",
                "have a rating below {n}", 1, extra=("audience_score", "stars")),
    ),
    group=Group("genre", ("drama", "comedy", "thriller", "documentary"), "of the genre {g}"),
    dated=Dated("premiere", "premiere", "had its premiere first", "had its premiere last", "had their premiere before {d}"),
    person=Person("critic", "the film that {p} reviewed", ("reviewed_by", "film_of_critic")),
    action=Action("book a seat for it", "book_seat", "add it to the watchlist", "add_to_watchlist"),
    code="film number",
    mark="F",
    venue="cinema",
    venues=("Odeon East", "Rialto", "Palace", "Lux", "Corso", "Metro Hall"),
)  # fmt: skip
