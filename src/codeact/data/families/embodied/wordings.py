"""Wordings of the errands.

Invariant: each names the places that may have to be searched, and says that the answer is ``done``. It does not: tell where things are.
"""

_END = "[Answer|Say|Reply] done [when it is there|at the end|when you have finished]."
_WHERE = "[Places to look: {places}.|It is in or on one of these: {places}.|Search here: {places}.]"

BRING = (
    f"[Put|Place] the {{thing}} {{to}}. {_WHERE} {_END}",
    f"[I would like|I want] the {{thing}} {{to}}. {_WHERE} {_END}",
    f"[Find|Look for] the {{thing}} and put it {{to}}. {_WHERE} {_END}",
    f"The {{thing}} [belongs|should be] {{to}}. [Take it there.|Bring it there.] {_WHERE} {_END}",
)
UNSEEN_BRING = (
    "Somewhere in {places} lies the {thing}; [move it so that it ends up|it has to end up] {to}. [Report done.|Tell me done after that.]",
    "[Tidy up|Clear up]: the {thing} goes {to}. [Unsearched so far|To be searched]: {places}. Finish with the word done.",
)
TREAT = (
    f"[{{Verb}} the {{thing}} at the {{machine}}|Using the {{machine}}, {{verb}} the {{thing}}] and put it {{to}}. {_WHERE} {_END}",
    f"[Put|Place] a {{state}} {{thing}} {{to}}; the {{machine}} [makes it {{state}}|is for that]. {_WHERE} {_END}",
    f"[Find|Look for] the {{thing}}, {{verb}} it at the {{machine}}, then put it {{to}}. {_WHERE} {_END}",
    f"The {{thing}} should be {{state}} and {{to}}. [Use the {{machine}}.|The {{machine}} can {{verb}} it.] {_WHERE} {_END}",
)
UNSEEN_TREAT = (
    "Somewhere in {places} lies the {thing}. [First {verb}|Before anything else, {verb}] it at the {machine}; [then|after that] "
    "it goes {to}. Report done.",
    "[Wanted|Needed] {to}: the {thing}, {state} from the {machine}. [Unsearched so far|To be searched]: {places}. Finish with done.",
)
LAMP = (
    f"[Look at|Examine] the {{thing}} under the {{lamp}}, switched on. {_WHERE} {_END}",
    f"[Find|Look for] the {{thing}}, [carry|take] it to the {{lamp}} and switch that on. {_WHERE} {_END}",
    f"[I want to see|Show me] the {{thing}} in the light of the {{lamp}}. {_WHERE} {_END}",
    f"[Hold the {{thing}} under the {{lamp}} and|With the {{thing}} in hand, go to the {{lamp}} and] turn the light on. {_WHERE} {_END}",
)
UNSEEN_LAMP = (
    "Somewhere in {places} lies the {thing}; [inspect|study] it by the {lamp}, [which must be lit|which has to be on]. Report done.",
    "[Bring light on|Shed light on] the {thing} with the {lamp}. [Unsearched so far|To be searched]: {places}. Finish with the word done.",
)

_PAIR = _WHERE.replace("It is", "They are")
TWO = (
    f"[Put|Place] the {{one}} and the {{other}} {{to}}. {_PAIR} [Answer|Say|Reply] done [at the end|when you have finished].",
    f"[Bring|Find] the {{one}} and the {{other}}: both [belong|should be] {{to}}. {_PAIR} Then answer done.",
    f"[I would like|I want] two things {{to}}: the {{one}} and the {{other}}. {_PAIR} [Say|Reply] done at the end.",
    f"The {{one}} [has to go|must go] {{to}}, and the {{other}} too. {_PAIR} Answer done then.",
)
UNSEEN_TWO = (
    "[Hidden among|Scattered over] {places} are the {one} and the {other}; [reunite them|bring them together] {to}. Report done.",
    "[Collect|Gather] what I need {to}: {one}, {other}. [Unsearched so far|To be searched]: {places}. Finish with the word done.",
)
