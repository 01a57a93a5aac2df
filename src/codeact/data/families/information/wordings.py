"""Wordings that the families of this domain share.

Invariant: those for training and those that training never sees have no template in common. It does not: fill them in.
"""

ASK = (
    "[What is {thing}?|Tell me {thing}, please.|Find out {thing}.|Find {thing}.][| Use the tools.| The tools know it.]",
    "I [need|want|would like] to know {thing}.[ Please look it up.| Can you look it up?]",
    "[For a quiz|For a report|For my notes], I [need|am looking for] {thing}. [Use the tools to find it|Look it up].",
    "[Please look|Look] up {thing} [in the knowledge base|with the tools] and [answer with that alone|give me only that].",
)
"""Of one value: {thing} is a phrase that begins with an article."""

UNSEEN_ASK = (
    "[Somebody asked me for|A visitor asked for] {thing}. What [do I say|is the right reply]?",
    "[Research task|Question of the day]: {thing}? [Just that, please|Nothing else].",
)


def numbered(*templates: str) -> tuple[str, ...]:
    """Templates that may end by saying that a number is wanted."""
    return tuple(f"{one}[ Answer with the number.| The number is enough.| Use the tools.|]" for one in templates)


def named(*templates: str) -> tuple[str, ...]:
    """Templates that may end by saying that a name is wanted."""
    return tuple(f"{one}[ Answer with the name.| The name is enough.| Use the tools.|]" for one in templates)
