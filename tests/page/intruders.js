// What must be nowhere in the page, however it came there.
() => {
  const wrong = [];
  const all = (selector, fits = () => false) => wrong.push(...[...document.querySelectorAll(selector)].filter((node) => !fits(node)));
  const ours = `${location.origin}${document.documentElement.dataset.root}/static/`;
  const inShell = (node) => node.parentElement === document.head && document.head.querySelectorAll(`${node.localName}:not([src])`).length === 1;
  all("script", (node) => node.src.startsWith(ours) || inShell(node));
  all("style", inShell);
  all("object, embed, base, meta[http-equiv], form[action], audio, video, svg, math, link:not([rel=icon], [rel=modulepreload])");
  all("iframe", (node) => node.getAttribute("sandbox") === "");
  all("img", (node) => /^(data:image.(png|jpeg|gif|webp)|blob:)/.test(node.src));
  all("a[href]", (node) => /^(https?|mailto):/.test(node.href));
  all("*", (node) => ![...node.attributes].some(({ name }) => name.startsWith("on") || name === "style"));
  const twice = ["main", "send", "status"].filter((id) => document.querySelectorAll(`#${id}`).length > 1);
  return [...wrong.map((node) => node.outerHTML.slice(0, 200)), ...twice];
}
