"""The wordings of the questions about the calendar.

Invariant: those of each family stand under a heading, and headings that serve several families are named for what they ask. It does not:
hold values.
"""

from codeact.data.families.worded import read_wordings

WORDINGS = read_wordings("""
= weekday-in-notation
[What|Which] [day of the week|weekday] is {day}?
[Weekday of|Day of the week for] {day}?
{told} on {day}. [What day of the week|Which weekday] {was} that?
[Can you find out|Tell me|Find out|I need to know] [which weekday|what day of the week] {day} falls on[, please].
[The form says|The letter says|My note says] {day}. [Which weekday is it|What weekday is that|What day of the week is that]?
unseen:
{told} on a certain weekday, namely on {day}. [Name|State] that weekday.
[Monday, Tuesday, ... or Sunday|From Monday to Sunday]: [what|which one] does {day} fall on?

= is-weekday
Is {day} {kind}? [Yes or no.|Answer yes or no.|Yes or no?]
Does {day} fall on {kind}, yes or no[, please]?
[My flight|The meeting|The dentist|The exam|Our party] is on {day}. Is that {kind}? [Answer|Just say|Reply] yes or no.
[Check|Tell me|Find out] whether {day} is {kind}. [Say yes or no.|Answer with yes or no.]
I [think|believe|bet] {day} is {kind}. [Am I right|Is that right], yes or no?
unseen:
{day}: {kind} or not? [Reply|Respond] yes or no.
[Somebody claims|A colleague insists] that {day} falls on {kind}. [Confirm|Judge] it with yes or no.

= rewrite-date
[Convert|Change|Switch|Reformat] {day} to {form}.
[How do I write|What is|How does one write] {day} as {form}?
{day} [should be|must be] written as {form}[, please].
[The form wants|Our database wants|The website only takes] dates as {form}. I have {day}. [What do I enter|What do I type in]?
[My spreadsheet has|The file says|The ticket shows] {day}. [Give me that|Show that|Write that] as {form}.
unseen:
[Another notation|Another spelling], please: {day}, but as {form}.
[Express|Put down] what is given as {day} [so that it reads|so that it looks like] {form}.

= date-some-time-away
[What|Which] date is {length} {side} {day}, {form}?{note}
[Find|Work out|Give me|Tell me|Calculate] the date {length} {side} {day}, {form}.{note}
[A report is due|A payment is due|The warranty ends|My lease ends] {length} {side} {day}. [When|Which date] is that, {form}?{note}
{day} is [the date of the contract|the date that counts|in my calendar]. I need the date {length} {side} it, {form}.{note}
Date {length} {side} {day}, {form}?{note}
[I have to|We must|My boss wants me to] [call|pay|be ready] {length} {side} {day}. On which date is that, {form}?{note}
unseen:
{length} {side} {day} [brings us|takes us] to what date, {form}?{note}
[Starting point|Reference]: {day}. [Step|Shift] to the date {length} {side} it, {form}.{note}

= what-is-wanted
[What is|What's|What would be] {what}?
[Give me|Tell me|Find|Work out|Determine|Compute|Please find] {what}.
[I need|I am looking for|I have to know|I would like to know] {what}[, please].
[For a report|For my planner|For work|For a script|For a quiz] I need {what}. [Can you help?|Can you find it?|What is it?]
[Do you know|Can you find out|Could you tell me|Can you work out] {what}?
unseen:
[My colleague asks me for|The homework asks for|Somebody wants] {what}. [What do I answer|What is to be said]?
[Let us have|Report|State] {what}.

= last-weekday
[What|Which] date is the {which} of {month}, {form}?
[When is|What is the date of] the {which} [of|in] {month}, {form}?
[Find|Give me|Tell me|Work out] the date of the {which} of {month}, {form}.
[Rent is due|Our club meets|Salaries are paid|We play cards] on the {which} of {month}. [Which date|When] is that, {form}?
{month}: [date of the|I need the] {which}, {form}.
unseen:
[Mark|Circle] the {which} of {month} in the calendar: [which date gets it|what date is it], {form}?
In {month}, [which|what] date does the {which} have, {form}?

= days-of-month
How many {what} [are there|are] in {period}?
[Count the|Find the number of|Give me the number of|Work out the number of] {what} in {period}.
[I plan|We plan|My boss plans|A colleague plans] [shifts|lessons|a course] for {period}. How many {what} are there[ in all]?
Number of {what} in {period}?
[Tell me|I need to know|I wonder|Find out] how many {what} {period} has.
unseen:
{period} [contains|comes with] how many {what}?
[Take|Look at] {period} and [report|state] how many {what} it has.

= recurring-dates
{what} {every}, [starting on|beginning on|for the first time on|first on] {first}. {asked}
[Starting on|Beginning on|As of] {first}, {what} {every}. {asked}
{asked} [I mean this|This is the plan|It is like this]: {what} {every}, [starting on|beginning on] {first}.
[The first time is|The first date is|It begins on|It all starts on] {first}, and {what} {every}. {asked}
[From my calendar|A note on the fridge|The notice says|I was told]: {what} {every}, first on {first}. {asked}
unseen:
[Schedule|Plan]: {what} {every}. [Day one|First day]: {first}. {asked}
{every} {what}; the [series|sequence] starts with {first}. {asked}

= countdown
Today is {today}. How many days [are left|is it|do I have to wait] until {event}?
[Count|Work out|Find|Tell me] the number of days from {today} until {event}[, please].
It's {today}. [My daughter asks|The children ask|I wonder] how many days [are left|it is] until {event}. [Tell me.|What do I say?]
Days until {event}, [counting from|as of|if today is] {today}?
[I can't wait for|I look forward to] {event}! [Now it is|Today is] {today}. How many days [to go|are left]?
unseen:
{event} is how many days away [on|if it is] {today}?
Countdown [to|for] {event}, [set up|started] on {today}: [what number of days does it show|how many days]?

= days-lived
How many {unit} old is {name}, born on {born}, on {now}?
{name} was born on {born}. [What is the age in {unit}|How many {unit} old is that] on {now}?
[I was|My sister was|My son was|Our dog was] born on {born}. How many {unit} are there from that day to {now}?
Born {born}: [age|how old] in {unit} on {now}?
[Calculate|Find|Give me] the age in {unit} of [a firm founded|a child born|a man born|a car built] on {born}, [as of|on] {now}.
unseen:
[A life|A marriage] began on {born}. How many {unit} does it [count|number] by {now}?
First day: {born}. {name} wants to know [the|all the] {unit} [lived|spent on earth] up to {now}.
""")
