"""Subjects of work, money and school."""

from codeact.data.families.composition.subject import Action, Dated, Group, Measure, Person, Subject

ACCOUNTS = Subject(
    noun="account",
    nouns="accounts",
    where="at the bank",
    names=(
        "Household", "Holiday Fund", "Savings One", "Rainy Day", "Joint", "Business", "Children", "Tax Reserve", "Renovation", "Pension",
        "Gift Pot", "Car Fund",
    ),
    arguments=("account", "name", "title"),
    measures=(
        Measure("balance", "balance", "dollars", 12, 25000, "has the highest balance", "has the lowest balance",
                "hold more than {n} dollars", "hold less than {n} dollars", 2, adds=True, extra=("account_balance", "money_in", "funds")),
        Measure("interest", "interest rate", "percent", 0.1, 6, "has the highest interest rate", "has the lowest interest rate",
                "bear more than {n} percent of interest", "bear less than {n} percent of interest", 2, extra=("rate_of_interest",
                "yearly_rate")),
        Measure("withdrawals", "number of withdrawals", "", 0, 90, "had the most withdrawals", "had the fewest withdrawals",
                "had more than {n} withdrawals", "had fewer than {n} withdrawals", adds=True, extra=("withdrawal_count",)),
    ),
    group=Group("branch", ("Elm Street", "Old Town", "Harbour", "Airport"), "of the {g} branch"),
    dated=Dated("opened_on", "opening date", "was opened first", "was opened last", "were opened before {d}"),
    person=Person("client", "the account that {p} owns", ("account_of_client", "owned_by")),
    action=Action("top it up", "top_up", "move money out of it", "move_money"),
    code="account number",
    mark="AC",
)  # fmt: skip

EMPLOYEES = Subject(
    noun="employee",
    nouns="employees",
    where="on the payroll",
    names=(
        "Amira", "Boris", "Chiara", "Dmitri", "Elif", "Farid", "Gwen", "Hamza", "Ivana", "Jorge", "Keiko", "Liam", "Noor", "Priya",
    ),
    arguments=("employee", "worker", "name"),
    measures=(
        Measure("wage", "hourly wage", "dollars", 12, 68, "earns the most per hour", "earns the least per hour",
                "earn more than {n} dollars an hour", "earn less than {n} dollars an hour", 2, adds=True, counts=True,
                extra=("hourly_wage", "pay_per_hour", "wage_rate")),
        Measure("hours", "number of hours worked", "", 4, 190, "worked the most hours", "worked the fewest hours",
                "worked more than {n} hours", "worked fewer than {n} hours", adds=True, extra=("hours_worked", "logged_hours",
                "timesheet")),
        Measure("leave", "number of days of leave left", "", 0, 34, "has the most leave left", "has the least leave left",
                "have more than {n} days of leave left", "have fewer than {n} days of leave left", adds=True, extra=("leave_left",
                "days_off_left")),
    ),
    group=Group("team", ("sales", "support", "design", "logistics"), "in the {g} team"),
    dated=Dated("hired_on", "date of hiring", "was hired first", "was hired last", "were hired before {d}"),
    person=Person("mentor", "the employee that {p} mentors", ("mentored_by", "trainee_of")),
    action=Action("approve a bonus", "approve_bonus", "plan a talk", "plan_talk"),
    code="staff number",
    mark="ST",
)  # fmt: skip

STUDENTS = Subject(
    noun="pupil",
    nouns="pupils",
    where="of the school",
    names=(
        "Ada", "Ben", "Clara", "Dario", "Esther", "Finn", "Gita", "Henry", "Isla", "Jamal", "Kira", "Leo", "Mona", "Nico", "Olga", "Pablo",
    ),
    arguments=("pupil", "student", "name"),
    measures=(
        Measure("score", "exam score", "points", 18, 100, "has the best exam score", "has the worst exam score",
                "scored more than {n} points", "scored fewer than {n} points", adds=True, extra=("exam_score", "marks", "exam_result")),
        Measure("absences", "number of absences", "", 0, 40, "was absent the most often", "was absent the least often",
                "were absent more than {n} times", "were absent fewer than {n} times", adds=True, extra=("days_absent", "missed_lessons")),
        Measure("grade", "average grade", "", 1, 6, "has the highest average grade", "has the lowest average grade",
                "have an average grade above {n}", "have an average grade below {n}", 2, extra=("grade_average", "mean_grade")),
    ),
    group=Group("house", ("oak", "maple", "cedar", "willow"), "of {g} house"),
    dated=Dated("birthday", "birthday", "was born first", "was born last", "were born before {d}"),
    person=Person("teacher", "the pupil that {p} tutors", ("tutored_by", "pupil_of")),
    action=Action("give a prize", "give_prize", "offer extra lessons", "offer_lessons"),
    code="pupil number",
    mark="PU",
)  # fmt: skip

PROJECTS = Subject(
    noun="project",
    nouns="projects",
    where="of the department",
    names=(
        "Atlas", "Beacon", "Cascade", "Dynamo", "Ember", "Fathom", "Garnet", "Horizon", "Indigo", "Juniper", "Keystone", "Lantern",
    ),
    arguments=("project", "title", "name"),
    measures=(
        Measure("budget", "budget", "euros", 1500, 240000, "has the largest budget", "has the smallest budget",
                "have a budget above {n} euros", "have a budget below {n} euros", adds=True, extra=("project_budget", "funding")),
        Measure("open_tasks", "number of open tasks", "", 0, 140, "has the most open tasks", "has the fewest open tasks",
                "have more than {n} open tasks", "have fewer than {n} open tasks", adds=True, extra=("tasks_left", "backlog_size")),
        Measure("progress", "progress", "percent", 1, 99, "is the furthest along", "is the least far along",
                "are more than {n} percent done", "are less than {n} percent done", extra=("percent_done", "completion")),
    ),
    group=Group("sector", ("research", "web", "field", "lab"), "of the {g} sector"),
    dated=Dated("deadline", "deadline", "has the first deadline", "has the last deadline", "have their deadline before {d}"),
    person=Person("leader", "the project that {p} leads", ("led_by", "project_of_leader")),
    action=Action("add a person to it", "add_person", "close it", "close_project"),
    code="project code",
    mark="PR",
)  # fmt: skip

REQUESTS = Subject(
    noun="request",
    nouns="requests",
    where="at the help desk",
    names=(
        "Login Fails", "Printer Jam", "Slow Laptop", "No Sound", "Lost Badge", "Screen Flicker", "Mail Bounce", "Broken Chair",
        "Dead Battery",
        "Wrong Invoice", "New Monitor", "Missing Key",
    ),
    arguments=("request", "subject", "case"),
    measures=(
        Measure("waiting", "waiting time", "minutes", 2, 2900, "waits the longest", "waits the shortest", "wait for more than {n} minutes",
                "wait for less than {n} minutes", adds=True, extra=("minutes_waiting", "time_in_queue")),
        Measure("priority", "priority", "", 1, 50, "has the highest priority", "has the lowest priority", "have a priority above {n}",
                "have a priority below {n}", extra=("priority_level", "urgency")),
        Measure("replies", "number of replies", "", 0, 60, "has the most replies", "has the fewest replies", "have more than {n} replies",
                "have fewer than {n} replies", adds=True, extra=("reply_count", "count_replies")),
    ),
    group=Group("desk", ("first", "second", "hardware", "billing"), "at the {g} desk"),
    dated=Dated("filed_on", "filing date", "was filed first", "was filed last", "were filed before {d}"),
    person=Person("agent", "the request that {p} works on", ("worked_on_by", "request_of_agent")),
    action=Action("escalate it", "escalate_request", "archive it", "archive_request"),
    code="case number",
    mark="CS",
)  # fmt: skip

CANDIDATES = Subject(
    noun="candidate",
    nouns="candidates",
    where="in the town election",
    names=(
        "Okafor", "Lindqvist", "Marchetti", "Dubois", "Yamada", "Castellan", "Hargreaves", "Petrov", "Almeida", "Brennan", "Szabo",
        "Ferrante",
    ),
    arguments=("candidate", "surname", "person"),
    measures=(
        Measure("votes", "number of votes", "", 90, 48000, "has the most votes", "has the fewest votes", "got more than {n} votes",
                "got fewer than {n} votes", adds=True, extra=("vote_count", "count_votes", "ballots_for")),
        Measure("donations", "sum of donations", "dollars", 200, 90000, "got the most donations", "got the fewest donations",
                "got more than {n} dollars of donations", "got less than {n} dollars of donations", adds=True,
                extra=("donations_to", "campaign_money")),
        Measure("speeches", "number of speeches", "", 1, 70, "gave the most speeches", "gave the fewest speeches",
                "gave more than {n} speeches", "gave fewer than {n} speeches", adds=True, extra=("speech_count", "speeches_by")),
    ),
    group=Group("party", ("Unity", "Civic", "Green", "Harvest"), "of the {g} party"),
    dated=Dated("registered", "date of registration", "registered first", "registered last", "registered before {d}"),
    person=Person("donor", "the candidate that {p} supports", ("supported_by", "candidate_of_donor")),
    action=Action("arrange a recount", "arrange_recount", "print the certificate", "print_certificate"),
    code="list number",
    mark="LN",
    venue="district",
    venues=("Hillside", "Portside", "Southgate", "Lakeview", "Old Quarter"),
    at="in",
)  # fmt: skip

MEETINGS = Subject(
    noun="meeting",
    nouns="meetings",
    where="in my calendar",
    names=(
        "Budget Review", "Kickoff", "Design Talk", "Staff Lunch", "Press Call", "Board Session", "Retrospective", "Safety Briefing",
        "Client Demo", "Hiring Panel", "Roadmap", "Training",
    ),
    arguments=("meeting", "title", "event"),
    measures=(
        Measure("duration", "duration", "minutes", 10, 240, "is the longest", "is the shortest", "last longer than {n} minutes",
                "are shorter than {n} minutes", adds=True, counts=True, extra=("meeting_length", "minutes_of_meeting")),
        Measure("guests", "number of guests", "", 2, 90, "has the most guests", "has the fewest guests", "have more than {n} guests",
                "have fewer than {n} guests", adds=True, extra=("guest_count", "people_invited")),
        Measure("slides", "number of slides", "", 1, 120, "has the most slides", "has the fewest slides", "have more than {n} slides",
                "have fewer than {n} slides", adds=True, counts=True, extra=("slide_count", "slides_in")),
    ),
    group=Group("floor", ("ground", "first", "top", "garden"), "on the {g} floor"),
    dated=Dated("day", "day", "comes first", "comes last", "take place before {d}"),
    person=Person("host", "the meeting that {p} hosts", ("hosted_by", "meeting_of_host")),
    action=Action("send out the agenda", "send_agenda", "cancel it", "cancel_meeting"),
    code="event id",
    mark="EV",
)  # fmt: skip
