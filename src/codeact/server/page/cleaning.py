"""HTML of a guest made clean of what runs or reaches out, at a bounded price; run as a program, it is the process that pays it.

Invariant: a document takes no more time and memory than it may. What parsing costs can grow with products of what is in it (formatting that
is open times paragraphs, depth times tags, attributes times attributes), and not with its length; so all but the shortest are parsed in a
process of their own, which the kernel ends. It imports the standard library and `nh3` only. It does not: say what is shown instead.
"""

import os
import re
import resource
import subprocess
import sys

SHORT = 4_000
"""Characters up to which no document can cost much, and is cleaned at once."""

_DRAWING = (
    "svg g path rect circle ellipse line polyline polygon text tspan textPath defs linearGradient radialGradient stop clipPath mask marker "
    "pattern symbol use title desc"
)
_LAYOUT = "button col colgroup figure figcaption font footer header input label legend main meter progress section style fieldset"
_ATTRIBUTES = (
    "align alt aria-label bgcolor border cellpadding cellspacing class color cols colspan dir face headers height hspace id "
    "lang nowrap open role rows rowspan scope size span start style summary title type valign value vspace width max min low "
    "high optimum disabled checked viewBox preserveAspectRatio d x y x1 y1 x2 y2 cx cy r rx ry dx dy fx fy points transform "
    "fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-dasharray stroke-dashoffset stroke-linecap stroke- "
    "linejoin stroke-miterlimit opacity offset stop-color stop-opacity gradientUnits gradientTransform spreadMethod clip-path "
    "clip-rule clipPathUnits mask maskUnits markerWidth markerHeight markerUnits marker-start marker-mid marker-end orient "
    "refX refY patternUnits patternTransform text-anchor dominant-baseline alignment-baseline font-family font-size font- "
    "weight font-style letter-spacing rotate textLength xlink:href version "
)
_INSIDE = re.compile(r"#[\w.:-]+|data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
_MOST_MEMORY = 768 * 1024 * 1024
_MOST_SECONDS = 3
_MOST_WAITING = 60.0
_MOST_GROWTH = 4


def clean(html: str) -> str:
    """HTML without what runs or reaches out.

    Raises:
        ImportError: `nh3` is not installed.
    """
    import nh3

    return nh3.clean(
        html,
        tags=nh3.ALLOWED_TAGS | set(_DRAWING.split()) | set(_LAYOUT.split()),
        clean_content_tags={"script"},
        attributes={"*": set(_ATTRIBUTES.split()), "a": {"href"}, "img": {"src"}, "use": {"href"}},
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer nofollow",
    )


def bounded(html: str) -> str | None:
    """As `clean`; None for what takes more than a document may. It waits, and belongs into a thread.

    Raises:
        ImportError: `nh3` is not installed.
    """
    content = html.encode("utf-8", "replace")
    if len(html) <= SHORT:
        return clean(content.decode())
    clean("")  # so that a package that is missing is told here
    command = [sys.executable, "-P", __file__]
    try:
        done = subprocess.run(command, input=content, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=_MOST_WAITING, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """An attribute's value; None where it is left out."""
    if attribute in ("src", "xlink:href") or (attribute == "href" and tag != "a"):
        return value if _INSIDE.fullmatch(value) else None
    return value


def _main() -> None:
    """Clean what comes in, within the limits; a document that grew beyond all measure is none."""
    for what, most in ((resource.RLIMIT_CPU, _MOST_SECONDS), (resource.RLIMIT_AS, _MOST_MEMORY), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))
    html = sys.stdin.buffer.read().decode("utf-8", "replace")
    found = clean(html).encode()
    if len(found) > _MOST_GROWTH * len(html) + 1_000_000:
        os._exit(1)
    sys.stdout.buffer.write(found)


if __name__ == "__main__":
    _main()
