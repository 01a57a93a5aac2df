"""Rich display: what IPython's formatters say about an object, as a MIME bundle that fits on the wire; open figures as PNG.

Invariant: a bundle maps MIME types to text, or to bytes for binary types. It does not choose among the types (the host does) and
imports matplotlib only when the user did.
"""

import base64
import binascii
import io
import json
import os
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from IPython.core.display_functions import publish_display_data
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.getipython import get_ipython
from IPython.core.pylabtools import activate_matplotlib

from .tracebacks import cut

Bundle = dict[str, str | bytes]
Display = Callable[[Bundle], None]

_MOST_BYTES = 16_000_000  # of a type that makes no sense when cut: a page of plotly is 4 MB
_CUTTABLE = ("text/plain", "text/markdown", "text/latex")
INLINE = "module://matplotlib_inline.backend_inline"


class Publisher(DisplayPublisher):
    """Gives what is displayed to the callback of the running action."""

    callback: Display | None = None
    before: Callable[[], None] | None = None
    process = 0

    def arm(self, callback: Display, before: Callable[[], None]) -> None:
        """Take the callback for displays from now on; `before` is called ahead of it, to flush the streams."""
        self.callback, self.before, self.process = callback, before, os.getpid()
        self.lock = threading.RLock()  # a new one: the old may have been held by a thread that a fork did not copy

    def publish(self, data: Mapping[str, Any], metadata: object = None, *_: object, **__: object) -> None:
        """Show a bundle; one of `update_display` is shown again."""
        self.send(to_bundle(data))

    def send(self, bundle: Bundle) -> None:
        """Hand the bundle over; a forked child has no line to the host and prints the text."""
        if not bundle:
            return
        if self.callback is None or self.before is None or os.getpid() != self.process:
            print(bundle.get("text/plain", ""))
            return
        with self.lock:
            self.before()
            self.callback(bundle)

    def _setup_execution_tracking(self) -> None:
        pass

    def clear_output(self, wait: bool = False) -> None:
        """Nothing: what was shown stays in the record."""


class ResultHook(DisplayHook):
    """`sys.displayhook` for what runs through IPython's own `run_cell` (%%capture, %run ...)."""

    def write_output_prompt(self) -> None:
        """No prompt."""

    def write_format_data(self, format_dict: Mapping[str, Any], md_dict: object = None) -> None:
        """Show the result as a display."""
        publish_display_data(dict(format_dict))

    def log_output(self, format_dict: object) -> None:
        """No log: IPython would keep every bundle for good."""

    def cull_cache(self) -> None:
        """Forget the oldest results, without a word."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            super().cull_cache()

    def finish_displayhook(self) -> None:
        """No separator after it."""
        self._is_active = False


def to_bundle(data: Mapping[str, Any]) -> Bundle:
    """Bring a bundle as formatters make them into the shape for the wire; drop what cannot be."""
    bundle: Bundle = {}
    for kind, value in dict(data).items():
        content = _content(str(kind), value)
        if content is None:
            continue
        if isinstance(content, str) and kind in _CUTTABLE:
            content = cut(content)
        elif len(content) > _MOST_BYTES:
            continue
        bundle[str(kind)] = content
    return bundle


def _content(kind: str, value: Any) -> str | bytes | None:
    if value is None:
        return None
    if kind.startswith(("image/", "audio/", "video/", "application/pdf")) and kind != "image/svg+xml":
        return _binary(value)
    if isinstance(value, bytes | bytearray):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, str) and not (kind == "application/json" and not _is_json(value)):
        return _encodable(value)
    try:
        return _encodable(json.dumps(value, ensure_ascii=False, default=str))
    except (TypeError, ValueError, RecursionError):
        return None


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _binary(value: Any) -> bytes | None:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    try:
        return base64.b64decode(value)
    except (TypeError, ValueError, binascii.Error):
        return None


def _encodable(text: str) -> str:
    """Lone surrogates have no UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode()
    return str(text)


def choose_backend() -> None:
    """Make figures inline, whether matplotlib is loaded already or later.

    The backend makes itself known to the interpreter when it is loaded, but not if `use` loads it: that calls it the backend only then.
    """
    os.environ["MPLBACKEND"] = INLINE
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is not None:
        matplotlib.use(INLINE)
        backend, interpreter = sys.modules.get(INLINE.removeprefix("module://")), get_ipython()
        if backend is not None and interpreter is not None:
            activate_matplotlib(INLINE)
            backend.configure_inline_support(interpreter, INLINE)


def open_figures() -> Iterator[Bundle]:
    """Render and close every open figure of pyplot, whatever the backend; nothing if pyplot is not loaded.

    Raises:
        Exception: whatever drawing raises; the figures are closed all the same.
    """
    helpers, pyplot = sys.modules.get("matplotlib._pylab_helpers"), sys.modules.get("matplotlib.pyplot")
    if helpers is None or pyplot is None or not helpers.Gcf.figs:
        return
    try:
        for one in helpers.Gcf.get_all_fig_managers():
            figure = one.canvas.figure
            if figure.axes or figure.lines or figure.texts or figure.images:
                yield to_bundle({"text/plain": repr(figure), "image/png": _png(figure)})
    finally:
        pyplot.close("all")


def close_shown(value: object) -> None:
    """Close the figure that was the action's result, so that it is not shown twice."""
    figure_module = sys.modules.get("matplotlib.figure")
    pyplot = sys.modules.get("matplotlib.pyplot")
    if figure_module is not None and pyplot is not None and isinstance(value, figure_module.Figure):
        pyplot.close(value)


def _png(figure: Any) -> bytes:
    target = io.BytesIO()
    colour = figure.get_facecolor()
    transparent = len(colour) > 3 and colour[3] == 0
    figure.canvas.print_figure(target, format="png", bbox_inches="tight", dpi=figure.dpi, facecolor="white" if transparent else colour)
    return target.getvalue()
