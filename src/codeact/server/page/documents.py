"""Documents of guests, HTML and SVG, made fit for a frame.

Invariant: nothing is left in them that reaches out: no script, no link of a document (a browser opens connections for those whatever the
policy says), no refresh, no image but those inside. The frame's policy stands behind this. SVG is shown as an image, in which browsers
run and load nothing. It does not: serve them.
"""

import base64
import re

from codeact import errors

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


def of_html(html: str) -> str:
    """A document that holds a guest's HTML.

    Raises:
        MissingExtraError: `nh3` is not installed.
    """
    try:
        import nh3
    except ImportError:
        raise errors.MissingExtraError("nh3", "serve", "the page of a run") from None
    clean = nh3.clean(
        html,
        tags=nh3.ALLOWED_TAGS | set(_DRAWING.split()) | set(_LAYOUT.split()),
        clean_content_tags={"script"},
        attributes={"*": set(_ATTRIBUTES.split()), "a": {"href"}, "img": {"src"}, "use": {"href"}},
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer nofollow",
    )
    return f"<!DOCTYPE html><meta charset=utf-8>\n{clean}"


def of_svg(svg: str) -> str:
    """A document that shows a guest's SVG."""
    inside = base64.b64encode(svg.encode()).decode()
    return f'<!DOCTYPE html><meta charset=utf-8>\n<img alt="drawing" src="data:image/svg+xml;base64,{inside}">'


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """An attribute's value; None where it is left out."""
    if attribute in ("src", "xlink:href") or (attribute == "href" and tag != "a"):
        return value if _INSIDE.fullmatch(value) else None
    return value
