"""Subjects of transport, nature and what a town keeps running."""

from codeact.data.families.composition.subject import Action, Dated, Group, Measure, Person, Subject

BUSES = Subject(
    noun="bus line",
    nouns="bus lines",
    where="of the town",
    names=(
        "Line 4", "Line 7", "Line 12", "Line 15", "Line 21", "Line 28", "Line 33", "Line 40", "Line 52", "Line 66", "Line 71", "Line 80",
    ),
    arguments=("bus_line", "line", "route"),
    measures=(
        Measure("stops", "number of stops", "", 5, 62, "has the most stops", "has the fewest stops", "have more than {n} stops",
                "have fewer than {n} stops", adds=True, extra=("stop_count", "count_stops")),
        Measure("fare", "fare", "dollars", 0.8, 9, "has the highest fare", "has the lowest fare", "have a fare above {n} dollars",
                "have a fare below {n} dollars", 2, adds=True, counts=True, extra=("ticket_fare", "cost_of_ride", "fare_of_line")),
        Measure("delay", "delay today", "minutes", 0, 48, "has the biggest delay", "has the smallest delay",
                "are more than {n} minutes late", "are less than {n} minutes late", adds=True, extra=("delay_today", "minutes_late")),
    ),
    group=Group("zone", ("A", "B", "C", "D"), "of zone {g}"),
    dated=Dated("new_timetable", "first day of the new timetable", "changes its timetable first", "changes its timetable last",
                "change their timetable before {d}"),
    person=Person("driver", "the bus line that {p} drives", ("driven_by", "line_of_driver")),
    action=Action("send a second bus", "send_bus", "tell the passengers", "tell_passengers"),
    code="route code",
    mark="RT",
)  # fmt: skip

PARCELS = Subject(
    noun="parcel",
    nouns="parcels",
    where="at the depot",
    names=(
        "Parcel Ash", "Parcel Birch", "Parcel Cedar", "Parcel Elder", "Parcel Fir", "Parcel Hazel", "Parcel Larch", "Parcel Maple",
        "Parcel Oak", "Parcel Pine", "Parcel Rowan", "Parcel Yew",
    ),
    arguments=("parcel", "label", "name"),
    measures=(
        Measure("weight", "weight", "kg", 0.2, 31, "is the heaviest", "is the lightest", "weigh more than {n} kg",
                "weigh less than {n} kg", 1, adds=True, extra=("parcel_weight", "scale_reading")),
        Measure("postage", "postage", "euros", 1.5, 42, "has the highest postage", "has the lowest postage",
                "have a postage above {n} euros", "have a postage below {n} euros", 2, adds=True, counts=True,
                extra=("shipping_cost", "stamp_cost", "postage_due")),
        Measure("volume", "volume", "litres", 1, 160, "is the bulkiest", "is the least bulky", "take up more than {n} litres",
                "take up less than {n} litres", adds=True, extra=("litres_of", "parcel_volume")),
    ),
    group=Group("van", ("green", "white", "yellow", "night"), "in the {g} van"),
    dated=Dated("posted_on", "posting date", "was posted first", "was posted last", "were posted before {d}"),
    person=Person("sender", "the parcel that {p} sent", ("sent_by", "parcel_of_sender")),
    action=Action("load it onto the truck", "load_parcel", "put it into a locker", "put_in_locker"),
    code="tracking number",
    mark="TN",
)  # fmt: skip

METERS = Subject(
    noun="flat",
    nouns="flats",
    where="of the house",
    names=(
        "Flat 1A", "Flat 1B", "Flat 2A", "Flat 2B", "Flat 3A", "Flat 3B", "Flat 4A", "Flat 4B", "Flat 5A", "Flat 5B", "Attic", "Basement",
    ),
    arguments=("flat", "home", "unit_name"),
    measures=(
        Measure("usage", "electricity use", "kWh", 60, 940, "used the most electricity", "used the least electricity",
                "used more than {n} kWh", "used less than {n} kWh", adds=True, extra=("kwh_used", "meter_reading", "power_use")),
        Measure("rent", "monthly rent", "euros", 320, 2100, "has the highest rent", "has the lowest rent",
                "have a rent above {n} euros", "have a rent below {n} euros", adds=True, extra=("monthly_rent", "rent_due")),
        Measure("area", "area", "square metres", 18, 140, "is the largest", "is the smallest", "are larger than {n} square metres",
                "are smaller than {n} square metres", adds=True, extra=("floor_area", "square_metres")),
    ),
    group=Group("stairway", ("left", "right", "rear", "middle"), "on the {g} stairway"),
    dated=Dated("last_reading", "date of the last reading", "was read first", "was read last", "were read before {d}"),
    person=Person("tenant", "the flat that {p} rents", ("flat_of_tenant", "rented_to")),
    action=Action("send a reminder", "send_reminder", "send a thank-you note", "send_thanks"),
    code="meter number",
    mark="MT",
)  # fmt: skip

CITIES = Subject(
    noun="town",
    nouns="towns",
    where="in the forecast",
    names=(
        "Brookvale", "Norhaven", "Saltmere", "Ashford Hill", "Wintermoor", "Pinecrest", "Redcliff", "Larkspur", "Stonebridge", "Kelsey",
        "Drummond", "Oakmouth", "Fairlea",
    ),
    arguments=("town", "city", "location"),
    measures=(
        Measure("temperature", "temperature", "degrees", -15, 39, "is the warmest", "is the coldest", "are warmer than {n} degrees",
                "are colder than {n} degrees", 1, extra=("degrees_in", "thermometer", "temperature_now")),
        Measure("rain", "rainfall", "mm", 0, 64, "gets the most rain", "gets the least rain", "get more than {n} mm of rain",
                "get less than {n} mm of rain", adds=True, extra=("rainfall", "mm_of_rain", "rain_today")),
        Measure("wind", "wind speed", "km/h", 1, 130, "has the strongest wind", "has the weakest wind", "have winds above {n} km/h",
                "have winds below {n} km/h", extra=("wind_speed", "gusts", "wind_in")),
    ),
    group=Group("county", ("Eastmark", "Westmark", "Northfold", "Southfold"), "of the county {g}"),
    dated=Dated("last_storm", "date of the last storm", "had its storm first", "had its storm last", "had their storm before {d}"),
    person=Person("reporter", "the town that {p} reports from", ("reports_from", "town_of_reporter")),
    action=Action("issue a warning", "issue_warning", "lift the warning", "lift_warning"),
    code="station id",
    mark="WS",
)  # fmt: skip

SENSORS = Subject(
    noun="sensor",
    nouns="sensors",
    where="in the building",
    names=(
        "Sensor Alpha", "Sensor Bravo", "Sensor Delta", "Sensor Echo", "Sensor Golf", "Sensor Hotel", "Sensor Kilo", "Sensor Lima",
        "Sensor Oscar", "Sensor Romeo", "Sensor Tango", "Sensor Zulu",
    ),
    arguments=("sensor", "device", "probe"),
    measures=(
        Measure("humidity", "humidity", "percent", 12, 97, "shows the highest humidity", "shows the lowest humidity",
                "show more than {n} percent of humidity", "show less than {n} percent of humidity", extra=("humidity_at", "moisture")),
        Measure("voltage", "voltage", "volts", 1.1, 12.6, "has the highest voltage", "has the lowest voltage",
                "have a voltage above {n} volts", "have a voltage below {n} volts", 2, adds=True, extra=("volts_of", "measure_voltage")),
        Measure("alarms", "number of alarms", "", 0, 75, "raised the most alarms", "raised the fewest alarms",
                "raised more than {n} alarms", "raised fewer than {n} alarms", adds=True, extra=("alarm_count", "alarms_raised")),
    ),
    group=Group("level", ("cellar", "lobby", "office", "roof"), "on the {g} level"),
    dated=Dated("calibrated", "date of calibration", "was calibrated first", "was calibrated last", "were calibrated before {d}"),
    person=Person("technician", "the sensor that {p} installed", ("installed_by", "sensor_of_technician")),
    action=Action("reset it", "reset_sensor", "change its battery", "change_battery"),
    code="serial number",
    mark="SN",
)  # fmt: skip

FIELDS = Subject(
    noun="field",
    nouns="fields",
    where="of the farm",
    names=(
        "Long Acre", "Church Field", "Low Meadow", "Stony Bank", "Mill Piece", "Top Pasture", "Brook Close", "Rabbit Warren", "Gate Field",
        "South Lea", "Thorn Croft", "Barn Plot",
    ),
    arguments=("field", "plot", "name"),
    measures=(
        Measure("hectares", "size in hectares", "", 0.5, 38, "is the largest", "is the smallest", "are larger than {n} hectares",
                "are smaller than {n} hectares", 1, adds=True, extra=("field_size", "size_in_hectares")),
        Measure("harvest", "harvest", "tonnes", 1, 260, "gave the largest harvest", "gave the smallest harvest",
                "gave more than {n} tonnes", "gave less than {n} tonnes", adds=True, extra=("tonnes_from", "crop_weight")),
        Measure("acidity", "soil pH", "", 4, 8.5, "has the highest soil pH", "has the lowest soil pH", "have a soil pH above {n}",
                "have a soil pH below {n}", 1, extra=("soil_ph", "ph_of")),
    ),
    group=Group("crop", ("barley", "maize", "clover", "potato"), "with {g}"),
    dated=Dated("sown_on", "sowing date", "was sown first", "was sown last", "were sown before {d}"),
    person=Person("farmhand", "the field that {p} ploughs", ("ploughed_by", "field_of_farmhand")),
    action=Action("irrigate it", "irrigate_field", "spread lime on it", "spread_lime"),
    code="parcel number",
    mark="FP",
)  # fmt: skip

ROOMS = Subject(
    noun="room",
    nouns="rooms",
    where="in the conference centre",
    names=(
        "Aurora", "Basalt", "Coral", "Dahlia", "Everest", "Fjord", "Galaxy", "Harmony", "Iris", "Jasmine", "Kepler", "Lagoon",
    ),
    arguments=("room", "room_name", "space"),
    measures=(
        Measure("capacity", "number of seats", "", 4, 320, "has the most seats", "has the fewest seats", "have more than {n} seats",
                "have fewer than {n} seats", adds=True, extra=("seats_in", "seat_count", "how_many_seats")),
        Measure("hourly_rate", "hourly rate", "dollars", 15, 260, "is the most expensive to rent", "is the cheapest to rent",
                "cost more than {n} dollars an hour", "cost less than {n} dollars an hour", adds=True, counts=True,
                extra=("rate_per_hour", "rental_rate", "cost_per_hour")),
        Measure("bookings", "number of bookings", "", 0, 80, "has the most bookings", "has the fewest bookings",
                "have more than {n} bookings", "have fewer than {n} bookings", adds=True, extra=("booking_count", "times_booked")),
    ),
    group=Group("storey", ("ground", "second", "third", "tower"), "on the {g} storey"),
    dated=Dated("next_free", "next free day", "is free first", "is free last", "are free before {d}"),
    person=Person("organiser", "the room that {p} booked", ("booked_by", "room_of_organiser")),
    action=Action("book it", "book_room", "have it cleaned", "order_cleaning"),
    code="door number",
    mark="DN",
)  # fmt: skip
