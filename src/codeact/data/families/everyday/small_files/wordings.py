"""Wordings of short questions about one small file.

Invariant: each names the file; {what} is a noun phrase, {ask}, {how} and {low} begin a question. It does not: tell
how the answer is found.
"""

from codeact.data.families.worded import read_wordings

WORDINGS = read_wordings("""
= size-of-file
How many {unit} [are in|are there in|does one find in] {file}?
{file}: how many {unit}?
[Count|Please count] the {unit} in {file}.
[I have|There is|I saved] a file called {file}. How many {unit} does it [have|contain]?
[Could you|Can you] [tell me|find out|check] how many {unit} {file} has?
[My editor|My teacher|A friend] wants to know how many {unit} there are in {file}. Please count them.
unseen:
What is the number of {unit} in {file}?
For {file}, [give|report] the count of {unit}.
Open {file}, look at its {unit} and say how many you [see|find].

= word-in-file
How [often|many times] does the word '{word}' [occur|appear|come up] in {file} (upper or lower case)?
[Count|Find] [how often|how many times] '{word}' is used as a word in {file}, ignoring case.
{file}: how many times '{word}', in any case?
I [wrote|have|was sent] {file} and fear that the word '{word}' is there too often. How many times is it used, whatever the case?
[Please count|Count] the [occurrences|uses] of the word '{word}' in {file}[, please]. Capitals do not matter.
unseen:
The word '{word}', in capitals or not: how many times is it in {file}?
Look through {file} for the word '{word}' (case does not matter) and [state|report] the number of [hits|matches].
[Someone|My mother] says '{word}' is all over {file}. How many times really, ignoring case?

= picked-word-of-file
[What|Which] is the {which} in {file}? [Write it|Answer] in lower case.
[Find|Give me|Tell me|Show me] the {which} of {file}[, please], in lower case.
{file}: {which}? [In lower case.|Lower case, please.]
[I have|Here is|There is] a text in {file}. What is its {which}, [written|given] in lower case?
[Could you|Can you] read {file} and tell me the {which}? Use lower case and leave out punctuation.
unseen:
Reading {file}, [name|report] the {which} in lower case.
I am curious about the {which} in {file}; [lower case|in lower case], please.
In lower case, what would you say is the {which} of the text {file}?

= lines-that
{how} of the {things} in {file} {cond}?
[In|Going by|Looking at|According to] {file}, {low} of the {things} {cond}?
[Read|Open|Load] {file} and [tell me|find out] {low} of its {things} {cond}.
{file} has one entry [per|on each] line. {how} of these {things} {cond}?
[I keep|I have|We store] {things} in {file}. {how} of them {cond}?
[Quick check|Small question] for {file}: {low} of the {things} {cond}?
[I want to know|Tell me] {low} of the {things} in {file} {cond}.
unseen:
{file}: {low} {cond}, of all {things}?
Go through the {things} of {file}. {how} {cond}?
Of the {things} [stored|listed] in {file}, {low} {cond}?
[I wonder|A colleague asks] {low} of all {things} {cond} in the file {file}.

= numbers-of-file
[What is|What's] the {what} of the [numbers|values] in {file}{form}?
[Compute|Find|Work out|Give me] the {what} of the numbers in {file}{form}.
{file} has [a number|one number] on each line. What is their {what}{form}?
[I noted|I wrote down|We keep] our figures in {file}. I need their {what}{form}.
[Read|Load|Open] {file} and [compute|tell me] the {what} of all its numbers{form}.
{file}: {what} of the numbers{form}?
unseen:
For the numbers in {file}, [report|state] the {what}{form}.
Every line of {file} ends with a number; [which|what] {what} do they have{form}?
Take all numbers from {file}. The {what}{form}?
The figures are in {file}. [A friend|My boss] asks for the {what}{form}.

= dated-file
{ask} in {file}?
[Give me|Tell me|Find|Please find] {what} in {file}.
{file} is my [log|record|list], [one date and one value|a date and a value] per line. {ask}?
[According to|In|Going by] {file}, {low}?
I [write down|log|note] every day in {file}. [I need|I want] {what}.
{file}: {low}?
unseen:
My records are in {file}; [work out|I need] {what}.
Look at {file}. {ask}?
[Report|State] {what}, as logged in {file}.
What does {file} say about {what}?

= column-where
[What is|What's] the {agg} {column} of the {things} with {cond} in {file}{form}?
[Find|Work out|Give me] the {agg} {column} in {file} over [all|the] {things} that have {cond}{form}.
In {file}, [take|look at] [the|only the] {things} with {cond}. What is their {agg} {column}{form}?
[I keep my|We keep our|My sister keeps her] {things} in {file}. [I need|Find] the {agg} {column} of those with {cond}{form}.
{file}: {agg} {column} of [all |]{things} with {cond}{form}?
unseen:
For {things} with {cond}, [report|state] the {agg} {column} from {file}{form}.
Filter {file} to {cond}, then [give|tell me] the {agg} {column}{form}.
Only {things} with {cond} count. What {agg} {column} does {file} show{form}?
Load {file}; the {agg} {column} for {cond}{form}, please.

= rows-where
{how} in {file} have {cond}?
[In|Going by|According to] {file}, {low} have {cond}?
[Give me|Find|Tell me|Show me] {what} with {cond} in {file}[, please].
{file} [lists|holds|has] [our|all the] {things}. {how} have {cond}?
[Read|Open|Load] {file} and find {what} that have {cond}.
{file}: {what} with {cond}?
unseen:
From {file} [I need|I am after] {what} where one sees {cond}.
Of all {things} in {file}, {low} have {cond}?
Filter {file} by {cond}, then [report|state] {what} left.

= groups-of-file
{ask} in {file}?
[Give me|Tell me|Find|Work out] {what} in {file}.
[According to|In|Going by] {file}, {low}?
[The|Our|All] {things} are in {file}. {ask}?
[I have|We have|They sent] a file of {things}, {file}. [Please find|I need|I want] {what}.
unseen:
[Group|Look over] the {things} in {file}: {low}?
From {file}, [report|state] {what}.
Let me know {what}; the data are in {file}.

= cell-of-file
What is the {column} of {who} in {file}?
[Look up|Find|Give me|Get] the {column} of {who} in {file}[, please].
{file}: {column} of {who}?
[According to|In|Going by] {file}, what is the {column} of {who}?
I [can't remember|need to know|forgot] the {column} of {who}. [It is|It should be] in {file}.
Our {things} are in {file}. Which {column} [is given|is entered|is there] for {who}?
unseen:
{who} is [one of|among] the {things} in {file}. [State|Report] the {column}.
For {who}, what does {file} say under {column}?
Which {column} does {file} list for {who}?

= lists-of-file
{ask} in {file}?
[Give me|Tell me|Find|Work out] {what} in {file}.
[According to|In|Going by] {file}, {low}?
{file} is a JSON [file|object] with a list for each [name|key]. {ask}?
[I|We] [made|saved|got] {file} and need {what}.
[Quick question on|About] {file}: {low}?
unseen:
[Load|Open] {file}. {ask}?
From the JSON file {file}, [report|state] {what}.
Could you look in {file} for {what}[, please]?
""")
