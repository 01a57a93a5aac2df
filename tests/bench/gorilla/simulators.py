"""A simulator of our own, in a package laid out as BFCL's, for the tests of conversations: the package itself need not be installed.

Invariant: it behaves as its descriptions in `sample` say. While it is in place, an installed package is hidden.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PACKAGE = "bfcl_eval"
_FOLDERS = f"{_PACKAGE}/eval_checker/multi_turn_eval/func_source_code"
_CODE = '''
class GorillaFileSystem:
    """Folders in a dictionary."""

    def _load_scenario(self, scenario):
        self.tree = {name: {} for name in scenario.get("root", {})}
        self.here = list(self.tree)[:1]

    def _folder(self):
        folder = self.tree
        for name in self.here:
            folder = folder[name]
        return folder

    def mkdir(self, dir_name):
        if dir_name in self._folder():
            return {"error": f"{dir_name} is there"}
        self._folder()[dir_name] = {}

    def cd(self, folder):
        if not isinstance(self._folder().get(folder), dict):
            return {"error": f"no folder {folder}"}
        self.here.append(folder)
        return {"current_working_directory": folder}

    def touch(self, file_name):
        self._folder()[file_name] = ""

    def pwd(self):
        return {"current_working_directory": "/" + "/".join(self.here)}
'''


@contextmanager
def installed(folder: Path) -> Iterator[None]:
    """Write the package below a folder, and have it found before any other of its name."""
    place = folder
    for name in _FOLDERS.split("/"):
        place = place / name
        place.mkdir()
        (place / "__init__.py").write_text("", encoding="utf-8")
    (place / "gorilla_file_system.py").write_text(_CODE, encoding="utf-8")
    hidden = {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == _PACKAGE}
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.partition(".")[0] == _PACKAGE]:
            del sys.modules[name]
        sys.modules.update(hidden)
