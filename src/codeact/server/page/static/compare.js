// Two runs side by side.
import { attempt, text } from "./api.js";
import { parse } from "./fragments.js";
import { onKeys } from "./keys.js";

const rows = document.getElementById("rows");
attempt(async () => {
  rows.replaceChildren(parse(await text(`page/compare${location.search}`)));
}).finally(() => rows.setAttribute("aria-busy", "false"));

onKeys({ n: () => { location.href = document.querySelector(".brand").href; } });
