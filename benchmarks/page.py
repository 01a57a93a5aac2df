"""The page of `codeact serve` in a real chromium: how fast it loads, what a long run costs, how smoothly it shows what is being written.

    python benchmarks/page.py [--part loading|long|streaming] [--loads 15] [--json FILE]

`loading`: the first page and the page of a short run, each load in a browser's context of its own (a cold cache), from a server on
loopback; medians. *Usable* (time to interactive): the scripts have put the focus into the field, on a run's page its blocks are there;
*content*: what was fetched first is painted, by the second frame after it came; *whole*: all of it. `long`: a run of 300 turns with 5 MB
of output is opened, scrolled up to its beginning by a fixed step a frame, and, when all of it is there, down again. `streaming`: a model
writes 200 tokens a second for 20 s, thought and then code, which then prints 200 lines a second for 10 s; the lag of a token is the time
from its being sent to the first frame that shows it.

A server in a process of its own, the browser and this script share the processors. It prints what was aimed at and missed, and fails on
nothing but an error.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession, Page, ViewportSize, async_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from paced_model import LINES_A_SECOND, PRINTING_SECONDS, TOKENS_A_SECOND, WRITING_SECONDS, Paced
from plain_http import Plain
from processes import load, pss, resident

from server.killing import Server

PROBE = Path(__file__).with_name("page_probe.js")
VIEWPORT: ViewportSize = {"width": 1280, "height": 860}
MB = 2**20
PAINT = (
    "new Promise((done) => { const look = () => { const [paint] = performance.getEntriesByName('first-contentful-paint');"
    " paint ? done(paint.startTime) : setTimeout(look, 20); }; look(); })"
)
SLOW_FRAME = 50.0
"""Milliseconds."""
SMOOTH = {f"frames over {SLOW_FRAME:g} ms": 0.0, "long tasks": 0.0, "layout shifts": 0.0, "lag p95, ms": 100.0}
"""What is aimed at while something is written."""

SHORT = [
    "I **add** two numbers.\n<execute>\nprint(sum(range(10)))\n{'sum': 45, 'of': list(range(10))}\n</execute>",
    "<execute>\nfor number in range(40):\n    print('line', number)\n1 / 0\n</execute>",
    "<solution>It is *45*.</solution>",
]

Figures = dict[str, float]


def noted(name: str) -> str:
    """What waits until the page has noted a time."""
    return f"new Promise((done) => {{ const look = () => (probe.{name} > 0 ? done() : setTimeout(look, 20)); look(); }})"


WHOLE, SHOWN = noted("whole"), noted("shown")


@dataclass(slots=True)
class Found:
    """What is measured, by part and name; `aims` are those that were missed."""

    parts: dict[str, Figures] = field(default_factory=dict)
    aims: list[str] = field(default_factory=list)

    def note(self, part: str, figures: Figures, aims: Figures) -> None:
        """Keep figures, print them, and compare them with what they are to be below."""
        self.parts[part] = figures
        print(f"\n{part}", *(f"  {name}: {value:,.4g}" for name, value in figures.items()), sep="\n", flush=True)
        self.aims += [f"{part}: {name} is {figures[name]:,.4g}, aimed at {most:g}" for name, most in aims.items() if figures[name] > most]


@dataclass(slots=True)
class Traffic:
    """What a page asks for and is sent: requests, bytes over the wire with their headers, and answers that are sent as they are.

    Args:
        requests: that were made, also those that the browser's cache answered.
        cached: those among them.
        sent: bytes over the wire.
        plain: addresses of answers over 1 KB that are not compressed.
        fleeting: addresses of scripts and style sheets that a browser may not keep.
    """

    requests: int = 0
    cached: int = 0
    sent: int = 0
    plain: set[str] = field(default_factory=set)
    fleeting: set[str] = field(default_factory=set)

    async def watch(self, session: CDPSession) -> None:
        """Note what a page does from now on."""
        answers: dict[str, dict[str, Any]] = {}
        remembered: set[str] = set()

        def asked(told: dict[str, Any]) -> None:
            self.requests += not told["request"]["url"].startswith("data:")

        def kept(told: dict[str, Any]) -> None:
            remembered.add(told["requestId"])
            self.cached += 1

        def answered(told: dict[str, Any]) -> None:
            answers[told["requestId"]] = told["response"]
            self.cached += bool(told["response"].get("fromDiskCache")) and told["requestId"] not in remembered
            headers = {name.lower(): value for name, value in told["response"]["headers"].items()}
            if told["type"] in ("Script", "Stylesheet") and "immutable" not in headers.get("cache-control", ""):
                self.fleeting.add(told["response"]["url"])

        def ended(told: dict[str, Any]) -> None:
            self.sent += int(told["encodedDataLength"])
            answer = answers.get(told["requestId"], {"url": "data:", "headers": {}})
            packed = any(name.lower() == "content-encoding" for name in answer["headers"])
            if not packed and told["encodedDataLength"] > 1024 and not answer["url"].startswith("data:"):
                self.plain.add(answer["url"])

        session.on("Network.requestWillBeSent", asked)
        session.on("Network.requestServedFromCache", kept)
        session.on("Network.responseReceived", answered)
        session.on("Network.loadingFinished", ended)
        await session.send("Network.enable")


def long_turns() -> list[str]:
    """300 turns with 5 MB of output: logs, and tables, trees, errors and Markdown among them."""
    line = "print(f'{n:5} {n * 7919 % 1000:4} ' + 'GET /orders/%d 200 in %d ms; cache hit, 3 rows, no warnings' % (n * 31 % 9999, n % 90))"
    log = f"for n in range(260):\n    {line}"
    others = {
        1: "import pandas as pd\npd.DataFrame({f'column {c}': [c * r for r in range(60)] for c in range(8)})",
        3: "[{'order': n, 'items': ['apple', 'pear'], 'paid': n % 2 == 0} for n in range(30)]",
        5: "def total(rows):\n    return sum(rows) / len(missing)\n\ntotal([1, 2, 3])",
    }
    turns = []
    for number in range(300):
        begin = f"# step {number}\nrows = list(range({number}, {number + 20}))\nprint('rows', len(rows))"
        code = f"{begin}\n{log}\n{others.get(number % 10, 'len(rows)')}"
        turns.append(f"Step **{number}**: I read the log of that hour, then what *stands out* in `rows`.\n<execute>\n{code}\n</execute>")
    return [*turns, "<solution>All 300 hours were **read**.</solution>"]


@contextlib.asynccontextmanager
async def served(turns: Sequence[str], *more: str) -> AsyncIterator[Server]:
    """A server in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        server = Server(Path(name), f"sqlite:///{name}/runs.db", turns, *more)
        await server.start()
        await server.wait_ready()
        try:
            yield server
        finally:
            await server.kill()


async def done(url: str, **asked: Any) -> str:
    """Have a run done; its id.

    Raises:
        RuntimeError: it ended otherwise than with an answer.
    """
    http = Plain(url)
    status, run = await http.ask("POST", "/api/v1/runs", {"task": "What is in the log?", **asked})
    if status != 201:
        raise RuntimeError(f"a run is answered with {status}: {run}")
    while run["live"]:
        await asyncio.sleep(0.2)
        _, run = await http.ask("GET", f"/api/v1/runs/{run['id']}")
    http.close()
    if run["state"] != "answered":
        raise RuntimeError(f"the run ended as {run['state']}: {run['reason']}")
    return run["id"]


async def opened(context: BrowserContext) -> tuple[Page, CDPSession]:
    """A tab that notes what it does, and the line to its browser."""
    page = await context.new_page()
    page.on("pageerror", lambda error: print(f"error on the page: {error}", file=sys.stderr))
    await page.add_init_script(path=PROBE)
    return page, await context.new_cdp_session(page)


async def loaded(browser: Browser, url: str) -> tuple[Figures, Traffic]:
    """One load with a cold cache, and the bytes of a second one with a warm one."""
    context = await browser.new_context(viewport=VIEWPORT)
    page, session = await opened(context)
    traffic = Traffic()
    await traffic.watch(session)
    await page.goto(url)
    await page.evaluate(WHOLE)
    paint = await page.evaluate(PAINT)  # it is told of a little later
    times = await page.evaluate(
        "() => [performance.getEntriesByType('navigation')[0].responseStart, probe.usable, probe.shown, probe.whole,"
        " probe.shifts.reduce((sum, [, value]) => sum + value, 0)]"
    )
    sent, requests = traffic.sent, traffic.requests
    await page.reload()
    await page.evaluate(WHOLE)
    names = ("answered, ms", "usable, ms", "content, ms", "whole, ms", "layout shifts")
    figures = {"first paint, ms": paint, **{name: float(value or 0) for name, value in zip(names, times, strict=True)}}
    again = {"KB again": (traffic.sent - sent) / 1000, "requests again": float(traffic.requests - requests - traffic.cached)}
    await context.close()
    return {**figures, "KB": sent / 1000, "requests": float(requests), **again}, traffic


async def bare(browser: Browser, url: str) -> float:
    """Milliseconds until a line of text is painted: what the browser itself takes."""
    context = await browser.new_context(viewport=VIEWPORT)
    page = await context.new_page()
    await page.goto(url)
    took = await page.evaluate(PAINT)
    await context.close()
    return took


async def loading(browser: Browser, given: argparse.Namespace, found: Found) -> None:
    """The first page, and the page of a short run."""
    async with served(SHORT) as server:
        run = await done(server.url)
        paints = [await bare(browser, f"{server.url}/health") for _ in range(given.loads)]
        found.note("loading: a line of text, for comparison", {"first paint, ms": statistics.median(paints)}, {})
        for name, url in (("first page", f"{server.url}/"), ("page of a run", f"{server.url}/runs/{run}")):
            await loaded(browser, url)
            loads = [await loaded(browser, url) for _ in range(given.loads)]
            figures = {key: statistics.median(each[key] for each, _ in loads) for key in loads[0][0]}
            aims = {"KB": 150.0, "requests": 15.0, "usable, ms": 300.0, "layout shifts": 0.0}
            found.note(f"loading: {name}, median of {given.loads}", figures, aims)
            traffic = loads[-1][1]
            for fault, addresses in (("not compressed", traffic.plain), ("not kept by the browser", traffic.fleeting)):
                shown = sorted({address.removeprefix(server.url).partition("?")[0] for address in addresses})
                print(f"  {fault}: {', '.join(shown) or 'none'}")


async def renderer(browser: Browser) -> int:
    """The process of the tab: of those that show pages, the one that uses the most."""
    session = await browser.new_browser_cdp_session()
    told = await session.send("SystemInfo.getProcessInfo")
    return max((one["id"] for one in told["processInfo"] if one["type"] == "renderer"), key=resident)


def frames(shown: Sequence[Sequence[float]]) -> Figures:
    """How evenly frames came."""
    gaps = [after[0] - before[0] for before, after in itertools.pairwise(shown)]
    due = sum(gaps) / (1000 / 60)
    return {
        "frames": float(len(gaps)),
        "dropped frames, %": 100 * max(0.0, 1 - len(gaps) / due),
        f"frames over {SLOW_FRAME:g} ms": float(sum(gap > SLOW_FRAME for gap in gaps)),
        "longest frame, ms": max(gaps),
    }


def strains(tasks: Sequence[Sequence[float]], shifts: Sequence[Sequence[Any]]) -> Figures:
    """Long tasks, and what moved by itself."""
    lengths = [length for _, length in tasks]
    return {
        "long tasks": float(len(lengths)),
        "longest task, ms": max(lengths, default=0.0),
        "layout shifts": sum(one[1] for one in shifts),
    }


async def long_run(browser: Browser, given: argparse.Namespace, found: Found) -> None:
    """A run of 300 turns with 5 MB of output."""
    async with served(long_turns(), "--max-turns", "400") as server:
        begun = time.monotonic()
        run = await done(server.url)
        _, told = await Plain(server.url).ask("GET", f"/api/v1/runs/{run}/events?limit=1000")
        output = sum(event.get("output_bytes", 0) for event in told["events"])
        print(f"\n300 turns done in {time.monotonic() - begun:.1f} s", flush=True)
        context = await browser.new_context(viewport=VIEWPORT)
        await loaded(browser, f"{server.url}/")  # a browser's first page takes its time
        page, session = await opened(context)
        traffic = Traffic()
        await traffic.watch(session)
        await session.send("Performance.enable")
        await page.goto(f"{server.url}/runs/{run}")
        await page.evaluate(SHOWN)
        paint = await page.evaluate(PAINT)
        figures: Figures = {"output, MB": output / 1e6, "MB sent": traffic.sent / 1e6, "first paint, ms": paint}
        figures["content, ms"] = await page.evaluate("probe.shown")
        await asyncio.sleep(given.rest)
        figures["longest task, ms"] = max((length for _, length in await page.evaluate("probe.tasks")), default=0.0)
        figures |= await footprint(browser, session)
        found.note("long run: opened", figures, {"first paint, ms": 300.0, "content, ms": 500.0})
        height = await page.evaluate(f"probe.climb({given.step})")
        await scrolled(page, found, f"long run: scrolled up to its beginning, {given.step} pixels a frame", height)
        await page.reload()
        await page.evaluate(SHOWN)
        begun = time.perf_counter()
        await page.click("#all-earlier")
        await page.evaluate(WHOLE)
        found.note("long run: all of it", {"whole, ms": 1000 * (time.perf_counter() - begun)}, {"whole, ms": 2000.0})
        height = await page.evaluate(f"probe.scroll({given.step})")
        await scrolled(page, found, f"long run: scrolled down all of it, {given.step} pixels a frame", height)
        figures = {
            "jump to the top, ms": await page.evaluate("probe.jump(0)"),
            "jump to the end, ms": await page.evaluate("probe.jump(1e9)"),
        }
        found.note("long run: at its end", {**figures, **await footprint(browser, session)}, {})
        await context.close()


async def scrolled(page: Page, found: Found, name: str, height: float) -> None:
    """Note how smoothly the page was scrolled."""
    shown, tasks, shifts = await page.evaluate("[probe.frames, probe.tasks, probe.shifts]")
    aims = {"dropped frames, %": 5.0, f"frames over {SLOW_FRAME:g} ms": 0.0, "layout shifts": 0.0}
    found.note(name, {"height, pixels": height, **frames(shown), **strains(tasks, shifts)}, aims)


async def footprint(browser: Browser, session: CDPSession) -> Figures:
    """What a tab holds."""
    await session.send("HeapProfiler.collectGarbage")
    told = {one["name"]: one["value"] for one in (await session.send("Performance.getMetrics"))["metrics"]}
    pid = await renderer(browser)
    memory = {
        "JS heap, MB": told["JSHeapUsedSize"] / MB,
        "tab's process, MB resident": resident(pid) / MB,
        "and its own share, MB": pss([pid]) / MB,
    }
    return {**memory, "nodes of the DOM": told["Nodes"]}


async def streaming(browser: Browser, given: argparse.Namespace, found: Found) -> None:
    """A model that writes, and code that prints."""
    paced = Paced()
    async with served(SHORT, "--model", "openai:paced", "--base-url", await paced.start()) as server:
        context = await browser.new_context(viewport=VIEWPORT)
        page, _ = await opened(context)
        await page.goto(server.url)
        await page.evaluate(WHOLE)
        await page.wait_for_selector("#model option", state="attached")
        await page.select_option("#model", "openai:paced")
        await page.fill("#words", "Write a lot.")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/runs/run-*")
        await page.evaluate("probe.watch()")
        await page.locator(".ended").wait_for(timeout=1000 * (WRITING_SECONDS + PRINTING_SECONDS + 30))
        shown, tasks, shifts = await page.evaluate("(probe.stop(), [probe.frames, probe.tasks, probe.shifts])")
        await context.close()
    pace = f"streaming: {TOKENS_A_SECOND} tokens a second for {WRITING_SECONDS} s"
    printed = next(place for place, one in enumerate(shown) if one[3])
    figures = phase([one for one in shown[:printed] if one[2]], token_lags(shown, paced.sent), tasks, shifts)
    found.note(pace, figures, SMOOTH)
    pace = f"streaming: {LINES_A_SECOND} lines a second for {PRINTING_SECONDS} s"
    found.note(pace, phase([one for one in shown if one[3]], line_lags(shown), tasks, shifts), SMOOTH)
    for _, value, names in shifts:
        print(f"  a shift of {value:.4f}: {names}")


def token_lags(shown: Sequence[Sequence[float]], sent: Sequence[float]) -> list[float]:
    """Milliseconds from the sending of each token to the first frame that shows it."""
    lags: list[float] = []
    for _, clock, token, _ in shown:
        lags += [clock - 1000 * when for when in sent[len(lags) : int(token)]]
    return lags


def line_lags(shown: Sequence[Sequence[float]]) -> list[float]:
    """Milliseconds from the printing of the newest line of a frame to that frame."""
    first = {line: clock for _, clock, _, line in reversed(shown) if line}
    return [clock - 1000 * line for line, clock in first.items()]


def phase(
    shown: Sequence[Sequence[float]], lags: list[float], tasks: Sequence[Sequence[float]], shifts: Sequence[Sequence[Any]]
) -> Figures:
    """The figures of a part of the stream."""
    begun, ended = shown[0][0], shown[-1][0]
    within = [[one for one in noted if begun <= one[0] <= ended] for noted in (tasks, shifts)]
    cuts = statistics.quantiles(lags, n=100, method="inclusive")
    figures = {"seconds": (ended - begun) / 1000, **frames(shown), **strains(*within)}
    return figures | {"told": float(len(lags)), "lag p50, ms": cuts[49], "lag p95, ms": cuts[94], "lag at most, ms": max(lags)}


async def measured(given: argparse.Namespace) -> Found:
    """Measure the parts that are asked for."""
    found = Found()
    parts = {"loading": loading, "long": long_run, "streaming": streaming}
    async with async_playwright() as playwright:
        for name in given.part or parts:
            browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            print(f"{name}: chromium {browser.version}, headless; {platform.machine()}, {load()}", flush=True)
            await parts[name](browser, given, found)
            await browser.close()
    return found


def main() -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--part", action="append", choices=["loading", "long", "streaming"], help="repeatable; all of them if none is named"
    )
    parser.add_argument("--loads", type=int, default=15, help="of each page")
    parser.add_argument("--step", type=int, default=400, help="pixels a frame while the long run is scrolled")
    parser.add_argument("--rest", type=float, default=8, help="seconds between the opening of the long run and its scrolling")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    given = parser.parse_args()
    found = asyncio.run(measured(given))
    print("\nmissed:", *(found.aims or ["nothing that was aimed at"]), sep="\n  ")
    if given.json:
        given.json.write_text(json.dumps({"parts": found.parts, "missed": found.aims}, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
