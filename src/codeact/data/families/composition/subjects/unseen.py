"""Subjects that training never sees: their tools are in the split of unseen tools alone."""

from codeact.data.families.composition.subject import Action, Dated, Group, Measure, Person, Subject

SHIPS = Subject(
    noun="ship",
    nouns="ships",
    where="in the harbour",
    names=(
        "Albatross", "Black Pearl II", "Corsair", "Dolphin", "Esperanza", "Flying Cloud", "Guinevere", "Halcyon", "Icebreaker",
        "Jolly Star",
        "Kraken", "Lady Rose",
    ),
    arguments=("ship", "vessel", "ship_name"),
    measures=(
        Measure("berth_fee", "berth fee", "dollars", 40, 900, "pays the highest berth fee", "pays the lowest berth fee",
                "pay a berth fee above {n} dollars", "pay a berth fee below {n} dollars", 2, adds=True, counts=True,
                extra=("mooring_fee", "harbour_dues")),
        Measure("tonnage", "tonnage", "tonnes", 80, 64000, "has the largest tonnage", "has the smallest tonnage",
                "have a tonnage above {n} tonnes", "have a tonnage below {n} tonnes", adds=True, extra=("gross_tonnage", "tonnes_burden")),
        Measure("crew_size", "number of sailors", "", 2, 140, "has the largest crew", "has the smallest crew",
                "have more than {n} sailors", "have fewer than {n} sailors", adds=True, extra=("sailors_on", "crew_count")),
    ),
    group=Group("quay", ("fishery", "container", "cruise", "naval"), "at the {g} quay"),
    dated=Dated("docked_on", "docking date", "docked first", "docked last", "docked before {d}"),
    person=Person("captain", "the ship that {p} commands", ("commanded_by", "ship_of_captain")),
    action=Action("let it sail", "clear_to_sail", "inspect its cargo", "inspect_cargo"),
    code="hull number",
    mark="HN",
    venue="port",
    venues=("Sandhaven", "Cape Gull", "Kingsport", "Tidewater", "Lobster Bay"),
    at="in",
)  # fmt: skip

SLOPES = Subject(
    noun="ski slope",
    nouns="ski slopes",
    where="of the resort",
    names=(
        "Avalanche", "Blue Bowl", "Chamois", "Diable", "Edelweiss", "Fox Run", "Glacier", "Hare Track", "Ibex", "Kestrel", "Lynx", "Marmot",
    ),
    arguments=("slope", "piste", "run_name"),
    measures=(
        Measure("lift_fare", "lift fare", "euros", 3, 25, "has the dearest lift", "has the cheapest lift",
                "have a lift fare above {n} euros", "have a lift fare below {n} euros", 2, adds=True, counts=True,
                extra=("cost_of_lift", "lift_charge")),
        Measure("drop", "vertical drop", "metres", 60, 1400, "has the biggest drop", "has the smallest drop",
                "drop more than {n} metres", "drop less than {n} metres", adds=True, extra=("vertical_drop", "metres_down")),
        Measure("snow_depth", "snow depth", "cm", 5, 310, "has the deepest snow", "has the thinnest snow",
                "have more than {n} cm of snow", "have less than {n} cm of snow", extra=("snow_on", "cm_of_snow")),
    ),
    group=Group("colour", ("green", "blue", "red", "black"), "marked {g}"),
    dated=Dated("groomed_on", "day of the last grooming", "was groomed first", "was groomed last", "were groomed before {d}"),
    person=Person("instructor", "the ski slope that {p} teaches on", ("slope_of_instructor", "teaches_on")),
    action=Action("open it to the public", "open_slope", "make artificial snow", "make_snow"),
    code="piste number",
    mark="PS",
)  # fmt: skip

HIVES = Subject(
    noun="beehive",
    nouns="beehives",
    where="of the apiary",
    names=(
        "Hive Amber", "Hive Clover", "Hive Dandelion", "Hive Heather", "Hive Ivy", "Hive Linden", "Hive Marigold", "Hive Nettle",
        "Hive Poppy",
        "Hive Sage", "Hive Thistle", "Hive Vetch",
    ),
    arguments=("hive", "beehive", "hive_name"),
    measures=(
        Measure("honey_yield", "honey yield", "kg", 2, 46, "gave the most honey", "gave the least honey", "gave more than {n} kg of honey",
                "gave less than {n} kg of honey", 1, adds=True, extra=("honey_from", "kg_of_honey")),
        Measure("colony", "number of bees", "", 4000, 70000, "has the most bees", "has the fewest bees", "have more than {n} bees",
                "have fewer than {n} bees", adds=True, extra=("colony_size", "bee_count")),
        Measure("syrup", "winter syrup", "litres", 1, 24, "needs the most syrup", "needs the least syrup",
                "need more than {n} litres of syrup", "need less than {n} litres of syrup", 1, adds=True, counts=True,
                extra=("syrup_needed", "winter_syrup")),
    ),
    group=Group("meadow", ("upper", "lower", "orchard", "heath"), "on the {g} meadow"),
    dated=Dated("checked_on", "day of the last check", "was checked first", "was checked last", "were checked before {d}"),
    person=Person("beekeeper", "the beehive that {p} tends", ("tended_by", "hive_of_beekeeper")),
    action=Action("add a frame", "add_frame", "treat it for mites", "treat_mites"),
    code="hive tag",
    mark="HT",
)  # fmt: skip

TELESCOPES = Subject(
    noun="telescope",
    nouns="telescopes",
    where="of the observatory club",
    names=(
        "Big Eye", "Cassini", "Deep Look", "Galilei", "Herschel", "Kuiper", "Lupus", "Messier", "Nova Watch", "Orrery", "Polaris", "Tycho",
    ),
    arguments=("telescope", "scope", "instrument"),
    measures=(
        Measure("aperture", "aperture", "mm", 60, 900, "has the widest aperture", "has the narrowest aperture",
                "have an aperture above {n} mm", "have an aperture below {n} mm", extra=("aperture_mm", "lens_width")),
        Measure("nightly_hire", "nightly hire", "dollars", 9, 240, "costs the most per night", "costs the least per night",
                "cost more than {n} dollars a night", "cost less than {n} dollars a night", 2, adds=True, counts=True,
                extra=("hire_per_night", "cost_of_night")),
        Measure("sightings", "number of sightings", "", 0, 800, "has the most sightings", "has the fewest sightings",
                "have more than {n} sightings", "have fewer than {n} sightings", adds=True, extra=("sighting_count", "objects_seen")),
    ),
    group=Group("dome", ("copper", "glass", "old", "remote"), "in the {g} dome"),
    dated=Dated("aligned_on", "date of alignment", "was aligned first", "was aligned last", "were aligned before {d}"),
    person=Person("astronomer", "the telescope that {p} uses", ("used_by_astronomer", "scope_of")),
    action=Action("point it at the moon", "point_at_moon", "cover its lens", "cover_lens"),
    code="mount number",
    mark="MN",
    venue="observatory",
    venues=("High Plains", "Mount Ardo", "Silent Ridge", "Cold Peak", "Dry Lake"),
)  # fmt: skip

SCOOTERS = Subject(
    noun="scooter",
    nouns="scooters",
    where="in the city centre",
    names=(
        "Bolt 11", "Bolt 19", "Dash 02", "Dash 27", "Glide 05", "Glide 33", "Hop 08", "Hop 41", "Swift 14", "Swift 22", "Zip 03", "Zip 36",
    ),
    arguments=("scooter", "scooter_name", "ride"),
    measures=(
        Measure("charge_level", "battery charge", "percent", 1, 100, "has the fullest battery", "has the emptiest battery",
                "are charged to more than {n} percent", "are charged to less than {n} percent", extra=("battery_percent", "charge_left")),
        Measure("unlock_fee", "unlocking fee", "euros", 0.3, 4, "is the dearest to unlock", "is the cheapest to unlock",
                "cost more than {n} euros to unlock", "cost less than {n} euros to unlock", 2, adds=True, counts=True,
                extra=("fee_to_unlock", "starting_fee")),
        Measure("rides", "number of rides", "", 3, 4100, "had the most rides", "had the fewest rides", "had more than {n} rides",
                "had fewer than {n} rides", adds=True, extra=("ride_count", "rides_taken")),
    ),
    group=Group("square", ("Fountain", "Cathedral", "Theatre", "Station"), "on {g} Square"),
    dated=Dated("serviced_on", "day of the last service", "was serviced first", "was serviced last", "were serviced before {d}"),
    person=Person("rider", "the scooter that {p} rides", ("ridden_by", "scooter_of_rider")),
    action=Action("unlock it", "unlock_scooter", "collect it for charging", "collect_for_charging"),
    code="fleet number",
    mark="FN",
)  # fmt: skip

COURSES = Subject(
    noun="language course",
    nouns="language courses",
    where="of the evening school",
    names=(
        "Arabic One", "Basque Basics", "Czech Start", "Danish Daily", "Finnish Flow", "Greek Ground", "Hindi Hello", "Icelandic Intro",
        "Korean Core", "Latin Lite", "Maltese Mix", "Swahili Steps",
    ),
    arguments=("course", "course_title", "language_course"),
    measures=(
        Measure("tuition", "tuition", "dollars", 45, 980, "has the highest tuition", "has the lowest tuition",
                "have a tuition above {n} dollars", "have a tuition below {n} dollars", adds=True, counts=True,
                extra=("tuition_fee", "course_cost")),
        Measure("lesson_count", "number of lessons", "", 6, 84, "has the most lessons", "has the fewest lessons",
                "have more than {n} lessons", "have fewer than {n} lessons", adds=True, counts=True, extra=("lessons_in",
                "how_many_lessons")),
        Measure("dropouts", "number of dropouts", "", 0, 39, "had the most dropouts", "had the fewest dropouts",
                "had more than {n} dropouts", "had fewer than {n} dropouts", adds=True, extra=("dropout_count", "gave_up")),
    ),
    group=Group("stage", ("beginner", "middle", "advanced", "native"), "of the {g} stage"),
    dated=Dated("first_lesson", "day of the first lesson", "begins first", "begins last", "begin before {d}"),
    person=Person("tutor", "the language course that {p} gives", ("given_by_tutor", "course_of_tutor")),
    action=Action("enrol me", "enrol_in_course", "ask for a trial lesson", "ask_for_trial"),
    code="course key",
    mark="CK",
)  # fmt: skip
