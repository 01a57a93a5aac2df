// What is being written and put out just now, as text; the server's blocks take its place. It is painted once a frame, however fast it comes.
const draft = document.getElementById("draft");
const thought = document.getElementById("draft-thought");
const code = document.getElementById("draft-code");
const codeText = code.querySelector("code");
const live = document.getElementById("live");
const liveText = document.getElementById("live-text");
const MOST = 60_000;
const OPENING = /<execute>\s*|```(?:python|py)?\s*\n/;

let written = "";
let put = "";
let due = false;
let turned = false; // the whole message has come, and stands above

export function write(text) {
  if (turned) written = "";
  turned = false;
  written += text;
  soon();
}

export function output(text) {
  put = (put + text).slice(-MOST);
  soon();
}

// A block came. Of the model's message the thought stays in its place until the turn is there, its code until the action is.
export function replaced(kind) {
  if (kind === "model_turn") {
    turned = true;
    thought.hidden = true;
  } else if (written && !["tool_called", "tool_returned", "branched"].includes(kind)) {
    written = "";
    draft.hidden = true;
  }
  if (["observation", "run_ended"].includes(kind)) {
    put = "";
    live.hidden = true;
  }
}

export function reset() {
  written = put = "";
  draft.hidden = live.hidden = true;
}

function soon() {
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    paint();
  });
}

function paint() {
  if (written) {
    const opening = OPENING.exec(written);
    const before = opening ? written.slice(0, opening.index) : written;
    const after = opening ? written.slice(opening.index + opening[0].length) : "";
    const spoken = before.replace(/<\/?(execute|solution|thought)?>?$|<\/?(solution|thought)>/g, "");
    if (thought.textContent !== spoken) thought.textContent = spoken;
    thought.hidden = turned || !spoken.trim();
    code.hidden = !opening;
    const shown = after.replace(/<\/?e?x?e?c?u?t?e?>?$|```$/, "");
    if (codeText.textContent !== shown) codeText.textContent = shown;
    draft.hidden = false;
  }
  if (put) {
    const stays = liveText.scrollHeight - liveText.scrollTop - liveText.clientHeight > 40;
    liveText.textContent = put;
    live.hidden = false;
    if (!stays) liveText.scrollTop = liveText.scrollHeight;
  }
}
