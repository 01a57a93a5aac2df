"""Wordings of the chores.

Invariant: each says that the answer is ``done``. It does not: name tools.
"""

_END = "[Answer|Say|Reply] done [at the end|when all is so|after that]."

LAMPS = (
    f"[Switch|Turn] {{state}} all the lamps in these rooms: {{rooms}}. {_END}",
    f"Every lamp in the rooms {{rooms}} [should be|has to be] {{state}}. [Please see to it.|Make it so.] {_END}",
    f"[Go through|Check] the rooms {{rooms}} and [switch|turn] any lamp {{state}} that is not. {_END}",
    f"[I am leaving|It is late]: [see that|make sure that] all lamps in {{rooms}} are {{state}}. {_END}",
)
UNSEEN_LAMPS = (
    "[No lamp|Not one lamp] may be left otherwise than {state} in {rooms}. Report done.",
    "[Lamp round|Evening round] through {rooms}: [leave everything|the lamps are all to be] {state}. Finish with the word done.",
)
PLANTS = (
    f"[Water|Please water] every plant whose soil is below {{bound}} percent, with {{amount}} ml each. {_END}",
    f"[Give|Please give] {{amount}} ml of water to each plant that is drier than {{bound}} percent, and none to the others. {_END}",
    f"[Check|Look at] all plants. Those below {{bound}} percent [get|are given] {{amount}} ml of water. {_END}",
    f"Plants [need|want] {{amount}} ml when their soil is under {{bound}} percent. [Look after mine.|Take care of them.] {_END}",
)
UNSEEN_PLANTS = (
    "[Gardener's rule|House rule]: less than {bound} percent, then {amount} ml. [Apply it to|Follow it for] the plants here. Report done.",
    "[While I am away|On my behalf], keep the plants alive: {amount} ml for whichever shows under {bound} percent. "
    "Finish with the word done.",
)
DOORS = (
    f"[Lock|Please lock] everything in the {{house}} that is not locked yet. {_END}",
    f"[Check|Go through] all doors and windows of the {{house}} and lock [those that are not|what is not locked]. {_END}",
    f"[Before we leave|Before the night], [all entries|all doors and windows] of the {{house}} must be locked. {_END}",
    f"[Is the {{house}} locked?|I have just left the {{house}}.] Lock whatever is not. {_END}",
)
UNSEEN_DOORS = (
    "[Nobody|No burglar] should be able to get into the {house}: secure [each opening|every opening] that stands unlocked. Report done.",
    "[Night watch|Closing time], {house}. What is unlocked gets locked[, the rest stays as it is]. Finish with the word done.",
)
HEATING = (
    f"[Bring|Get] these rooms to {{wish}} degrees: {{rooms}}. {_END}",
    f"It should be {{wish}} degrees in [the rooms|all of] {{rooms}}. [Please see to it.|Change what has to be changed.] {_END}",
    f"[Read|Look at] the temperatures of {{rooms}} and change each to {{wish}} degrees. {_END}",
    f"[Guests are coming|My aunt is coming]: [I want|I would like] {{wish}} degrees in {{rooms}}. {_END}",
)
UNSEEN_HEATING = (
    "[Comfort|Agreed] is {wish} degrees. [Too warm or too cold|As they are now], {rooms} need to be put right. Report done.",
    "{rooms}: [level them all|even them out] at {wish} degrees. Finish with the word [done|done, please].",
)
