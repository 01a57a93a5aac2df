// Tables that sort and turn their pages, wherever they stand; code that is copied. Needs nothing else, so that it works in a saved file too.
const PAGE = 25;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (!button) return;
  if (button.dataset.act === "sort") sort(button);
  if (button.dataset.act === "page") turn(button.closest(".grid"), Number(button.dataset.step));
  if (button.dataset.act === "copy") copy(button);
});

function sort(button) {
  const head = button.closest("th");
  const table = head.closest("table");
  const column = [...head.parentElement.children].indexOf(head);
  const down = head.getAttribute("aria-sort") === "ascending";
  const rows = [...table.querySelectorAll("tbody tr")];
  const key = (row) => row.children[column]?.textContent.trim() ?? "";
  const numbers = rows.every((row) => key(row) === "" || key(row) === "NaN" || !Number.isNaN(number(key(row))));
  const order = (left, right) => {
    if (!numbers) return key(left).localeCompare(key(right));
    const [a, b] = [number(key(left)), number(key(right))];
    return Number.isNaN(a) ? 1 : Number.isNaN(b) ? -1 : a - b;
  };
  rows.sort(order);
  if (down) rows.reverse();
  for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const bodies = [...table.tBodies];
  rows.forEach((row, place) => bodies[Math.floor(place / PAGE)].append(row));
}

function number(text) {
  return text === "" || text === "NaN" ? NaN : Number(text.replaceAll(",", "").replace(/%$/, ""));
}

function turn(grid, step) {
  const bodies = [...grid.querySelectorAll("tbody")];
  const shown = bodies.findIndex((body) => !body.hidden);
  const next = Math.min(bodies.length - 1, Math.max(0, shown + step));
  bodies[shown].hidden = true;
  bodies[next].hidden = false;
  grid.querySelector("[data-page]").textContent = `${next * PAGE + 1} to ${next * PAGE + bodies[next].rows.length}`;
}

async function copy(button) {
  const code = button.closest(".cell").querySelector("code").textContent;
  try {
    await navigator.clipboard.writeText(code.replace(/\n$/, ""));
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not copied";
  }
  setTimeout(() => { button.textContent = "Copy"; }, 1500);
}
