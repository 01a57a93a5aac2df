// A question of the run to its reader: allowed, edited or denied.
import { attempt, post } from "./api.js";

export function decide(button, api) {
  const card = button.closest("[data-question]");
  const field = (name) => card.querySelector(`[data-field="${name}"]`);
  const [editing, denying, asking] = [".editing", ".denying", ".asking"].map((name) => card.querySelector(name));
  const act = button.dataset.act;
  if (act === "edit" && editing.hidden) {
    editing.hidden = false;
    asking.hidden = denying.hidden = true;
    const [edit, allow] = ["edit", "allow"].map((name) => card.querySelector(`[data-act="${name}"]`));
    edit.textContent = "Do it as edited";
    allow.textContent = "Do it as it was";
    edit.classList.add("primary");
    allow.classList.remove("primary");
    field("content").rows = Math.min(20, field("content").value.split("\n").length + 1);
    field("content").focus();
    return;
  }
  if (act === "deny" && denying.hidden) {
    denying.hidden = false;
    button.textContent = "Deny it";
    button.classList.add("primary");
    card.querySelector('[data-act="allow"]').classList.remove("primary");
    field("reason").focus();
    return;
  }
  const body = { decision: act, for_run: act !== "deny" && field("for_run").checked };
  if (act === "edit") body.content = field("content").value;
  if (act === "deny") body.reason = field("reason").value;
  const buttons = card.querySelectorAll("button");
  for (const each of buttons) each.disabled = true;
  attempt(() => post(`${api}/questions/${encodeURIComponent(card.dataset.question)}`, body)).then((answer) => {
    if (!answer) for (const each of buttons) each.disabled = false;
  });
}
