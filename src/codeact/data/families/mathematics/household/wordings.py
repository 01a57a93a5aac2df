"""The wordings of the families of `household`, by their names.

Invariant: where a result may have to be rounded, a wording has a place ``{round}`` for saying so. It does not: hold values.
"""

from codeact.data.families.worded import read_wordings

WORDINGS = read_wordings(
    """
= original-price
I paid {now} for {thing} {change}. [How much was|What was|What would be] {what}?{round}
{now} {change}: [what is|what's|how much is] {what}?{round}
[Work out|Find|Calculate] {what} for {thing} at {now} {change}.{round}
[The receipt says|My bill says|On the invoice I see] {now} {change}. [Can|Could] you tell me {what}?{round}
In a shop, {thing} is {now} {change}, and I [want to know|wonder about|need] {what}.{round}
What is {what} if I [spend|pay|paid] {now} {change}?{round}
unseen:
Go backwards[ for me|, please]: {now} is what {thing} costs {change}, so {what} is how much?{round}
From a [final|closing] price of {now} {change}, [recover|derive] {what}.{round}
My colleague bought {thing}; it came to {now} {change}. And {what} would be?{round}

= best-value
Where is {what} [cheapest|the cheapest] per {unit}: {offers}? [Just the name of the place.|Answer with the name of the place only.]
I [need|want to buy] {what} and can get {offers}. [Which|Which one] is the best value by the {unit}? Say only where, for example {name}.
{what}, {offers}: which place is cheapest per {unit}? [Only its name.|Name it, nothing more.]
[Compare|Look at|Check] these prices for {what}: {offers}. Tell me the name of the place that is cheapest per {unit}.
[Can|Could] you [see|check] which place is cheapest per {unit}? For {what} I can pay {offers}. The name is enough.
[My flyer says|Today's ads say] {what} costs {offers}. [At which place|Where] is the price per {unit} lowest? Name only.
unseen:
I can buy {what} like this: {offers}. Sizes differ, so [judge|go] by the price per {unit} and name the best place[ only].
Per {unit}, who asks least for {what}? [Choices|Options]: {offers}. One name.
Shopping for {what}. Options are {offers}. Not the smallest price but the smallest per {unit} wins; [who|which place] is it?

= raise
My {thing} is {now} a month and [goes up by|rises by|will go up] {percent}. What is {what}?{round}
{name}'s {thing} of {now} a month is raised by {percent}. [Find|Work out|Calculate] {what}.{round}
{thing} {now} a month, [plus|now plus|and then plus] {percent}: [what is|how much is] {what}?{round}
I got a letter: from next month my {thing}, now {now} a month, [goes up|increases] by {percent}. [Tell me|I need|Find] {what}.{round}
[Could|Can] you work out {what} when {now} of {thing} per month [grows|increases] by {percent}?{round}
unseen:
Up {percent} from {now} monthly, that's what they told {name} about the {thing}. [State|Give] {what}.{round}
They want to add {percent} to my monthly {thing}. Today it is {now}. [And then|So] {what} is?{round}
Monthly {thing}: {now}. Increase: {percent}. [Wanted|To find]: {what}.{round}

= exchange
[Convert|Change|Exchange|Please convert] {have} to {want}. {told}{round}
How many {want} [do|can|would|will] I get for {have}? {told}{round}
{told} [What|How much|So what] is {have} in {want}?{round}
I am back from {city} with {have} and want {want}. {told} [How much will I get|What do I get|What is that]?{round}
In {city} I saw {thing} for {have}. {told} What is the price in {want}[, then]?{round}
{have} in {want}[, please]? {told}{round}
[Could|Can] you tell me what {have} would be in {want}? {told}{round}
unseen:
{told} A friend in {city} [sends me|owes me] {have}; in {want} this makes?{round}
[Using|With] this rate, turn {have} into {want}: {told}{round}
Suppose {have} must be paid, but I only hold {want}. {told} How many of mine are needed?{round}

= everyday-units
[What is|How much is|What's|What would be] {have} in {to}? {told}{round}
[Convert|Turn|Change|Please convert] {have} into {to}. {told}{round}
{told} So [what is|how much is] {have} in {to}?{round}
{have} in {to}[, please]? {told}{round}
I [found|read|was told] "{have}", but I only know {to}. {told} [What is that|How much is that]?{round}
[Could|Can] you give me {have} in {to}? {told}{round}
unseen:
My [form|app] only takes {to}, and I have {have}. {told} What do I enter?{round}
Remember: {told} Now [express|write] {have} as {to}.{round}
{have}, [please|now] as a number of {to}. {told}{round}

= fuel
My [car|van|old car] needs {use} litres per 100 km, and a litre costs {price}. For {trip}, {what}?{round}
[We are driving|I want to drive|Our next trip goes] to {city}: {trip}. At {use} l/100 km and {price} a litre, {what}?{round}
{trip}, {use} l/100 km, {price} [per|a] litre: {what}?{round}
[Petrol|Diesel|Fuel] is {price} a litre and the [car|camper|van] takes {use} litres for 100 km. I drive {trip}, so {what}?{round}
[Could|Can] you tell me this for a drive of {trip}: {what}? [We use|The car uses] {use} litres per 100 km at {price} a litre.{round}
unseen:
A rental car [burns|drinks] {use} litres every 100 km. Fuel price: {price} a litre. Route: {trip}. Now {what}?{round}
Before I leave for {city} ({trip}): {what}, [given|assuming] {use} litres per 100 km and {price} for a litre?{round}
At {price} per litre and {use} litres per 100 km, {what} [on|for] a journey of {trip}?{round}

= average-speed
{name} [drives|goes|travels] {first} and then {second}. What is {what}?{round}
[Work out|Calculate|Find|Give me] {what} for {first} followed by {second}.{round}
I [drove|did|travelled] {first}, then {second}. [Tell me|I would like to know|Please find] {what}.{round}
{first}, then {second}: {what}?{round}
[Could|Can] you give me {what}? First it was {first}, [after that|then] {second}.{round}
unseen:
The trip had two parts, one of {first} and one of {second}. [State|Determine] {what}.{round}
If {name} does {first}, and after a change {second}, [what comes out|what do you get] as {what}?{round}
Two stages: {first}; {second}. [Report|Give] {what}.{round}

= recipe
[A recipe|A soup recipe|My recipe] for {old} people takes {takes}. For {new} people, {what}?{round}
[I am cooking|I cook|We cook] for {new}, but the recipe is for {old}: {takes}. So {what}?{round}
{takes} for {old} [people|guests]; {what} for {new}?{round}
[My cookbook says|Grandma's recipe says|{name} wrote] {takes} for {old} servings. I [want|need|am making] {new} servings; {what}?{round}
[Can|Could] you scale this from {old} to {new} portions and tell me: {what}? [The list is|It takes] {takes}.{round}
unseen:
{old} guests would need {takes}, [yet|but] {new} are coming. Well, {what}?{round}
Rescale: {takes}, serves {old}. It should serve {new}. [Now|Then] {what}?{round}
With {new} at the table and not {old}, {what}? [For|The amounts for] {old} are {takes}.{round}

= materials
{story} [Tell me|Work out|I want to know|I need to know|Find out] {what}.
[Can|Could|Would] you tell me {what}? {story}
[We are renovating.|I am planning some work at home.|Help me with a shopping list.|A bit of shopping ahead.] {story} I need to know
  {what}.
{story} [Any idea|Do you know|Can you say|Can you work out] {what}?
[Find|Calculate|Figure out|Work out] {what}: {story}
unseen:
I stand in the shop and wonder {what}. [The facts|What I know]: {story}
{story} [Only whole ones can be had|They come whole only], so {what}?
[Please let me know|It would help to hear] {what}. {story}

= home-sizes
{story} [Tell me|Work out|I want to know|I need to know|Find out] {what}.{round}
[Can|Could|Would] you tell me {what}? {story}{round}
[A question about our house.|I am measuring things at home.|We want to be exact.|Something for our new home.] {story} I need to know
  {what}.{round}
{story} [Any idea|Do you know|Can you say|Can you work out] {what}?{round}
[Find|Calculate|Figure out|Work out] {what}: {story}{round}
unseen:
{story} [From that|With these sizes], [determine|state] {what}.{round}
My tape measure tells me this. {story} Now I am after one thing: {what}.{round}
Would you [compute|derive] {what} from this? {story}{round}

= loan
[A loan|A credit|A mortgage] of {amount} at {rate}% a year runs for {years} years, paid back in equal monthly payments. What is
  {what}?{round}
I [borrow|want to borrow|am borrowing] {amount} for {years} years at {rate}% a year, with equal monthly payments. [Tell me|Work out|Find]
  {what}.{round}
[Mortgage|Loan|Credit] {amount}, {rate}% a year, {years} years, equal monthly payments: {what}?{round}
[Calculate|Find|Work out|Tell me] {what} for a loan of {amount} over {years} years (equal payments each month, interest {rate}% a
  year).{round}
[Could|Can] you tell me {what} if {name} takes out {amount} at {rate}% a year and pays it off monthly over {years} years?{round}
unseen:
The bank offers {name} {amount}: {rate}% yearly, {years} years of equal monthly payments. [And|So] {what} would be?{round}
Paying off {amount} in {years} years by the month, always the same sum, at {rate}% a year, [gives|means] what as {what}?{round}
Term {years} years, yearly rate {rate}%, principal {amount}, same payment each month. [Report|State] {what}.{round}

= falling-value
A {thing} [costs|is bought for|is worth] {start} and loses {rate}% of its value every year; {what}?{round}
My {thing} is worth {start}. [Each|Every] year it [loses|drops by] {rate}% of its value. [I want to know|Tell me|So]: {what}?{round}
{thing}, {start} [new|at first|today], minus {rate}% [a|per] year: {what}?{round}
[Could|Can] you tell me about a {thing} of {start} that loses {rate}% of its value each year: {what}?{round}
[Work out|Calculate|Compute] for a {thing} of {start}, with {rate}% of the value gone every year: {what}?{round}
unseen:
The value of a {thing} falls by {rate}% [yearly|annually] from {start}. Then {what}?{round}
Someone sells a {thing} for {start}. If it gets {rate}% cheaper with each year, {what}?{round}
With {rate}% off its value per year and {start} at the start, [tell me,|say:] {what}, this {thing}?{round}

= download-time
How many {unit} does {what} of {size} [take|need] at {speed}? {told}.{round}
[I want to download|I am downloading|We need to download] {what} of {size} and [my|our] line does {speed}. How long is that in {unit}?
  {told}.{round}
{size} at {speed} ({told}): [how many|time in|how long in] {unit}?{round}
{told}. [Work out|Calculate|Find|Tell me] the {unit} for {what} of {size} at {speed}.{round}
[Could|Can] you tell me in {unit} how long a [download|copy|transfer] of {size} takes at {speed}, when {told}?{round}
unseen:
With {speed}, and since {told}, {what} ({size}) is [here|there|done] after how many {unit}?{round}
Line: {speed}. File: {what}, {size}. Note: {told}. [Time|Time needed] in {unit}?{round}

= tip-share
The bill is {bill}. We [leave|add|want to leave] {tip}% as a tip and split it between {people} people. What does each [pay|person
  pay]?{round}
{bill} plus {tip}% tip, {people} people: [how much each|what per person|each pays]?{round}
[Split|Divide] a bill of {bill} with {tip} percent tip among {people} friends. [How much is one share|What is the share of each]?{round}
[{name} and I|We] were out in {city}, {people} of us in all. Dinner was {bill}; we add {tip}% as a tip. [What|How much] does each
  owe?{round}
[Could|Can] you tell me what each of {people} [guests|people] owes for {bill}, with {tip}% added as a tip?{round}
unseen:
Among {people} of us, including {tip}% for the waiter, [what share|how much] of the bill of {bill} falls on me?{round}
Restaurant in {city}: {bill} before the tip, tip {tip}%, heads {people}. [Each pays|Per head]?{round}
{name} wants to be generous with {tip}% on {bill}. Shared evenly by {people}, that is what [each|a head]?{round}

= break-even
I sell {thing}s at {price} each. [Making|Buying] one costs me {cost}, and the [stall|stand|permit] costs {fixed}; {what}?{round}
[Fixed costs|Rent] {fixed}, {cost} to make a {thing}, {price} when sold: {what}?{round}
[A small shop|A school club|A friend of mine] [makes|buys] {thing}s for {cost} each, sells them for {price} and pays {fixed} for the room.
  So {what}?{round}
[Could you tell me|Can you tell me|Here is a question]: {what}? Each {thing} costs {cost} and sells for {price}, and {fixed} went into the
  stand.{round}
[Work out|Calculate|Find]: with {fixed} to pay up front, {thing}s bought at {cost} and sold at {price}, {what}?{round}
unseen:
If every {thing} brings {price} but costs {cost}, and there is {fixed} to pay besides, {what}?{round}
[My plan|The plan]: spend {fixed} on equipment, then {cost} on each {thing}, and charge {price}. Well, {what}?{round}
Selling {thing}s: price {price}, cost {cost}, fixed {fixed}. [Now|Say], {what}?{round}

= dilution
How [much|many {unit} of] water must I add to {amount} with {high}% {what} to get {low}%?{round}
I have {amount} at {high}% {what} and [want|need] {low}%. How many {unit} of water [do I add|go in|must go in]?{round}
{amount} at {high}% {what}, down to {low}% with water: [how many {unit} of it|water in {unit}]?{round}
[Find|Work out|Calculate|I need] the water in {unit} that thins {amount} of {high}% {what} to {low}%.{round}
[Could|Can|Would] you [tell me|work out] how many {unit} of water bring {amount} from {high}% {what} to {low}%?{round}
unseen:
{name} has to [thin|dilute] {amount}, {high}% {what}, until only {low}% is left. [Water needed|How much water,] in {unit}?{round}
To make {low}% {what} out of {amount} at {high}%, [pour in|add] how many {unit} of water?{round}
"""
)
