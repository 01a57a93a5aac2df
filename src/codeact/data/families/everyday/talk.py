"""Plain conversation: what is said without code.

Invariant: an answer is right if it is a short and friendly sentence of the kind that was asked for. It does not: have facts in it, which
would be guessed.
"""

import random
from collections.abc import Callable

from codeact.bench.policies import CodePolicy
from codeact.data.families.wordlists import CITIES, FOODS, PEOPLE
from codeact.data.family import Family, Instance
from codeact.data.phrasing import Phrase

_SENTENCE = r"[^<>=()\n]{0,160}"


def _holding(*words: str) -> str:
    """An expression of short sentences with one of some words, in either case."""
    return rf"(?i){_SENTENCE}\b({'|'.join(words)})\b{_SENTENCE}"


def _saying(*answers: str, words: tuple[str, ...]) -> Callable[[random.Random, Phrase], Instance]:
    def make(chance: random.Random, phrase: Phrase) -> Instance:
        name, food, city = chance.choice(PEOPLE), chance.choice(FOODS), chance.choice(CITIES)
        said = chance.choice(answers).format(name=name)

        def policy() -> CodePolicy:
            return said
            yield  # nothing is run

        return Instance(phrase(name=name, food=food, city=city), _holding(*words), policy, check="regex")

    return make


FAMILIES = (
    Family(
        "everyday/greeting",
        "everyday",
        _saying(
            "Hello! How can I help you?",
            "Hello! What can I do for you?",
            "Hi! What would you like me to do?",
            words=("hello", "hi", "hey", "good (morning|day|evening|afternoon)", "welcome", "greetings"),
        ),
        phrasings=(
            "[Hello|Hi|Hey|Good morning|Good evening|Good day][, I am {name}| there| from {city}|, how are you?|, {name} here][.|!]",
            "[Hello|Hi|Hey] [assistant|computer|you]! [Are you there?|Can you hear me?|Is anybody there?|I am {name}.]",
            "[Good morning|Good evening|Good afternoon] from {city}[!|.| - this is {name}.]",
            "[Hello|Hi], my name is {name}[.|!| and I live in {city}.| and I like {food}s.]",
        ),
        unseen_phrasings=(
            "[Greetings|Hey ho|Hi hi], {name} speaking[.|!]",
            "[A good day|A fine morning] to you[!|, says {name}.| from {city}.]",
        ),
        weight=0.35,
    ),
    Family(
        "everyday/thanks",
        "everyday",
        _saying(
            "You are welcome!",
            "You are welcome. I am glad to help.",
            "Glad to help!",
            words=("welcome", "glad", "pleasure", "happy to help", "any ?time", "no problem"),
        ),
        phrasings=(
            "[Thanks|Thank you|Many thanks][.|!| for your help.| a lot!| so much, {name} will like it.]",
            "[That was helpful|That helps|Good work|Well done|Great], [thanks|thank you][.|!]",
            "[Perfect|Excellent|Lovely], [thanks|thank you] [for that|for all of it|from {name} too|from us in {city}].",
            "[I am grateful|I wanted to thank you] [for your help|for the good answer|for what you did for {name}].",
        ),
        unseen_phrasings=(
            "[Cheers|Much obliged], [that did it|you saved my day|{name} and I are happy]!",
            "[Thanks again|A big thank you][, machine| from {city}| from {name}].",
        ),
        weight=0.3,
    ),
    Family(
        "everyday/who-are-you",
        "everyday",
        _saying(
            "I am an assistant that solves tasks by running Python code.",
            "I am an assistant. I write Python code and run it to solve your tasks.",
            "I am an assistant: I can run Python code to compute things, read files and use tools.",
            words=("assistant", "agent", "program", "model", "help", "python"),
        ),
        phrasings=(
            "[Who are you|What are you|What is your name|What do you do][?| exactly?| really, asks {name}.]",
            "[What can you do|How can you help me|What are you good at|What are your skills][?| for {name}?| for people in {city}?]",
            "[Tell me|Say] [who you are|what you are|what you can do|something about yourself].",
            "[Are you|Am I talking to] a [human|person|robot|machine|program]?",
        ),
        unseen_phrasings=(
            "[Introduce|Describe] yourself[, please|, says {name}|].",
            "[What sort of thing|What kind of helper] are you[?| then?]",
        ),
        weight=0.3,
    ),
    Family(
        "everyday/small-talk",
        "everyday",
        _saying(
            "I am doing well, thank you! How can I help you?",
            "That is nice to hear! Is there a task that I can help with?",
            "Thank you for telling me! What can I do for you?",
            words=("thank", "thanks", "nice", "well", "good", "great", "help", "do for you", "sorry", "enjoy"),
        ),
        phrasings=(
            "[How are you|How are you doing|How do you feel|Are you well][?| today?| this morning?]",
            "I [had|ate|made] a [good|nice|lovely|huge] {food} [today|this morning|for lunch|with {name}].",
            "[I am|We are|{name} is] on holiday in {city}[.|!| and it is lovely.]",
            "[It is a lovely day|The sun is shining|It is raining|It snows] in {city}[.|!| today.]",
            "I [like|love] [talking to you|chatting with you|your way of working|your style].",
        ),
        unseen_phrasings=(
            "[What's up|How is it going|How goes it][?|, friend?]",
            "{name} and I [went to {city}|shared a {food}] [yesterday|last week].",
        ),
        weight=0.3,
    ),
    Family(
        "everyday/farewell",
        "everyday",
        _saying(
            "Goodbye! Have a nice day.",
            "Goodbye, and see you soon!",
            "Bye! Come back any time.",
            words=("goodbye", "bye", "see you", "farewell", "good night", "take care"),
        ),
        phrasings=(
            "[Goodbye|Bye|Bye bye|See you|See you later][.|!|, I am off to {city}.|, says {name}.]",
            "[I have to go|I must leave|That is all] [now|for today|for now][.|, goodbye!|, see you tomorrow.]",
            "[Good night|Have a good evening|Have a nice weekend][!|.|, {name} and I are leaving.]",
            "[We are done|I am done|No more questions] [for today|for now|today][. Bye!|, see you.]",
        ),
        unseen_phrasings=("[So long|Until next time|Farewell][!|, {name} says.]", "[I'm off|Time to go], [bye|see you]."),
        weight=0.2,
        held_out=True,
    ),
)
