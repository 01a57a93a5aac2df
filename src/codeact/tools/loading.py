"""Tools by name, as a command line or a settings file gives them.

Invariant: what is loaded is the user's own code, and runs on the host with the user's rights; a name that cannot be loaded is an
`InputError` that says what was looked for. It does not: turn what it loads into tools (`function.as_tools` does).
"""

import importlib.util
import pkgutil
import sys
import types
from pathlib import Path
from typing import Any

from codeact.errors import InputError

_FORMS = "give a module (package.module), something in one (package.module:name), or a file (path/tools.py, path/tools.py:name)"


def load(name: str) -> Any:
    """The module, function or object that a name stands for.

    Args:
        name: ``package.module``, ``package.module:name``, ``path/tools.py`` or ``path/tools.py:name``. Modules are looked for in the
            working directory too.

    Raises:
        InputError: there is none, or it raises when it is loaded.
    """
    place, _, inner = name.partition(":")
    if not place.strip():
        raise InputError(f"the name of a tool {name!r} is empty; {_FORMS}")
    thing = _of_file(Path(place)) if place.endswith(".py") else _of_module(place)
    for part in filter(None, inner.split(".")):
        if not hasattr(thing, part):
            raise InputError(f"{place!r} has no {inner!r}; {_FORMS}")
        thing = getattr(thing, part)
    return thing


def _of_module(name: str) -> types.ModuleType:
    here = str(Path.cwd())
    added = here not in sys.path
    if added:
        sys.path.append(here)
    try:
        module = pkgutil.resolve_name(f"{name}:")
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(f"{error.name}.")):
            raise InputError(
                f"there is no module {name!r} for tools (no {error.name!r} is installed or lies in {here!r}); {_FORMS}"
            ) from None
        raise InputError(f"the module {name!r} cannot be loaded: {error}") from error
    except Exception as error:
        raise InputError(f"the module {name!r} cannot be loaded: {type(error).__name__}: {error}") from error
    finally:
        if added:
            sys.path.remove(here)
    return module


def _of_file(path: Path) -> types.ModuleType:
    name = f"codeact_tools_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path.absolute())
    if not path.is_file() or spec is None or spec.loader is None:
        raise InputError(f"there is no file {str(path)!r} for tools; {_FORMS}")
    module = importlib.util.module_from_spec(spec)
    before = sys.modules.get(name)
    sys.modules[name] = module  # annotations and dataclasses look for their module there
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        if before is None:
            del sys.modules[name]
        else:
            sys.modules[name] = before
        raise InputError(f"the file {str(path)!r} cannot be loaded: {type(error).__name__}: {error}") from error
    return module
