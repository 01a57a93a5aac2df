import re
_OPTIONS = re.compile(r"(?:\A|,)\s*([A-Z]) \) ")
def options_of(prompt: str) -> dict[str, str]:
    """The options of a question of mmlu, by their letters in lower case; empty if it has none."""
    _, found, text = prompt.rpartition("Options:")
    parts = _OPTIONS.split(text)[1:] if found else []
    return {letter.lower(): option.strip() for letter, option in zip(parts[::2], parts[1::2], strict=True)}
