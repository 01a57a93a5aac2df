// Keys of the whole page: single letters, where nothing is being written.
const help = document.getElementById("keys-dialog");
document.getElementById("help").addEventListener("click", () => help.showModal());

export function onKeys(keys) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const writes = event.target.closest?.("input, textarea, select");
    if (writes && event.key !== "Escape") return;
    if (event.key === "?") return void help.showModal();
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act(event);
  });
}
