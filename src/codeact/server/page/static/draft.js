// What is being written and put out just now, as text; the server's blocks take its place. It is painted once a frame, however fast it comes, and
// what stands already is not laid out again.
const draft = document.getElementById("draft");
const thought = document.getElementById("draft-thought");
const code = document.getElementById("draft-code");
const codeText = code.querySelector("code");
const live = document.getElementById("live");
const liveText = document.getElementById("live-text");
const PIECE = 4_000; // characters, after which the next line begins a piece of its own
const MOST_PIECES = 128;
const OPENING = /<execute>\s*|```(?:python|py)?\s*\n/;

let written = "";
let shownCode = "";
let put = ""; // not painted yet
let due = false;
let turned = false; // the whole message has come, and stands above

export function write(text) {
  if (turned) written = "";
  turned = false;
  written += text;
  soon();
}

export function output(text) {
  put += text;
  soon();
}

// A block came. Of the model's message the thought stays in its place until the turn is there, its code until the action is.
export function replaced(kind) {
  if (kind === "model_turn") {
    turned = true;
    thought.hidden = true;
    draft.classList.add("below");
  } else if (written && !["tool_called", "tool_returned", "branched"].includes(kind)) {
    written = "";
    draft.hidden = true;
  }
  if (["observation", "run_ended"].includes(kind)) endOutput();
}

export function reset() {
  written = "";
  draft.hidden = true;
  endOutput();
}

function endOutput() {
  put = "";
  live.hidden = true;
  liveText.replaceChildren();
}

function soon() {
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    if (written) paint();
    if (put) paintOutput();
  });
}

function paint() {
  const opening = OPENING.exec(written);
  const before = opening ? written.slice(0, opening.index) : written;
  const after = opening ? written.slice(opening.index + opening[0].length) : "";
  const spoken = before.replace(/<\/?(execute|solution|thought)?>?$|<\/?(solution|thought)>/g, "").trim();
  say(spoken);
  thought.hidden = turned || !spoken;
  draft.classList.toggle("below", turned);
  code.hidden = !opening;
  const shown = after.replace(/<\/?e?x?e?c?u?t?e?>?$|```$/, "");
  if (!shown.startsWith(shownCode)) codeText.replaceChildren();
  grow(codeText, shown.startsWith(shownCode) ? shown.slice(shownCode.length) : shown);
  shownCode = shown;
  draft.hidden = false;
}

// Paragraphs, as high as they will be when the server has made them out of Markdown.
function say(text) {
  const parts = text.split(/\n\s*\n/);
  parts.forEach((part, place) => {
    const node = thought.children[place] ?? thought.appendChild(document.createElement("p"));
    if (node.textContent !== part) node.textContent = part;
  });
  while (thought.children.length > parts.length) thought.lastElementChild.remove();
}

function paintOutput() {
  live.hidden = false;
  const stays = liveText.scrollHeight - liveText.scrollTop - liveText.clientHeight > 40;
  grow(liveText, put.slice(-MOST_PIECES * PIECE));
  put = "";
  while (liveText.childElementCount > MOST_PIECES) liveText.firstElementChild.remove();
  if (!stays) liveText.scrollTop = liveText.scrollHeight;
}

function grow(node, text) {
  if (!text) return;
  const last = node.lastElementChild ?? begin(node);
  const length = last.firstChild.length;
  const end = length < PIECE ? -1 : text.indexOf("\n");
  if (end < 0 && length < 4 * PIECE) return void last.firstChild.appendData(text);
  last.firstChild.appendData(text.slice(0, end + 1));
  begin(node).firstChild.appendData(text.slice(end + 1));
}

function begin(node) {
  const piece = document.createElement("span");
  piece.className = "piece";
  piece.append("");
  node.append(piece);
  return piece;
}
