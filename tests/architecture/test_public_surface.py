"""What `import codeact` offers is pinned: names, their homes, and the error tree as its docstring draws it."""

import inspect
from importlib import import_module

import codeact
from codeact import errors


def drawn_tree(text: str) -> dict[str, str]:
    """Class to parent, as a drawing with ``|--`` and four columns a level has it."""
    parents: dict[str, str] = {}
    above: list[str] = []
    for line in text.splitlines():
        branch, mark, rest = line.partition("-- ")
        if mark:
            depth = (len(branch) - 1) // 4
            name = rest.split()[0]
            parents[name] = above[depth - 1]
        elif line.strip() == "CodeactError":
            depth, name = 0, line.strip()
        else:
            continue
        above[depth:] = [name]
    return parents


def real_tree() -> dict[str, str]:
    """Class to parent, of the classes that `errors` defines."""
    classes = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if kind.__module__ == errors.__name__]
    return {kind.__name__: kind.__bases__[0].__name__ for kind in classes if kind is not errors.CodeactError}


def test_every_public_name_can_be_had() -> None:
    assert [name for name in codeact.__all__ if not hasattr(codeact, name)] == []


def test_the_public_names_are_these() -> None:
    assert sorted(codeact.__all__) == [
        "Agent",
        "Client",
        "CodeactError",
        "Limits",
        "Observation",
        "Session",
        "Trajectory",
        "__version__",
        "load",
    ]
    assert dir(codeact) == sorted(codeact.__all__)


def test_the_lazy_table_holds_exactly_the_public_names_and_their_homes_exist() -> None:
    assert {*codeact._HOMES, "__version__"} == set(codeact.__all__)
    assert [name for name, home in codeact._HOMES.items() if getattr(import_module(home), name) is not getattr(codeact, name)] == []


def test_a_name_that_does_not_exist_is_an_attribute_error_that_says_which() -> None:
    try:
        codeact.Agnet  # noqa: B018 - reading it is the test
    except AttributeError as error:
        assert "'Agnet'" in str(error)
    else:
        raise AssertionError("codeact.Agnet exists")


def test_the_error_tree_is_as_drawn() -> None:
    assert drawn_tree(errors.__doc__ or "") == real_tree()


def test_every_error_is_a_codeact_error_with_a_boundary_and_a_docstring() -> None:
    kinds = [getattr(errors, name) for name in real_tree()]
    assert all(issubclass(kind, errors.CodeactError) and kind.boundary and kind.__doc__ for kind in kinds)


def test_a_wrong_drawing_is_noticed() -> None:
    drawing = (errors.__doc__ or "").replace("|   |-- ConfigError ", "|-- ConfigError ")
    assert drawn_tree(drawing)["ConfigError"] == "CodeactError"
    assert drawn_tree(drawing) != real_tree()
