"""Files on the page: what a turn did to them, what they hold, PDF files in the browser's own viewer, branches that begin with some."""

import asyncio
import base64
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from page.browsing import Visit, act, answer, drop
from server.hostile.wire import head, line
from server.serving import Served, script

pytestmark = pytest.mark.asyncio(loop_scope="module")

FRAME = re.compile(r'<iframe [^>]*src="([^"]+)"')
RED = """async (source) => {
  const image = new Image();
  image.src = `data:image/png;base64,${source}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  let red = 0;
  for (let at = 0; at < data.length; at += 4) red += data[at] > 200 && data[at + 1] < 60 && data[at + 2] < 60;
  return red;
}"""
"""Counts the red points of a picture."""


def pdf(catalog: str = "") -> bytes:
    """A page with a red square on it."""
    drawn = "1 0 0 rg 50 50 200 200 re f"
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
    ]
    parts, places = ["%PDF-1.7\n"], []
    for number, content in enumerate(objects, 1):
        places.append(sum(map(len, parts)))
        parts.append(f"{number} 0 obj\n{content}\nendobj\n")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(objects) + 1} /Root 1 0 R >>\n"
    return "".join([*parts, end, f"startxref\n{sum(map(len, parts))}\n%%EOF\n"]).encode()


def writing(**files: bytes) -> str:
    """Code that writes files; a name's last underscore is its dot."""
    named = {".".join(name.rsplit("_", 1)): content for name, content in files.items()}
    return f"import pathlib\nfor name, content in {named!r}.items():\n    pathlib.Path(name).write_bytes(content)"


async def ran(up: Served, folder: Path, turns: Sequence[str]) -> str:
    """The id of a run that did this, and is over."""
    script(folder, turns)
    run = await up.run()
    assert (await up.ended(run["id"]))["state"] == "answered"
    return run["id"]


async def shows_red(shown: Locator) -> None:
    """Wait until it shows what is on the page of `pdf`."""
    await expect(shown).to_be_visible()
    red = 0
    for _ in range(100):
        red = await shown.page.evaluate(RED, base64.b64encode(await shown.screenshot()).decode())
        if red > 1000:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"only {red} points are red")


async def test_only_what_holds_a_pdf_has_an_address_for_a_frame_whatever_it_is_called(up: Served, folder: Path) -> None:
    html = b"<script>alert(1)</script>"
    run = await ran(up, folder, [act(writing(a_pdf=pdf(), report=pdf(), page_pdf=html, both_pdf=b"%PDF-1.7\n" + html)), answer("made")])
    shown = {name: (await up.http.get(f"/page/runs/{run}/preview/{name}")).text for name in ("a.pdf", "report", "page.pdf", "both.pdf")}
    assert "iframe" not in shown["page.pdf"] and "&lt;script&gt;" in shown["page.pdf"]
    addresses = {name: FRAME.findall(text) for name, text in shown.items()}
    assert {name: len(found) for name, found in addresses.items()} == {"a.pdf": 1, "report": 1, "page.pdf": 0, "both.pdf": 1}
    for name in ("a.pdf", "report", "both.pdf"):
        told = await up.http.get(addresses[name][0])
        assert told.status_code == 200
        assert (told.headers["content-type"], told.headers["x-content-type-options"]) == ("application/pdf", "nosniff")
        assert told.headers["content-security-policy"].startswith("default-src 'none'; ")
        assert told.headers["x-frame-options"] == "SAMEORIGIN"
        assert told.headers["content-disposition"] == f"inline; filename=\"{name}\"; filename*=UTF-8''{name}"
    address = addresses["a.pdf"][0]
    *_, digest, proof, _ = address.split("/")
    forged = [address.replace("a.pdf", "report"), address.replace(digest, "0" * 64), address.replace(proof, "0" * 32), address + "/x"]
    assert [(await up.http.get(other)).status_code for other in forged] == [404] * 4


async def test_an_address_of_a_pdf_is_good_for_the_content_that_was_seen(up: Served, folder: Path) -> None:
    turns = [act(writing(a_pdf=pdf())), answer("made"), act(writing(a_pdf=pdf("/Lang (en)"))), answer("made again")]
    run = await ran(up, folder, turns)
    first = FRAME.findall((await up.http.get(f"/page/runs/{run}/preview/a.pdf")).text)[0]
    assert (await up.http.get(first)).content == pdf()
    await up.http.post(f"/api/v1/runs/{run}/messages", json={"text": "again"})
    await up.ended(run)
    assert (await up.http.get(first)).status_code == 404
    second = FRAME.findall((await up.http.get(f"/page/runs/{run}/preview/a.pdf")).text)[0]
    assert (await up.http.get(second)).content == pdf("/Lang (en)")


async def test_a_preview_says_if_the_file_was_changed_or_deleted_since(up: Served, folder: Path) -> None:
    turns = [
        act("open('a.txt', 'w').write('one')\nopen('gone.txt', 'w').write('x')"),
        act("open('a.txt', 'w').write('two')\nimport os\nos.remove('gone.txt')"),
        act("open('a.txt', 'a').write('three')\nos.rename('a.txt', 'b.txt')\nos.rename('b.txt', 'a.txt')"),
        answer("done"),
    ]
    run = await ran(up, folder, turns)
    events = (await up.http.get(f"/api/v1/runs/{run}/events")).json()["events"]
    first, second, third = [event["number"] for event in events if event["type"] == "observation"]

    async def preview(name: str, after: int) -> str:
        return (await up.http.get(f"/page/runs/{run}/preview/{name}", params={"after": after})).text

    assert "Changed again in turns 2 and 3: this is how it is now." in await preview("a.txt", first)
    assert "Changed again in turn 3: this is how it is now." in await preview("a.txt", second)
    assert "Changed again" not in await preview("a.txt", third)
    assert "is not there any more: turn 2 deleted it" in await preview("gone.txt", first)
    assert "there is no file 'a.txd' in the workspace; the nearest name is 'a.txt'" in await preview("a.txd", first)


async def test_what_a_turn_removed_and_renamed_is_named_below_it(up: Served, folder: Path) -> None:
    turns = [
        act("for name in ('old.txt', 'away.txt'):\n    open(name, 'w').write('x')"),
        act("import os\nos.rename('old.txt', 'new.txt')\nos.remove('away.txt')"),
        answer("done"),
    ]
    run = await ran(up, folder, turns)
    html = (await up.http.get(f"/page/runs/{run}/blocks")).json()["html"]
    lists = re.findall(r'<ul class="changes".*?</ul>', html, re.DOTALL)
    told = [re.findall(r'<li class="(\w+)">.*?>([\w.]+)</(?:button|span)>', each) for each in lists]
    assert told[1] == [("deleted", "away.txt"), ("created", "new.txt"), ("deleted", "old.txt")]
    assert lists[1].count("<button") == 1


async def test_what_is_followed_has_no_line_end_inside_its_data(up: Served, folder: Path) -> None:
    run = await ran(up, folder, [act("print('a\\u2028b\\x85c')", "one\u2029two\x85three"), answer("x\u2028y")])
    raw = b""
    async with up.http.stream("GET", f"/page/runs/{run}/stream") as told:
        async for part in told.aiter_bytes():
            raw += part
            if b'"type":"run_ended"' in raw:
                break
    text = raw.decode()
    assert "one" in text and not any(end in text for end in "\x85\u2028\u2029")


async def test_a_client_that_goes_away_amid_its_saved_file_is_no_failure_of_the_server(up: Served) -> None:
    counted = 'codeact_http_requests_total{route="/page/saved",status="400"} 1.0'
    async with line(up.url) as one:
        await one.send(head(up.url, "/page/saved", "POST", "Content-Length: 1000"), b'{"codeact"')
    metrics = ""
    for _ in range(200):
        metrics = (await up.http.get("/metrics")).text
        if counted in metrics:
            break
        await asyncio.sleep(0.02)
    assert counted in metrics
    assert 'route="/page/saved",status="500"' not in metrics


@pytest.mark.slow
async def test_a_pdf_is_shown_by_the_browser_in_its_place(here: Visit) -> None:
    here.writes([act(writing(a_pdf=pdf())), act("print('and on')"), answer("made")])
    await here.asked("make a PDF")
    await here.page.locator(".changes").get_by_role("button", name="a.pdf").click()
    await shows_red(here.page.locator(".preview iframe"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "does",
    [
        "/S /JavaScript /JS (app.launchURL\\('http://elsewhere.test/1', false\\);)",
        "/S /JavaScript /JS (this.submitForm\\('http://elsewhere.test/2'\\);)",
        "/S /JavaScript /JS (this.getURL\\('http://elsewhere.test/3', false\\);)",
        "/S /URI /URI (http://elsewhere.test/4)",
        "/S /SubmitForm /F << /FS /URL /F (http://elsewhere.test/5) >>",
        "/S /Launch /F (http://elsewhere.test/6)",
        "/S /GoToR /F << /FS /URL /F (http://elsewhere.test/7.pdf) >> /D [0 /Fit]",
    ],
)
async def test_a_pdf_leads_nowhere_by_itself(here: Visit, does: str) -> None:
    here.writes([act(writing(a_pdf=pdf(f"/OpenAction << {does} >>"))), answer("made")])
    await here.asked("make a PDF")
    address = here.page.url
    await here.page.locator(".changes").get_by_role("button", name="a.pdf").click()
    await shows_red(here.page.locator(".preview iframe"))
    assert (here.page.url, len(here.context.pages)) == (address, 1)


@pytest.mark.slow
async def test_where_the_browser_shows_no_pdf_there_is_a_way_to_it(here: Visit) -> None:
    await here.page.add_init_script("Object.defineProperty(Navigator.prototype, 'pdfViewerEnabled', { get: () => false })")
    here.writes([act(writing(a_pdf=pdf())), answer("made")])
    await here.asked("make a PDF")
    await here.page.locator(".changes").get_by_role("button", name="a.pdf").click()
    await expect(here.page.locator(".preview")).to_contain_text("shows no PDF inside a page")
    await expect(here.page.locator(".preview iframe")).to_have_count(0)
    await expect(here.page.locator(".preview a")).to_have_attribute("href", re.compile(r"^/page/guest/file/.*/a\.pdf$"))
    async with here.page.expect_download() as fetched:
        await here.page.get_by_role("button", name="Download a.pdf").click()
    assert await asyncio.to_thread((await (await fetched.value).path()).read_bytes) == pdf()


@pytest.mark.slow
async def test_a_file_of_any_name_is_listed_opened_and_fetched(here: Visit) -> None:
    names = ["a\nb.txt", 'é "x".csv', "a;b", "%2e%2e", "..%2f", "turned\u202egnp.txt", "tab\t#?.txt"]
    code = f"for number, name in enumerate({names!r}):\n    open(name, 'w').write(f'file {{number}}')"
    here.writes([act(code), answer("made")])
    await here.asked("make files")
    named, listed = here.page.locator(".changes button"), here.page.locator(".files li")
    await expect(named).to_have_count(len(names))
    shown: list[str] = []
    for place in range(len(names)):
        await named.nth(place).click()
        await expect(here.page.locator(".preview")).to_contain_text("file")
        shown.append((await here.page.locator(".preview").inner_text()).strip())
    assert sorted(shown) == [f"file {number}" for number in range(len(names))]
    await expect(listed.locator(".link").filter(has_text="a␊b.txt")).to_have_count(1)
    await expect(listed.locator(".link").filter(has_text="turned⟨U+202E⟩gnp.txt")).to_have_count(1)
    fetched: list[str] = []
    for place in range(len(names)):
        async with here.page.expect_download() as coming:
            await listed.nth(place).get_by_role("button", name="Download").click()
        fetched.append(await asyncio.to_thread((await (await coming.value).path()).read_text))
    assert fetched == shown


@pytest.mark.slow
async def test_what_is_open_in_the_panel_stays_open_while_the_run_goes_on(here: Visit) -> None:
    turns = [act("open('b.txt', 'w').write('first')"), answer("made"), act("open('a.txt', 'w')\nopen('b.txt', 'w').write('second')")]
    here.writes([*turns, answer("made more")])
    await here.asked("make a file")
    await here.page.locator(".changes").get_by_role("button", name="b.txt").click()
    await expect(here.page.locator(".preview code")).to_have_text("first")
    await here.page.fill("#words", "more")
    await here.page.click("#send")
    await here.ended(2)
    await expect(here.page.locator(".files .link")).to_have_text(["a.txt", "b.txt"])
    await expect(here.page.locator(".preview code")).to_have_text("second")
    await expect(here.page.locator(".preview .aside")).to_have_text("Changed again in turn 3: this is how it is now.")


@pytest.mark.slow
async def test_a_branch_begins_with_files_that_were_dropped_and_those_of_the_message_that_is_edited(here: Visit) -> None:
    look = act("import os\nprint(sorted(os.listdir('.')))")
    here.writes([look, answer("seen")])
    await here.page.goto(here.up.url)
    await drop(here.page, "first.txt", "1")
    await here.page.fill("#words", "look")
    await here.page.keyboard.press("Enter")
    await here.ended()
    first = here.run_id
    await here.page.locator(".said").hover()
    await here.page.locator(".said").get_by_role("button", name="Edit").click()
    await expect(here.page.locator("#given li")).to_have_count(1)
    await drop(here.page, "second.txt", "2", idle=False)
    await expect(here.page.locator("#given li")).to_have_count(2)
    await here.page.fill("#words", "look again")
    await here.page.keyboard.press("Enter")
    await here.page.wait_for_url(lambda url: first not in url)
    await here.ended()
    await expect(here.page.locator(".said .chips li")).to_have_text(["first.txt", "second.txt"])
    await expect(here.page.locator(".observed pre.out").first).to_have_text("['first.txt', 'second.txt']")
