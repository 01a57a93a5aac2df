// Requests to the server: the key is asked for once, kept for the tab, and sent as a header; streams are read with fetch, so that it goes with them.
export const root = document.documentElement.dataset.root;
const KEY = "codeact-key";
let asking = null;
let early = window.early; // what was asked for before the scripts were here, see early.js

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export async function request(path, options = {}) {
  for (;;) {
    const key = sessionStorage.getItem(KEY);
    const headers = { ...options.headers, ...(key ? { Authorization: `Bearer ${key}` } : {}) };
    const asked = early?.path === path ? early.answer : fetch(`${root}/${path}`, { ...options, headers });
    if (early?.path === path) early = null;
    const answer = await asked;
    if (answer.ok) return answer;
    const message = await reason(answer);
    if (answer.status !== 401) throw new Refused(answer.status, message);
    asking ??= ask(Boolean(key)).finally(() => { asking = null; });
    await asking;
  }
}

export async function json(path, options) {
  return (await request(path, options)).json();
}

export async function text(path, options) {
  return (await request(path, options)).text();
}

export function post(path, body) {
  return request(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body ?? {}) });
}

export async function upload(file) {
  return json(`api/v1/files/${encodeURIComponent(file.name)}`, { method: "PUT", body: file });
}

// Server-sent events, one by one: {id, event, data}.
export async function* events(path, signal) {
  const answer = await request(path, { signal, headers: { Accept: "text/event-stream" } });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += value;
    const parts = rest.split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const told = {};
      for (const line of part.split("\n")) {
        const colon = line.indexOf(": ");
        if (colon > 0) told[line.slice(0, colon)] = line.slice(colon + 2);
      }
      if (told.data) yield { id: told.id, event: told.event, data: JSON.parse(told.data) };
    }
  }
}

export function tell(message) {
  const toast = document.createElement("p");
  toast.textContent = message;
  document.getElementById("toasts").replaceChildren(toast);
  setTimeout(() => toast.remove(), 9000);
}

// What is done for a click: an error is told, and nothing else comes of it.
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    tell(error.message);
    return undefined;
  }
}

export async function save(answer, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

async function reason(answer) {
  try {
    return (await answer.json()).error.message;
  } catch {
    return `the server answered ${answer.status}`;
  }
}

function ask(wrong) {
  const dialog = document.getElementById("key-dialog");
  const field = document.getElementById("key-field");
  if (wrong) tell("This key is not known, or was revoked.");
  field.value = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      if (field.value.trim()) sessionStorage.setItem(KEY, field.value.trim());
      field.value = "";
      resolve();
    }, { once: true });
  });
}
