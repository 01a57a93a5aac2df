// Dark or light: what the reader chose, before anything is painted; the system's own until then.
(() => {
  const root = document.documentElement;
  const chosen = localStorage.getItem("codeact-theme");
  if (chosen) root.dataset.theme = chosen;
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("#theme")) return;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem("codeact-theme", root.dataset.theme);
  });
})();
