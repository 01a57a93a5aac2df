"""The wordings of the questions about the clock.

Invariant: those of each family stand under the name of the family. It does not: hold values.
"""

from codeact.data.families.worded import read_wordings

WORDINGS = read_wordings("""
= night-hours
[I worked|I was on call|The party went on|The machine ran] from {first} to {last} the next [day|morning]. How long was that, {form}?
[How long is it|What is the time] from {first} until {last} the following [day|morning], {form}?
[{first} to {last} overnight: how long, {form}?|Length of a shift from {first} to {last} (past midnight), {form}.]
A [ferry|night bus|night train] leaves at {first} and [arrives|gets in] at {last} the next day. [How long does it take|Travel time], {form}?
[Work out|Calculate|Tell me] the time between {first} and {last} on the following day, {form}[, please].
unseen:
[The baby fell asleep|We went to bed|The rain started] at {first}, and it was {last} when [it ended|that was over]. Time passed, {form}?
[Clocked in {first}, clocked out {last} (next day). Time on duty, {form}?|On at {first}, off at {last} the day after. I was on, {form}:]

= hours-over-days
[How much time|How long] is it from {first} to {last}? [Answer|Give it] {form}.
[The power was out|I was away|The server was down|We camped] from {first} until {last}. [How long was that|How long did it last], {form}?
[Time between {first} and {last}, {form}?|Tell me how long it is between {first} and {last}, {form}.]
[Start|Begin|Check-in]: {first}. [End|Finish|Check-out]: {last}. [Work out|Compute|Give] the time in between {form}.
[I handed in my car on {first} and got it back on {last}|We left on {first} and were home on {last}]. How long did that take, {form}?
unseen:
A parcel [was sent|left] on {first} and came on {last}. [Time on the way|Its journey took how long], {form}?
[Counting from|If a clock is started on] {first}, how much time has passed on {last}, {form}?

= journey
{name} sets off at {start}: {legs}. [When|At what time] does {name} arrive, {form}?
[I leave|We leave|I am leaving] [home|the hotel|town] at {start}. The trip is {legs}. [When is it over|What time is it then], {form}?
[Departure {start}, then {legs}. Arrival time, {form}?|{start} plus {legs}: what time is it then, {form}?]
[Find|Work out|Tell me] the arrival time {form} of a trip that starts at {start} and takes {legs}.
It takes {legs} to get to [{name}|my aunt|the office]. If I [go|set off] at {start}, [when am I there|what time do I get there], {form}?
unseen:
{legs}: that is my way. [On the road at|Off at] {start}, there at what time, {form}?
What will the clock [say|show] {form} [when|once] {name}, who left at {start}, has done {legs}?

= clock-formats
[Convert|Change|Translate] {times} to {form}.
[What {be} {times} in {form}?|{times} in {form}?|How do you write {times} in {form}?|{times} - in {form}, please.]
[My ticket says|The timetable shows|The invitation says] {times}. [What would that be|How is that written] in {form}?
I [keep mixing up|never understand] the two clocks, so please [put|write|give me] {times} in {form}.
Our [form|software|calendar] only takes {form}, but I have {times}. What do I [enter|type in]?
unseen:
[{times}: restate in {form}.|{times} - now the same, but in {form}.|A colleague from abroad wrote {times}. Note it as {form}.]
[As|Using] {form}, how [would you write|does one put] {times}?

= city-times
It is {time} in {here}. [What time is it|What does the clock say] in {there}, {form}?
[A call|A webinar|A match|The interview] [starts|is set for] {time} in {here}. When is that in {there}, {form}?
[Convert {time} from {here} to {there}, {form}.|{time} {here} = what time in {there}, {form}?]
I am in {here} and want to ring a friend in {there} at {time} my time. What time is it for [her|him|them], {form}?
The clocks in {here} [show|are at] {time}. [Find|Tell me|Work out] the time in {there} at that moment, {form}.
unseen:
[People|Fans] in {there} watch a show that is live at {time} in {here}. [Local time there|Time on their clocks], {form}?
[My laptop|My watch] still shows the time of {here}, {time}, but I have landed in {there}. What should it show, {form}?

= timesheet
[My hours|My shifts|Times worked]: {list}.{pause} [What is the total|How much did I work|How much is that in all], {form}?
[Add up my hours, {form}: {list}.|{list}. Total working time, {form}?|Sum of these hours, {form}? {list}.]{pause}
[How long did I work|How much time did I put in] this week, {form}? {list}.{pause}
[Here is my timesheet|I wrote down my hours|The cleaner noted]: {list}.{pause} I need the [total|sum] {form}.
unseen:
[Payroll asks|My boss asks|The form asks] how long I was at work in total, {form}. The log says {list}.{pause}
[The time clock has {list}. All of it together, {form}?|{list}: added up, {form}?]{pause}

= durations
[Convert|Change|Turn] {given} [to|into] {form}.
[What is {given} in {form}?|{given} in {form}?|{given} = ? {form}|How much is {given} in {form}?|{given} to {form}]
[The display shows|The log says|The counter says|The plan says] {given}. What is that in {form}?
I have {given} and [need|want|have to enter] it in {form}. [What do I write|What is it]?
unseen:
[Wanted: {form}. Given: {given}.|A task takes {given}. Put that in {form}.|Somebody noted {given}. Give the same time in {form}.]
If [a job|a test] takes {given}, how is that [put|expressed] in {form}?

= pace
[I|{name}|My sister] {did} {told}. What is the {asked}?
[{told}: {asked}?|Somebody {did} {told}, and I need the {asked}.|Find the {asked}, for someone who {did} {told}.]
[Yesterday|On Sunday|This morning] [I|we|{name}] {did} {told}, and now I want to know the {asked}. [What is it|Can you work it out]?
[My app is broken|My watch died], but I know that I {did} {told}. [Tell me|Please compute] the {asked}.
unseen:
[{name} {did} {told}. Report the {asked}.|If {name} {did} {told}, then how much is the {asked}?]
[Training log|Diary entry]: {did} {told}. [Missing|Still to fill in]: {asked}.

= recurring
[The first {noun} is at {start}, then one comes every {every}.|Every {every} there is a {noun}, starting at {start}.] {asked}
[{asked} The first is at {start}, then one every {every}.|First {noun} {start}, then every {every}. {asked}]
[A {noun} is due|There is a {noun}|We have a {noun}|I see a {noun}] every {every}, [the first one at|starting at] {start}. {asked}
[The plan says|I noted|Our schedule is|Timetable]: {plural} every {every} from {start} on, the one at {start} being the first. {asked}
[From {start} on we have|At home there is|My plan has|Here we get] a {noun} every {every}, {start} being the first. {asked}
unseen:
{start} is when the first {noun} [comes|is|was planned], and each later one is {every} after the one before. {asked}
[{asked} ({plural}: first {start}, interval {every})|{plural}, {every} apart, counted from {start}: {asked}]

= latest-start
{goal}. I need {needs}. [When must I|When do I have to|At what time should I] {act} at the latest, {form}?
[What is the latest time to {act}, {form}?|When do I {act}, {form}?] {goal}, and I [need|plan] {needs}.
{goal}, with {needs} before that. [Latest time|Last moment|Last chance] to {act}[ then], {form}?
[Work back|Count back]: {goal}, and before that I need {needs}. [Tell me|Find] when to {act}, {form}.
{goal}. [I allow|I reckon with|I have to plan|My guess is] {needs}. [So when|When] do I {act}, {form}?
unseen:
[By what time|How early] must I {act}, {form}, given {needs}? {goal}.
{needs}: all that [comes first|has to fit in before|is needed]. {goal}. Name the last possible time to {act}, {form}.

= average-duration
My last {what} were {list} ({scale}). {asked}
[{asked} The {what}: {list} ({scale}).|{what}, in {scale}: {list}. {asked}|For {what} of {list} ({scale}): {asked}]
[I timed|I noted|Here are|We have] [some|a few|these] {what}: {list}, in {scale}. {asked}
[These are|Look at] the lengths of [some|my|our] {what}, as {scale}: {list}. {asked}
unseen:
[{list} - so long were the {what}, in {scale}.|My watch stored {list} as {scale} for {what}.] {asked}
[A table|A note|A friend] lists {what} with {scale} of {list}. {asked}

= who-first
[Arrivals|Arrival times|Check-in times|Today's guests]: {list}. {asked}
[These are|Here are|I wrote down] the times [when people came|when they rang|of the visitors]: {list}. {asked}
{asked} [The times are|They came at these times|Times|I have these times]: {list}.
[At the door we had {list}.|People clocked in as follows: {list}.|The log of the day says: {list}.|Signed in: {list}.] {asked}
unseen:
{list}: that is when they [turned up|signed in|got here]. {asked}
[A visitors' book|A register] has {list}. {asked}
""")
