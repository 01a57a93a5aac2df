// The panel at the side: files of the workspace, the tree of branches, the run itself.
import { attempt, json, request, root, save, text } from "./api.js";
import { parse } from "./fragments.js";

const panel = document.getElementById("panel");
const title = document.getElementById("panel-title");
const body = document.getElementById("panel-body");
const run = document.body.dataset.run;
const api = `api/v1/runs/${encodeURIComponent(run)}`;
const kinds = { files: ["Files", files], variables: ["Variables", variables], family: ["Branches", family], about: ["Run", about] };
const previews = new WeakMap(); // what each holds, as it came
let shown = "";
let facts = {};

export function isOpen() {
  return Boolean(shown);
}

export function open(kind, path, number) {
  const again = shown === kind && !path;
  shown = again ? "" : kind;
  panel.hidden = again;
  document.body.classList.toggle("with-panel", !again);
  for (const name of Object.keys(kinds)) document.getElementById(`open-${name}`).setAttribute("aria-expanded", String(shown === name));
  if (again) return;
  document.getElementById("panel-close").focus({ preventScroll: true }); // it stands far from what opened it
  title.textContent = kinds[kind][0];
  body.replaceChildren(element("p", "aside", "…"));
  attempt(() => kinds[kind][1](path, number));
}

export function close() {
  if (!shown) return;
  const button = document.getElementById(`open-${shown}`);
  open(shown);
  button.focus();
}

export function refresh(kind) {
  if (shown === kind) attempt(() => kinds[kind][1]());
}

export function know(told) {
  facts = told;
}

// The list is brought up to date where it stands: what is open in it stays open, and is loaded again only if it is another now.
async function files(path, number) {
  const found = await json(`${api}/files`);
  if (shown !== "files") return;
  const there = new Set(found.files.map((file) => file.path));
  const list = body.querySelector(".files") ?? element("ul", "files");
  const items = new Map([...list.children].map((item) => [item.dataset.path, item]));
  for (const [name, item] of items) if (!there.has(name)) item.remove();
  let place = list.firstElementChild;
  for (const file of found.files) {
    const old = items.get(file.path);
    const item = old ?? fileItem(file.path);
    if (old) place = old.nextElementSibling;
    else list.insertBefore(item, place);
    item.querySelector("small").textContent = size(file.size);
  }
  if (!list.isConnected) body.replaceChildren(list);
  for (const note of body.querySelectorAll(":scope > .aside")) note.remove();
  if (!there.size) body.append(element("p", "aside", "No files yet. Attach some to a message, or have code write them."));
  if (!found.whole) body.append(element("p", "aside", "There are more files."));
  for (const box of list.querySelectorAll(".preview")) await look(box.parentElement);
  if (path) await pick([...list.children].find((item) => item.dataset.path === path), path, number);
}

function fileItem(path) {
  const item = element("li");
  const name = element("button", "link", visible(path));
  name.type = "button";
  name.addEventListener("click", () => {
    const box = item.querySelector(".preview");
    if (box) return void box.remove();
    delete item.dataset.after;
    attempt(() => look(item));
  });
  const fetch = element("button", "quiet", "Download");
  fetch.type = "button";
  fetch.setAttribute("aria-label", `Download ${visible(path)}`);
  fetch.addEventListener("click", () => attempt(() => download(path)));
  item.dataset.path = path;
  item.append(name, " ", element("small"), fetch);
  return item;
}

// A file that a turn names: it may be another since, or gone, of which the server tells.
async function pick(item, path, number) {
  if (!item) return void await text(previewOf(path, number));
  item.dataset.after = number;
  await look(item);
  item.scrollIntoView({ block: "nearest" });
}

async function look(item) {
  const html = await text(previewOf(item.dataset.path, item.dataset.after));
  const old = item.querySelector(".preview");
  if (old && previews.get(old) === html) return;
  const box = element("div", "preview");
  box.append(parse(html));
  if (navigator.pdfViewerEnabled === false) { // on phones
    for (const frame of box.querySelectorAll("iframe")) frame.replaceWith(element("p", "aside", "This browser shows no PDF inside a page."));
  }
  previews.set(box, html);
  if (old) old.replaceWith(box);
  else item.append(box);
}

function previewOf(path, number) {
  return `page/runs/${encodeURIComponent(run)}/preview/${quoted(path)}${number === undefined ? "" : `?after=${number}`}`;
}

async function download(path) {
  await save(await request(`${api}/files/${quoted(path)}`), path.split("/").pop());
}

// While they cannot be told, those from before stay, with a word on why.
async function variables() {
  const found = parse(await text(`page/runs/${encodeURIComponent(run)}/variables`));
  if (shown !== "variables") return;
  body.querySelector(":scope > .busy")?.remove();
  if (found.querySelector(".busy") && body.querySelector(".variables")) body.prepend(found);
  else body.replaceChildren(found);
}

async function family() {
  body.replaceChildren(parse(await text(`page/runs/${encodeURIComponent(run)}/family`)));
}

function about() {
  const list = element("dl", "facts");
  const line = (name, value) => list.append(element("dt", "", name), element("dd", "", value));
  line("Id", run);
  line("Model", facts.model ?? "");
  line("Written as", facts.format ?? "");
  line("Isolation", facts.isolation ?? "");
  line("Asks before", facts.ask ?? "");
  for (const [name, value] of Object.entries(facts.limits ?? {})) line(`Limit: ${name.replaceAll("_", " ")}`, String(value));
  const exports = element("div", "buttons");
  const formats = [["html", "HTML file"], ["ipynb", "Notebook"], ["md", "Markdown"], ["jsonl", "Trajectory"], ["chat", "Chat lines"]];
  for (const [name, words] of formats) {
    const button = element("button", "", words);
    button.type = "button";
    button.dataset.export = name;
    button.addEventListener("click", () => attempt(() => exported(name)));
    exports.append(button);
  }
  const away = element("button", "bad", "Remove this run");
  away.type = "button";
  away.addEventListener("click", () => attempt(async () => {
    if (away.dataset.sure) {
      await request(api, { method: "DELETE" });
      location.href = `${root}/`;
    } else {
      away.dataset.sure = "yes";
      away.textContent = "Remove it for ever?";
    }
  }));
  const last = element("div", "buttons");
  last.append(away);
  body.replaceChildren(list, element("h3", "", "Take it with you"), exports, element("h3", "", "Remove"), last);
}

async function exported(name) {
  const path = name === "html" ? `page/runs/${encodeURIComponent(run)}/document` : `${api}/export?to=${name}`;
  await save(await request(path), `${run}.${name === "chat" ? "chat.jsonl" : name}`);
}

function element(tag, classes = "", words = "") {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  if (words) made.textContent = words;
  return made;
}

function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

// A name whose control characters can be seen, those that turn the direction of writing included.
function visible(name) {
  return name
    .replace(/[\u0000-\u001f]/g, (sign) => String.fromCharCode(0x2400 + sign.charCodeAt(0)))
    .replace(/[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (sign) => `⟨U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);
}

function quoted(path) {
  return path.split("/").map(encodeURIComponent).join("/");
}

document.getElementById("panel-close").addEventListener("click", close);
for (const kind of Object.keys(kinds)) document.getElementById(`open-${kind}`).addEventListener("click", () => open(kind));
