"""Subjects of leisure."""

from codeact.data.families.composition.subject import Action, Dated, Group, Measure, Person, Subject

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

BOOKS = Subject(
    noun="book",
    nouns="books",
    where="in the library",
    names=(
        "The Salt Road", "Birds of Passage", "A Small Harbour", "Deep Winter", "The Clockmaker", "Letters to Ida", "Iron and Ash",
        "The Third Garden", "Night Train North", "Paper Walls", "The Quiet Year", "Stone Fruit", "Open Water",
    ),
    arguments=("book", "title", "work"),
    measures=(
        Measure("pages", "number of pages", "", 90, 880, "has the most pages", "has the fewest pages", "have more than {n} pages",
                "have fewer than {n} pages", adds=True, extra=("page_count", "count_pages", "length_in_pages")),
        Measure("loans", "number of loans", "", 0, 600, "was lent the most often", "was lent the least often",
                "were lent more than {n} times", "were lent fewer than {n} times", adds=True, extra=("times_lent", "loan_count")),
        Measure("late_fee", "late fee per day", "dollars", 0.05, 2, "has the highest late fee", "has the lowest late fee",
                "have a late fee above {n} dollars per day", "have a late fee below {n} dollars per day", 2, adds=True, counts=True,
                extra=("fine_per_day", "overdue_fee")),
    ),
    group=Group("shelf", ("history", "poetry", "travel writing", "crime"), "on the {g} shelf"),
    dated=Dated("due_date", "due date", "is due first", "is due last", "are due before {d}"),
    person=Person("reader", "the book that {p} borrowed", ("borrowed_by", "loan_of_reader", "book_of_reader")),
    action=Action("reserve it", "reserve_book", "extend its loan", "extend_loan"),
    code="shelf mark",
    mark="SM",
    venue="library",
    venues=("Main Library", "East Library", "School Library", "Riverside Library", "Campus Library"),
)  # fmt: skip

CLASSES = Subject(
    noun="gym class",
    nouns="gym classes",
    where="of this week",
    names=(
        "Power Yoga", "Spin Basics", "Core Burn", "Aqua Fit", "Boxing Start", "Dance Mix", "Stretch Hour", "Kettle Club", "Pilates Flow",
        "Morning Run", "Step Up", "Circuit 30", "Balance Lab",
    ),
    arguments=("gym_class", "course", "name"),
    measures=(
        Measure("fee", "fee", "dollars", 4, 30, "has the highest fee", "has the lowest fee", "have a fee above {n} dollars",
                "have a fee below {n} dollars", 2, adds=True, counts=True, extra=("class_fee", "fee_for_class", "charge_per_visit")),
        Measure("places", "number of free places", "", 0, 45, "has the most free places", "has the fewest free places",
                "have more than {n} free places", "have fewer than {n} free places", adds=True, extra=("free_places", "open_spots")),
        Measure("burn", "number of calories burnt", "", 90, 780, "burns the most calories", "burns the fewest calories",
                "burn more than {n} calories", "burn fewer than {n} calories", adds=True, counts=True, extra=("calories_burnt",
                "energy_use")),
    ),
    group=Group("hall", ("red", "blue", "pool", "roof"), "in the {g} hall"),
    dated=Dated("first_day", "first day", "starts first", "starts last", "start before {d}"),
    person=Person("trainer", "the gym class that {p} teaches", ("class_of_trainer", "taught_by")),
    action=Action("sign me up for it", "join_class", "put me on its waiting list", "join_waiting_list"),
    code="class code",
    mark="GC",
    venue="gym",
    venues=("Fit Factory", "Iron House", "Club West", "Body Works", "Sport Loft"),
)  # fmt: skip

EXHIBITS = Subject(
    noun="exhibit",
    nouns="exhibits",
    where="of the museum",
    names=(
        "Bronze Horse", "Amber Necklace", "Viking Helmet", "Clay Tablet", "Silk Banner", "Ivory Comb", "Sun Dial", "Marble Head",
        "Oak Chest", "Glass Goblet", "Iron Crown", "Painted Urn", "Gold Coin",
    ),
    arguments=("exhibit", "object_name", "piece"),
    measures=(
        Measure("age", "age", "years", 60, 4200, "is the oldest", "is the youngest", "are older than {n} years",
                "are younger than {n} years", extra=("years_old", "estimated_age")),
        Measure("visitors", "number of visitors", "", 40, 9000, "has the most visitors", "has the fewest visitors",
                "have more than {n} visitors", "have fewer than {n} visitors", adds=True, extra=("visitor_count", "count_visitors")),
        Measure("insured_value", "insured value", "dollars", 500, 95000, "has the highest insured value", "has the lowest insured value",
                "are insured for more than {n} dollars", "are insured for less than {n} dollars", adds=True,
                extra=("insurance_value", "insured_for")),
    ),
    group=Group("wing", ("east", "west", "garden", "upper"), "in the {g} wing"),
    dated=Dated("acquired_on", "date of acquisition", "was acquired first", "was acquired last", "were acquired before {d}"),
    person=Person("curator", "the exhibit that {p} is in charge of", ("exhibit_of_curator", "in_charge")),
    action=Action("clean it", "clean_exhibit", "lend it out", "lend_exhibit"),
    code="inventory number",
    mark="INV",
)  # fmt: skip

PETS = Subject(
    noun="animal",
    nouns="animals",
    where="at the animal shelter",
    names=(
        "Bella", "Rocky", "Misty", "Oscar", "Peanut", "Luna", "Ginger", "Max", "Daisy", "Shadow", "Biscuit", "Willow", "Ziggy", "Coco",
    ),
    arguments=("animal", "pet", "name"),
    measures=(
        Measure("weight", "weight", "kg", 1, 48, "is the heaviest", "is the lightest", "weigh more than {n} kg",
                "weigh less than {n} kg", 1,
                adds=True, extra=("weigh_animal", "body_weight")),
        Measure("food", "daily amount of food", "grams", 30, 950, "eats the most", "eats the least", "eat more than {n} grams a day",
                "eat less than {n} grams a day", adds=True, counts=True, extra=("daily_food", "food_per_day", "ration")),
        Measure("months", "age in months", "", 2, 180, "is the oldest", "is the youngest", "are older than {n} months",
                "are younger than {n} months", extra=("age_in_months", "how_old")),
    ),
    group=Group("kind", ("dog", "cat", "rabbit", "parrot"), "of the kind {g}"),
    dated=Dated("arrival", "day of arrival", "came first", "came last", "came before {d}"),
    person=Person("keeper", "the animal that {p} feeds", ("fed_by", "animal_of_keeper")),
    action=Action("call the vet for it", "call_vet", "find a home for it", "find_home"),
    code="chip number",
    mark="CH",
)  # fmt: skip

RECIPES = Subject(
    noun="recipe",
    nouns="recipes",
    where="in my cookbook",
    names=(
        "Apple Crumble", "Carrot Cake", "Cheese Straws", "Plum Jam", "Garlic Bread", "Rice Pudding", "Corn Chowder", "Pumpkin Soup",
        "Nut Brownies", "Egg Noodles", "Pear Salad", "Herb Dumplings", "Lemon Bars",
    ),
    arguments=("recipe", "title", "name"),
    measures=(
        Measure("cooking_time", "cooking time", "minutes", 8, 190, "takes the longest", "takes the least time",
                "take more than {n} minutes", "take less than {n} minutes", adds=True, extra=("time_to_cook", "minutes_needed")),
        Measure("sugar", "amount of sugar", "grams", 0, 420, "needs the most sugar", "needs the least sugar",
                "need more than {n} grams of sugar", "need less than {n} grams of sugar", adds=True, counts=True,
                extra=("sugar_in", "grams_of_sugar")),
        Measure("servings", "number of servings", "", 1, 24, "serves the most people", "serves the fewest people",
                "serve more than {n} people", "serve fewer than {n} people", adds=True, counts=True, extra=("portions",
                "how_many_servings")),
    ),
    group=Group("chapter", ("sweet", "savoury", "quick", "festive"), "in the {g} chapter"),
    dated=Dated("last_cooked", "day it was last cooked", "was cooked first", "was cooked last", "were cooked before {d}"),
    person=Person("cook", "the recipe that {p} sent in", ("recipe_by", "sent_in_by")),
    action=Action("cook it", "start_cooking", "save it for later", "save_for_later"),
    code="page mark",
    mark="PG",
)  # fmt: skip

SONGS = Subject(
    noun="song",
    nouns="songs",
    where="in the collection",
    names=(
        "Harbour Lights", "Slow River", "Dancing Shoes", "Candle Smoke", "Left at Dawn", "Paper Planes", "Northern Sky", "Two Cups",
        "Rain on Tin", "Yellow Coat", "Marble Arch", "Sleepless", "Old Radio", "Wildflower",
    ),
    arguments=("song", "title", "track"),
    measures=(
        Measure("seconds", "length in seconds", "", 95, 620, "is the longest", "is the shortest", "last more than {n} seconds",
                "last less than {n} seconds", adds=True, counts=True, extra=("length_in_seconds", "track_length")),
        Measure("plays", "number of plays", "", 10, 90000, "was played the most", "was played the least", "were played more than {n} times",
                "were played fewer than {n} times", adds=True, extra=("play_count", "times_played", "streams")),
        Measure("tempo", "tempo", "beats per minute", 58, 190, "is the fastest", "is the slowest",
                "have a tempo above {n} beats per minute", "have a tempo below {n} beats per minute", extra=("bpm", "beats_per_minute")),
    ),
    group=Group("mood", ("calm", "happy", "sad", "wild"), "of the mood {g}"),
    dated=Dated("released", "release date", "was released first", "was released last", "were released before {d}"),
    person=Person("singer", "the song that {p} sings", ("sung_by", "song_of_singer")),
    action=Action("play it", "play_song", "add it to the playlist", "add_to_playlist"),
    code="track id",
    mark="TR",
)  # fmt: skip

TEAMS = Subject(
    noun="team",
    nouns="teams",
    where="in the league",
    names=(
        "Rovers", "Falcons", "Harriers", "Comets", "Lions", "Mariners", "Wolves", "Pilots", "Raiders", "Kings", "Giants", "Blazers",
        "Otters",
    ),
    arguments=("team", "club", "name"),
    measures=(
        Measure("points", "number of points", "", 2, 96, "has the most points", "has the fewest points", "have more than {n} points",
                "have fewer than {n} points", adds=True, extra=("league_points", "points_won")),
        Measure("goals", "number of goals", "", 5, 110, "scored the most goals", "scored the fewest goals", "scored more than {n} goals",
                "scored fewer than {n} goals", adds=True, extra=("goals_scored", "count_goals")),
        Measure("attendance", "average attendance", "", 300, 48000, "has the highest attendance", "has the lowest attendance",
                "have an average attendance above {n}", "have an average attendance below {n}", extra=("crowd", "spectators")),
    ),
    group=Group("division", ("north", "south", "coast", "inland"), "of the {g} division"),
    dated=Dated("next_match", "day of the next match", "plays first", "plays last", "play before {d}"),
    person=Person("coach", "the team that {p} coaches", ("coached_by", "team_of_coach")),
    action=Action("buy a ticket for its next match", "buy_ticket", "follow it", "follow_team"),
    code="licence",
    mark="LC",
)  # fmt: skip

TRAILS = Subject(
    noun="trail",
    nouns="trails",
    where="in the national park",
    names=(
        "Eagle Ridge", "Moss Loop", "Three Lakes", "Granite Pass", "Fox Hollow", "Cedar Walk", "Falls Path", "Shepherd Way", "Echo Canyon",
        "Birch Circle", "Summit Track", "Marsh Boardwalk",
    ),
    arguments=("trail", "path", "route"),
    measures=(
        Measure("distance", "length", "km", 1.5, 34, "is the longest", "is the shortest", "are longer than {n} km",
                "are shorter than {n} km", 1, adds=True, counts=True, extra=("trail_length", "km_of_trail")),
        Measure("climb", "climb", "metres", 10, 1900, "has the biggest climb", "has the smallest climb", "climb more than {n} metres",
                "climb less than {n} metres", adds=True, extra=("elevation_gain", "metres_up", "ascent")),
        Measure("walkers", "number of walkers per day", "", 4, 900, "has the most walkers", "has the fewest walkers",
                "have more than {n} walkers per day", "have fewer than {n} walkers per day", adds=True, extra=("daily_walkers", "traffic")),
    ),
    group=Group("region", ("valley", "highland", "shore", "forest"), "in the {g} region"),
    dated=Dated("opens_on", "opening day", "opens first", "opens last", "open before {d}"),
    person=Person("ranger", "the trail that {p} patrols", ("patrolled_by", "trail_of_ranger")),
    action=Action("plan a walk on it", "plan_walk", "report it as too crowded", "report_crowded"),
    code="signpost number",
    mark="SP",
)  # fmt: skip
