"""Wordings of questions about how short pieces of text are written.

Invariant: {what} is what a kind asks, {it} what it asks it of, and a large first letter stands where a sentence begins. It does not: say
what is asked.
"""

from codeact.data.families.worded import read_wordings

WORDINGS = read_wordings("""
= naming-style
[Convert|Change|Translate] '{it}' [to|into] {what}.
[What is|How do I write] '{it}' in {what}?
'{it}' in {what}?
[I have|My code has|We use] the name '{it}' and [need|want] it in {what}.
[Rewrite|Retype|Now write] '{it}' in {what}[, please].
The [variable|column|field] is called '{it}'. Our style [guide asks for|is] {what}. What [should it be called|is the new name]?
unseen:
'{it}' -> {what}
[In|With] {what}, what would '{it}' look like?
[Somebody|A colleague] named it '{it}', but we use {what}; fix it.

= clean-text
{What}.
[Could you|Can you|Would you] {what}[, please]?
I [need|have|want] to {what}. [What comes out|How does it look then]?
[For my website|For our archive|For an import|As a first step], {what}[, please].
What [do I get|comes out|is the result] if you {what}?
unseen:
Text cleaning: {what}.
[Help me|I was told to] {what}. Show the [outcome|new text].
[The next step is|All that is left is] to {what}.

= hide-part
[Write|Show|Print|Give me] {what}.
[How do I write|What is] {what}?
[Can|Could] you [write|show|give me] {what}?
[For privacy|For a receipt|In our list] I [need|want] {what}.
The [form|letter|page] should [show|have] {what}. What goes there?
unseen:
{What}, [please|thanks].
[Privacy first: we|We] publish {what}. What do readers see?
[Prepare|Produce] {what} for [the file|print].

= character-codes
What is {what} for {it}?
[Tell|Give|Show] me {what} for {it}[, please].
[Find|Work out|Look up] {what} for {it}.
[I have|Here is|Take] {it}. [I need|What is|Find] {what} for it.
[I need|I want|I am looking for] {what} for {it}.
{What} for {it}?
unseen:
{It}: {what}?
[My puzzle|A worksheet] [has|shows] {it} and asks for {what}.
For {it}, [state|report|print] {what}.

= encoded-text
[What is|Can you give me] {what} of {it}?
[Compute|Give me|Show me|Print] {what} of {it}.
{What} of {it}[, please].
[I was sent|I have|Here is] {it}. [I need|Give me|Find] {what} of it.
[A program|A form|My script] needs {what} of {it}. What is it?
unseen:
{It} - [return|tell me] {what} of it.
What does {what} of {it} look like?
[Let me have|I want to see] {what} of {it}.

= spelling-code
{What}.
[Can|Could|Would] you {what}?
[Please|Now] {what}.
[For a scout game|For a puzzle|For class] I [have|need|want] to {what}.
I [am trying|would like] to {what}. [What is the result|What comes out|What do I get]?
How do I {what}? [Only|Just] the result.
unseen:
[My daughter|A friend] [asks|wants] me to {what}; what is the answer?
Task: {what}.
The [quiz|riddle] says: "{What}." Solve it.

= part-of-message
What is {what} in [this message|this note|the text] '{it}'?
[Find|Get|Extract|Pull out] {what} [from|in] '{it}'
[I got|I received|Here is] a [message|note]: '{it}' [Give me|I need] {what} [in|from] it.
'{it}' [Tell|Give] me {what}[, please].
[I need|I want|Can you get me] {what} from the [mail|message] '{it}'
Message: '{it}' {What}?
unseen:
'{it}' - [copy|note down] {what} from that.
[A friend wrote|My inbox has] '{it}' and all I want is {what}.
Search '{it}' for {what}.

= part-of-address
What is {what} of {it}?
[Give|Tell|Show] me {what} of {it}[, please].
[Take|Here is|I have] {it}. [I need|Give me|Find] {what}.
[From|Out of] {it}, [get|extract|cut out] {what}.
My [script|program|log] [shows|has] {it} and I [need|want] {what}.
{it}: {what}?
unseen:
{What} of {it}, [please|thanks].
[Somebody|A colleague] sent {it}; [name|state] {what}.
{it} is given. What is {what} there?

= joined-items
[Take|Look at|Use] {it} and {what}.
{It}: {what}.
[Can|Could] you take {it} and {what}?
[Given|With] {it}, {what}[, please].
[I have|My note says|The cell holds] {it}. [Please|Now] {what}.
[Here is a line|This is the text]: {it}. I [need|want] you to {what}.
unseen:
{What}; the text is {it}.
Starting from {it}, {what}.
[Somebody typed|The export gave] {it}. [Next|Then], {what}.

= written-number
Write {it} {what}.
How [do I|do you|can I] write {it} {what}?
[Show|Give|Print] me {it} {what}[, please].
{It} {what}[, please].
[I have|Take|Here is] {it}. [Write|Print|Show] it {what}.
[For a table|For a form|In a report] I [need|want] {it} {what}.
unseen:
{It} has to [appear|be written] {what}; show it.
{It}, but {what}?
[Format|Type out] {it} {what}.
What [is|would be] {it} {what}?

= record-field
What is {what} in {it}?
[Read|Get|Look up] {what} [in|from] {it}.
[Given|In] {it}, what is {what}?
[Tell|Give] me {what} in {it}.
[I have|An export gave|A server sent] {it}. [I need|Give me|Find] {what}.
[I want|I need] {what} out of {it}.
unseen:
{It} - {what}?
[Parse|Take apart] {it} and [report|return] {what}.
{What} is what I am after; the source is {it}.

= identifier
[Tell me|Find out|Work out] {what}.
[Can|Could] you [tell me|work out|say] {what}?
[I want|I need|I would like] to know {what}.
[I have to find out|I was asked to say|Nobody can tell me] {what}. [What do I say|Can you help]?
[Please|Now] [say|determine] {what}.
unseen:
My question: {what}.
[My boss|A colleague] wants to know {what}.
[Settle|Answer] this: {what}.
Do you know {what}?
""")
