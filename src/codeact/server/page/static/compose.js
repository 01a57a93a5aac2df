// The field to write in: it grows with what is written, takes files by drop or by choice, and sends on Enter.
import { attempt, tell, upload } from "./api.js";

export function composer({ onSend, onSaved }) {
  const form = document.getElementById("composer");
  const words = document.getElementById("words");
  const list = document.getElementById("given");
  const attach = document.getElementById("attach");
  let given = [];
  let busy = false;

  function show() {
    list.replaceChildren(...given.map((file) => {
      const item = document.createElement("li");
      const away = document.createElement("button");
      item.textContent = file.name;
      away.type = "button";
      away.textContent = "×";
      away.setAttribute("aria-label", `Leave out ${file.name}`);
      away.addEventListener("click", () => { given = given.filter((one) => one !== file); show(); words.focus(); });
      item.append(" ", away);
      return item;
    }));
  }

  async function take(files) {
    for (const file of files) {
      if (onSaved && file.name.endsWith(".jsonl") && (await file.slice(0, 200).text()).startsWith('{"codeact"')) {
        await attempt(() => onSaved(file));
        return;
      }
      await attempt(async () => {
        const kept = await upload(file);
        given = [...given.filter((one) => one.name !== kept.name), { name: kept.name, digest: kept.digest }];
        show();
      });
    }
  }

  async function send() {
    if (busy) return;
    const text = words.value.trim();
    if (!text) return void words.focus();
    busy = true;
    form.setAttribute("aria-busy", "true");
    const sent = await attempt(async () => { await onSend(text, given); return true; });
    busy = false;
    form.removeAttribute("aria-busy");
    if (sent) {
      words.value = "";
      given = [];
      show();
    }
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  attach.addEventListener("change", async () => { await take([...attach.files]); attach.value = ""; words.focus(); });
  document.addEventListener("dragover", (event) => { event.preventDefault(); document.body.classList.add("dropping"); });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) document.body.classList.remove("dropping"); });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length) take(files);
    else tell("Only files can be dropped here.");
  });
  function give(files) {
    given = files;
    show();
  }

  return { words, focus: () => words.focus(), give };
}
