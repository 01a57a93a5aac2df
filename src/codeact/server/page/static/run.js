// The page of a run: its blocks, followed as they come; messages, decisions, branches.
import { attempt, events, json, post, Refused, root, tell } from "./api.js";
import { composer } from "./compose.js";
import * as draft from "./draft.js";
import { localize, parse, put } from "./fragments.js";
import { onKeys } from "./keys.js";
import * as panels from "./panels.js";
import { decide } from "./questions.js";

const run = document.body.dataset.run;
const api = `api/v1/runs/${encodeURIComponent(run)}`;
const page = `page/runs/${encodeURIComponent(run)}`;
const blocks = document.getElementById("run");
const status = document.getElementById("status");
const standingWords = document.getElementById("standing-words");
const standingLine = document.getElementById("standing");
const spent = document.getElementById("spent");
const stop = document.getElementById("stop");
const interrupt = document.getElementById("interrupt");
const mode = document.getElementById("mode");
const above = document.getElementById("earlier");
const all = document.getElementById("all-earlier");
const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const ANCHORS = CSS.supports("overflow-anchor: auto"); // the browser itself holds what is read in its place, but at the very top
const BUSY = ["working", "waiting"];

let number = -1;
let standing = {};
let title = "";
let messages = 0;
let before = 0; // blocks that are not here yet, all of them above
let coming = null;
let back = null; // the turn that is gone back to
let following = null;

const field = composer({ onSend: send });

async function send(text, files) {
  if (back !== null) {
    return branch({ turn: back, message: text, files });
  }
  await post(`${api}/messages`, { text, files });
  return follow();
}

async function branch(asked) {
  const made = await (await post(`${api}/branch`, asked)).json();
  location.href = `${root}/runs/${encodeURIComponent(made.id)}`;
}

// --- what comes from the server

// The end of a run first; what came before when the reader comes near it, or a link leads there.
async function load() {
  const told = blocks.dataset.facts ? JSON.parse(blocks.dataset.facts) : await json(document.documentElement.dataset.early);
  if (told.html === undefined) localize(blocks);
  else blocks.replaceChildren(parse(told.html));
  blocks.setAttribute("aria-busy", "false");
  number = told.number;
  know(told.about);
  stand(told.standing);
  toEnd();
  left(told.before);
  if (!location.hash) return;
  const meant = () => document.getElementById(location.hash.slice(1));
  if (!meant() && before) await earlier(before);
  meant()?.scrollIntoView();
}

function know(about) {
  title = about.title ?? "";
  messages = about.messages ?? 0;
  document.getElementById("title").textContent = title || "A run";
  panels.know(about);
}

function left(count) {
  before = count;
  above.hidden = !count;
  if (count) near.observe(above);
  else blocks.dataset.whole = "yes";
}

// So many blocks that came before those that are here; who reads stays where he is.
function earlier(most) {
  near.disconnect(); // told anew, if it is near then too
  coming ??= json(`${page}/blocks?last=${most}&before=${before}`).then((told) => {
    const first = blocks.firstElementChild;
    const stood = first.getBoundingClientRect().top;
    blocks.prepend(parse(told.html));
    left(told.before);
    if (!ANCHORS || scrollY < 1) scrollBy({ top: first.getBoundingClientRect().top - stood, behavior: "instant" });
  }).finally(() => { coming = null; });
  return coming;
}
const near = new IntersectionObserver(([{ isIntersecting }]) => { if (isIntersecting) attempt(() => earlier(30)); }, { rootMargin: "4000px 0px" });
all.addEventListener("click", () => attempt(async () => { await coming; if (before) await earlier(before); }));

async function follow() {
  if (following) return;
  let wait = 500;
  while (!document.hidden || BUSY.includes(standing.state)) {
    following = new AbortController();
    try {
      draft.reset();
      for await (const told of events(`${page}/stream?after=${number}`, following.signal)) {
        wait = 500;
        document.body.classList.remove("lost");
        take(told);
      }
    } catch (error) {
      if (error instanceof Refused && error.status < 500 && error.status !== 429) {
        following = null;
        return void tell(error.message);
      }
    }
    if (following.signal.aborted) break;
    document.body.classList.add("lost");
    await new Promise((resolve) => { setTimeout(resolve, wait); });
    wait = Math.min(wait * 2, 8000);
  }
  following = null;
}

function take({ id, event, data }) {
  if (event === "model_delta") return void draft.write(data.text);
  if (event === "stream_chunk") return void draft.output(data.text);
  if (event !== "blocks") return;
  number = Number(id);
  draft.replaced(data.type);
  if (data.about) know(data.about);
  for (const { id: name, html, is_new } of data.blocks) if (is_new || !before || document.getElementById(name)) put(blocks, name, html);
  stand(data.standing);
  announce(data.type);
  if (data.type === "branched") panels.refresh("family");
  if (data.type === "observation") for (const kind of ["files", "variables"]) panels.refresh(kind);
}

// Nothing jumps: who reads further up stays there, who is at the end stays at the end, however what is above grows.
let atEnd = true;
let touched = -Infinity; // when the reader last did something that may scroll
for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) addEventListener(kind, () => { touched = performance.now(); }, { passive: true });
addEventListener("scroll", () => {
  const { scrollHeight, clientHeight } = document.documentElement;
  if (scrollHeight - scrollY - clientHeight < 80) atEnd = true;
  else if (performance.now() - touched < 1000) atEnd = false;
}, { passive: true });
new ResizeObserver(() => { if (atEnd && back === null) toEnd(); }).observe(document.getElementById("main"));

function toEnd() {
  atEnd = true;
  scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" });
}

function stand(told) {
  standing = told;
  const works = BUSY.includes(told.state);
  standingLine.className = `standing state-${told.state}`;
  const words = told.state === "waiting" ? "Waiting for your decision" : told.acting ? "Running code" : works ? "Thinking" : told.state.replace("_", " ");
  standingWords.textContent = works && told.state !== "waiting" ? `${words}, turn ${told.turns + (told.acting ? 0 : 1)}` : words;
  const used = [`${told.turns} ${told.turns === 1 ? "turn" : "turns"}`, `${amount(told.tokens)} tokens`];
  if (told.cost) used.push(`$${told.cost.toFixed(4)}`);
  if (told.seconds) used.push(told.seconds < 60 ? `${told.seconds.toFixed(1)} s` : `${Math.round(told.seconds / 60)} min`);
  spent.textContent = used.join(" · ");
  stop.hidden = !works;
  interrupt.hidden = !told.acting;
  document.getElementById("send").disabled = works && back === null;
  document.body.dataset.state = told.state;
  document.body.classList.toggle("settled", !works && messages < 2); // the end of the run says it all
  document.title = `${works ? "● " : ""}${title || "Run"} – codeact`;
}

function amount(count) {
  return count < 10_000 ? count.toLocaleString("en") : `${(count / 1000).toFixed(1)}k`;
}

function announce(type) {
  const words = {
    observation: "Output came", approval_asked: "A decision is needed", answered: "The answer came", run_ended: `The run ended: ${standing.state}`,
  }[type];
  if (words) status.textContent = words;
}

// --- going back

function goBack(turn, words = "") {
  back = turn;
  for (const block of blocks.children) block.classList.toggle("left-behind", isLater(block, turn));
  mode.hidden = false;
  document.getElementById("mode-words").textContent =
    turn === 0 ? "A new beginning, in a branch of its own." : `Back at the end of turn ${turn}. What you say now begins a branch.`;
  if (words) field.words.value = words;
  field.focus();
  stand(standing);
  blocks.querySelector(".left-behind")?.previousElementSibling?.scrollIntoView({ block: "center", behavior: STILL.matches ? "instant" : "smooth" });
}

function isLater(block, turn) {
  return Number(block.dataset.turn) > turn || (block.dataset.kind === "said" && Number(block.dataset.turn) >= turn);
}

function leave() {
  if (back === null) return false;
  back = null;
  mode.hidden = true;
  for (const block of blocks.querySelectorAll(".left-behind")) block.classList.remove("left-behind");
  stand(standing);
  return true;
}

function recode(cell) {
  if (cell.querySelector(".recoding")) return;
  const code = cell.querySelector("code").textContent.replace(/\n$/, "");
  const form = document.createElement("form");
  const area = document.createElement("textarea");
  const go = document.createElement("button");
  const no = document.createElement("button");
  form.className = "recoding";
  area.className = "code";
  area.value = code;
  area.rows = Math.min(24, code.split("\n").length + 1);
  area.spellcheck = false;
  area.setAttribute("aria-label", `Code in place of that of turn ${cell.dataset.turn}`);
  go.className = "primary";
  go.textContent = "Run it in a branch";
  no.type = "button";
  no.textContent = "Leave";
  const away = () => { form.remove(); cell.classList.remove("recoded"); };
  no.addEventListener("click", away);
  area.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.stopPropagation(); away(); }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(() => branch({ turn: Number(cell.dataset.turn), code: area.value }));
  });
  const buttons = document.createElement("div");
  buttons.className = "buttons";
  buttons.append(go, no);
  form.append(area, buttons);
  cell.classList.add("recoded");
  cell.append(form);
  area.focus();
}

// --- what the reader does

blocks.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (!button) return;
  const block = button.closest("section");
  const acts = {
    back: () => goBack(Number(block.dataset.turn)),
    reword: () => {
      goBack(Number(block.dataset.turn), block.querySelector(".words").textContent);
      const files = [...block.querySelectorAll("[data-digest]")];
      field.give(files.map(({ dataset: { name, digest } }) => ({ name: decodeURIComponent(name), digest })));
    },
    recode: () => recode(block),
    file: () => panels.open("files", decodeURIComponent(button.dataset.path), block.id.slice(1)),
    allow: () => decide(button, api),
    edit: () => decide(button, api),
    deny: () => decide(button, api),
  };
  acts[button.dataset.act]?.();
});
let pointed = null; // the turn whose code the pointer is over; `:has` would have the whole page looked through whenever a block comes
blocks.addEventListener("pointerover", ({ target }) => {
  const turn = target.closest(".cell")?.previousElementSibling ?? null;
  if (turn === pointed) return;
  pointed?.classList.remove("pointed");
  pointed = turn?.matches(".turned") ? turn : null;
  pointed?.classList.add("pointed");
});
blocks.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.dataset.field !== "reason") return;
  decide(event.target.closest("[data-question]").querySelector('[data-act="deny"]'), api);
});

const end = () => attempt(() => post(`${api}/cancel`));
stop.addEventListener("click", end);
interrupt.addEventListener("click", () => attempt(() => post(`${api}/interrupt`)));
document.getElementById("mode-leave").addEventListener("click", () => { leave(); field.focus(); });

async function step(by) {
  if (by < 0 && before && blocks.querySelector(".turned")?.matches(".marked")) await attempt(() => earlier(30));
  const turns = [...blocks.querySelectorAll(".turned")];
  const place = turns.findIndex((turn) => turn.classList.contains("marked"));
  const next = turns[place < 0 ? (by > 0 ? 0 : turns.length - 1) : Math.min(turns.length - 1, Math.max(0, place + by))];
  if (!next) return;
  turns[place]?.classList.remove("marked");
  next.classList.add("marked");
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "start", behavior: STILL.matches ? "instant" : "smooth" });
}

onKeys({
  "/": () => field.focus(),
  j: () => step(1),
  k: () => step(-1),
  b: () => { const marked = blocks.querySelector(".marked"); if (marked) goBack(Number(marked.dataset.turn)); },
  f: () => panels.open("files"),
  v: () => panels.open("variables"),
  t: () => panels.open("family"),
  s: () => { if (!stop.hidden) end(); },
  n: () => { location.href = `${root}/`; },
  Escape: (event) => { if (!leave() && panels.isOpen()) panels.close(); else event.target.blur?.(); },
});

// A page that nobody looks at holds no connection, of which a browser has few, unless something is going on.
document.addEventListener("visibilitychange", () => {
  if (document.hidden && !BUSY.includes(standing.state)) following?.abort();
  else if (!document.hidden) follow();
});

attempt(load).then(follow);
