// Asking for something new, and the runs that there are.
import { attempt, json, post, root, text } from "./api.js";
import { composer } from "./compose.js";
import { parse } from "./fragments.js";
import { onKeys } from "./keys.js";

const list = document.getElementById("runs");
const search = document.getElementById("search");
const state = document.getElementById("state");
const value = (id) => document.getElementById(id).value;
let wanted = 0;

const field = composer({
  onSend: async (task, files) => {
    const asked = { task, files, ask: value("ask"), model: value("model") || undefined, format: value("format") || undefined };
    const run = await (await post("api/v1/runs", asked)).json();
    location.href = `${root}/runs/${encodeURIComponent(run.id)}`;
  },
  onSaved: async (file) => {
    const html = await text("page/saved", { method: "POST", body: file, headers: { "Content-Type": "application/jsonl" } });
    const shown = document.getElementById("saved");
    shown.replaceChildren(parse(html));
    shown.hidden = false;
    document.getElementById("asking").hidden = true;
    document.body.classList.add("reading");
    scrollTo(0, 0);
  },
});

async function show(cursor) {
  const mine = ++wanted;
  const asked = new URLSearchParams({ search: search.value.trim() });
  if (state.value) asked.set("state", state.value);
  if (cursor) asked.set("cursor", cursor);
  const html = await text(`page/runs?${asked}`);
  if (mine !== wanted) return;
  list.querySelector(".more")?.remove();
  if (!cursor) list.replaceChildren();
  list.append(parse(html));
  list.setAttribute("aria-busy", "false");
}

let pause = 0;
search.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(() => attempt(() => show()), 200); });
state.addEventListener("change", () => attempt(() => show()));
list.addEventListener("click", (event) => {
  const more = event.target.closest("[data-cursor]");
  if (more) attempt(() => show(more.dataset.cursor));
});
document.addEventListener("visibilitychange", () => { if (!document.hidden && !list.querySelector(".more")) attempt(() => show()); });

function option(value, words) {
  const made = document.createElement("option");
  made.value = value;
  made.textContent = words;
  return made;
}

attempt(async () => {
  await show();
  const about = await json("api/v1/about");
  const short = (name) => name.replace(/^(\w+:).*\//, "$1");
  document.getElementById("model").replaceChildren(...about.models.map((name) => option(name, short(name))));
  document.getElementById("format").replaceChildren(...about.formats.map((name) => option(name, name)));
  const limits = about.limits;
  const words = [
    `Code runs with isolation “${about.isolation}”`,
    limits.turns && `up to ${limits.turns} turns`,
    limits.action_seconds && `${limits.action_seconds} s an action`,
    limits.memory_mb && `${limits.memory_mb} MB`,
    about.tools.length && `${about.tools.length} ${about.tools.length === 1 ? "tool" : "tools"}`,
  ];
  document.getElementById("about").textContent = words.filter(Boolean).join(" · ");
});

onKeys({ "/": () => search.focus(), n: () => field.focus(), Escape: (event) => event.target.blur?.() });
if (matchMedia("(hover: hover)").matches) field.focus();
