// What cannot wait for the other scripts: the first request for data, and dark or light, before anything is painted.
(() => {
  const root = document.documentElement;
  const path = root.dataset.early;
  if (path) {
    const key = sessionStorage.getItem("codeact-key"); // as api.js keeps it
    const answer = fetch(`${root.dataset.root}/${path}`, key ? { headers: { Authorization: `Bearer ${key}` } } : {});
    answer.catch(() => {}); // whoever takes it is told
    window.early = { path, answer };
  }
  const chosen = localStorage.getItem("codeact-theme");
  if (chosen) root.dataset.theme = chosen;
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("#theme")) return;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem("codeact-theme", root.dataset.theme);
  });
})();
