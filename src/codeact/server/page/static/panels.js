// The panel at the side: files of the workspace, the tree of branches, the run itself.
import { attempt, json, request, root, save, text } from "./api.js";
import { parse } from "./fragments.js";

const panel = document.getElementById("panel");
const title = document.getElementById("panel-title");
const body = document.getElementById("panel-body");
const run = document.body.dataset.run;
const api = `api/v1/runs/${encodeURIComponent(run)}`;
const kinds = { files: ["Files", files], family: ["Branches", family], about: ["Run", about] };
let shown = "";
let facts = {};

export function isOpen() {
  return Boolean(shown);
}

export function open(kind, path) {
  const again = shown === kind && !path;
  shown = again ? "" : kind;
  panel.hidden = again;
  document.body.classList.toggle("with-panel", !again);
  for (const name of Object.keys(kinds)) document.getElementById(`open-${name}`).setAttribute("aria-expanded", String(shown === name));
  if (again) return;
  title.textContent = kinds[kind][0];
  body.replaceChildren(element("p", "aside", "…"));
  attempt(() => kinds[kind][1](path));
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

async function files(path) {
  const found = await json(`${api}/files`);
  const list = element("ul", "files");
  for (const file of found.files) {
    const item = element("li");
    const look = element("button", "link", file.path);
    look.type = "button";
    look.addEventListener("click", () => attempt(() => preview(file.path, item)));
    const fetch = element("button", "quiet", "Download");
    fetch.type = "button";
    fetch.setAttribute("aria-label", `Download ${file.path}`);
    fetch.addEventListener("click", () => attempt(() => download(file.path)));
    item.append(look, " ", element("small", "", size(file.size)), fetch);
    list.append(item);
    if (file.path === path) await preview(file.path, item);
  }
  body.replaceChildren(found.files.length ? list : element("p", "aside", "No files yet. Attach some to a message, or have code write them."));
  if (!found.whole) body.append(element("p", "aside", "There are more files."));
  if (path) [...list.children].find((item) => item.firstChild.textContent === path)?.scrollIntoView({ block: "nearest" });
}

async function preview(path, item) {
  const old = item.querySelector(".preview");
  if (old) return void old.remove();
  const box = element("div", "preview");
  box.append(parse(await text(`page/runs/${encodeURIComponent(run)}/preview/${quoted(path)}`)));
  item.append(box);
}

async function download(path) {
  await save(await request(`${api}/files/${quoted(path)}`), path.split("/").pop());
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

function quoted(path) {
  return path.split("/").map(encodeURIComponent).join("/");
}

document.getElementById("panel-close").addEventListener("click", close);
for (const kind of Object.keys(kinds)) document.getElementById(`open-${kind}`).addEventListener("click", () => open(kind));
