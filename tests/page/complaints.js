// Controls without a name, and text whose contrast with what is behind it is below 4.5.
() => {
  const named = (node) => [node.innerText, node.getAttribute("aria-label"), node.title, node.alt, node.labels?.[0]?.textContent].some((text) => text?.trim());
  const controls = "button, a[href], input, select, textarea, iframe, img, summary, [role=region]";
  const nameless = [...document.querySelectorAll(controls)].filter((node) => node.checkVisibility() && !named(node));

  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const linear = (part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour[3] > 200) return colour;
    }
    return [255, 255, 255];
  };
  const written = (node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
  const seen = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !node.disabled && !node.closest(".sr, figure");
  const faint = new Set();
  for (const node of document.querySelectorAll("body *")) {
    if (!written(node) || !seen(node)) continue;
    const [dark, bright] = [light(rgb(getComputedStyle(node).color)), light(behind(node))].sort((one, other) => one - other);
    const contrast = (bright + 0.05) / (dark + 0.05);
    if (contrast < 4.5) faint.add(`${node.tagName}.${node.className} ${contrast.toFixed(2)}`);
  }
  return [...nameless.map((node) => node.outerHTML.slice(0, 120)), ...faint];
}
