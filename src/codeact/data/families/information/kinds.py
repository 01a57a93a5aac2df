"""The kinds of things that training knows of.

Invariant: kinds of held-out families are not here. It does not: make things.
"""

from codeact.data.families.chances import between, one_of
from codeact.data.families.information import names
from codeact.data.families.information.world import Fact, Kind

_YEAR = between(1720, 2015)

_ALL = (
    Kind(
        "city",
        names.town,
        (
            Fact("population", "population", "{name} is a city of {value} people.", between(4_000, 3_000_000)),
            Fact("founded", "founding year", "It was founded in {value}.", between(1050, 1890)),
            Fact("mayor", "mayor", "Its mayor is {value}.", names.person),
            Fact("altitude_m", "altitude in metres", "It lies {value} metres above the sea.", between(2, 2400)),
        ),
    ),
    Kind(
        "person",
        names.person,
        (
            Fact("born", "birth year", "{name} was born in {value}.", between(1900, 1995)),
            Fact(
                "profession",
                "profession",
                "The work by which {name} made a living is that of a {value}.",
                one_of("baker", "lawyer", "teacher", "sailor", "chemist", "farmer", "nurse", "printer", "violinist", "carpenter", "pilot"),
            ),
            Fact("birthplace", "birthplace", "The place of birth is {value}.", leads_to="city"),
        ),
    ),
    Kind(
        "country",
        names.land,
        (
            Fact("area_km2", "area in square kilometres", "{name} has an area of {value} square kilometres.", between(900, 900_000)),
            Fact(
                "currency",
                "currency",
                "Money there is called the {value}.",
                one_of("dalar", "korun", "pesk", "libra", "taler", "rand", "zenni"),
            ),
            Fact("capital", "capital", "The capital is {value}.", leads_to="city"),
            Fact("president", "president", "The president is {value}.", leads_to="person"),
        ),
    ),
    Kind(
        "book",
        names.work,
        (
            Fact("pages", "number of pages", "{name} is a book of {value} pages.", between(90, 1100)),
            Fact("author", "author", "The author is {value}.", leads_to="person"),
            Fact("year", "publication year", "It came out in {value}.", _YEAR),
            Fact("publisher", "publisher", "The publisher is {value}.", leads_to="company"),
        ),
    ),
    Kind(
        "company",
        names.firm,
        (
            Fact("employees", "number of employees", "{name} has {value} employees.", between(12, 90_000)),
            Fact("headquarters", "headquarters city", "Its head office is in {value}.", leads_to="city"),
            Fact("founder", "founder", "It was founded by {value}.", leads_to="person"),
            Fact("since", "founding year", "It has been in business since {value}.", _YEAR),
        ),
    ),
    Kind(
        "film",
        names.work,
        (
            Fact("minutes", "length in minutes", "{name} is a film that runs for {value} minutes.", between(71, 205)),
            Fact("director", "director", "It was directed by {value}.", leads_to="person"),
            Fact("studio", "studio", "It was made by {value}.", leads_to="company"),
        ),
    ),
    Kind(
        "museum",
        lambda chance: f"{names.last(chance)} {chance.choice(('Museum', 'Gallery', 'Collection'))}",
        (
            Fact("visitors", "number of yearly visitors", "{name} has {value} visitors a year.", between(3_000, 2_000_000)),
            Fact("city", "city", "It is in {value}.", leads_to="city"),
            Fact("opened", "opening year", "It opened in {value}.", _YEAR),
        ),
    ),
    Kind(
        "painting",
        names.work,
        (
            Fact("width_cm", "width in centimetres", "{name} is a painting, {value} centimetres wide.", between(20, 420)),
            Fact("painter", "painter", "It was painted by {value}.", leads_to="person"),
            Fact("museum", "museum", "It hangs in the {value}.", leads_to="museum"),
        ),
    ),
    Kind(
        "stadium",
        lambda chance: f"{names.last(chance)} {chance.choice(('Arena', 'Park', 'Stadium', 'Field'))}",
        (
            Fact("seats", "number of seats", "{name} has {value} seats.", between(2_000, 90_000)),
            Fact("built", "building year", "It was built in {value}.", between(1900, 2020)),
            Fact("city", "city", "It stands in {value}.", leads_to="city"),
        ),
    ),
    Kind(
        "team",
        lambda chance: f"{names.town(chance)} {chance.choice(('Rovers', 'Hawks', 'United', 'Bears', 'Rangers', 'Foxes'))}",
        (
            Fact("titles", "number of titles", "{name} have won {value} titles.", between(0, 41)),
            Fact("stadium", "stadium", "They play in {value}.", leads_to="stadium"),
            Fact("coach", "coach", "The coach is {value}.", leads_to="person"),
        ),
    ),
    Kind(
        "bridge",
        lambda chance: f"{names.last(chance)} Bridge",
        (
            Fact("length_m", "length in metres", "{name} is {value} metres long.", between(40, 4_000)),
            Fact("opened", "opening year", "It opened in {value}.", _YEAR),
            Fact("engineer", "engineer", "The engineer was {value}.", leads_to="person"),
            Fact("city", "city", "It is in {value}.", leads_to="city"),
        ),
    ),
    Kind(
        "lake",
        lambda chance: f"Lake {names.town(chance).removesuffix('ton')}",
        (
            Fact("depth_m", "depth in metres", "{name} is {value} metres deep.", between(5, 600)),
            Fact("area_km2", "area in square kilometres", "It covers {value} square kilometres.", between(2, 4_000)),
            Fact("country", "country", "It is in {value}.", leads_to="country"),
        ),
    ),
)

KINDS = {kind.name: kind for kind in _ALL}
"""By name."""
