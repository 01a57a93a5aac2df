// What a page notes of itself while benchmarks/page.py measures it: long tasks, shifts of the layout, frames, and when its content was whole.
(() => {
  const probe = { tasks: [], shifts: [], frames: [], usable: null, shown: null, whole: null };
  window.probe = probe;
  const watch = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
  watch("longtask", (entry) => probe.tasks.push([entry.startTime, entry.duration]));
  watch("layout-shift", (entry) => {
    const names = entry.sources.map(({ node }) => node && (node.id || node.className || node.nodeName));
    probe.shifts.push([entry.startTime, entry.value, names.join(" ")]);
  });
  const painted = (note) => requestAnimationFrame(() => requestAnimationFrame(() => note(performance.now())));

  // The first page can be used when its scripts have put the focus into the field, a run's when its blocks are there. What is fetched is shown; of a long run that is
  // its end, and it is whole when all of it has been asked for.
  document.addEventListener("focusin", (event) => { if (event.target.id === "words") probe.usable ??= performance.now(); });
  const note = (name) => { if (probe[name] === null) { probe[name] = 0; painted((now) => { probe[name] = now; }); } };
  new MutationObserver(() => {
    if (document.querySelector("#run[aria-busy=false]")) probe.usable ??= performance.now();
    if (document.querySelector("#run[aria-busy=false], #runs[aria-busy=false]")) note("shown");
    if (document.querySelector("#run[data-whole], #runs[aria-busy=false]")) note("whole");
  }).observe(document, { attributeFilter: ["aria-busy", "data-whole"], subtree: true });

  // Each frame: when it began, by the clock of this page and by that of the day; the last number that the model wrote; the last time that code put out.
  const last = (id, mark) => Number(document.getElementById(id)?.textContent.slice(-60).match(mark)?.at(-1) ?? 0);
  let watching = false;
  probe.watch = () => {
    watching = true;
    probe.frames.length = probe.tasks.length = probe.shifts.length = 0;
    const each = (now) => {
      const token = Math.max(last("draft-thought", /\d{5}/g), last("draft-code", /\d{5}/g));
      probe.frames.push([now, Date.now(), token, last("live-text", /\d{10}\.\d{3}/g)]);
      if (watching) requestAnimationFrame(each);
    };
    requestAnimationFrame(each);
  };
  probe.stop = () => { watching = false; };

  // From the bottom to the top, so many pixels a frame, as long as there is more above.
  probe.climb = async (step) => {
    const top = () => scrollY <= 0 && document.querySelector("#run[data-whole]");
    probe.watch();
    while (!top()) {
      dispatchEvent(new WheelEvent("wheel", { deltaY: -step }));
      scrollBy({ top: -step, behavior: "instant" });
      await new Promise(requestAnimationFrame);
    }
    probe.stop();
    return document.documentElement.scrollHeight;
  };

  // From the top to the bottom, so many pixels a frame.
  probe.scroll = async (step) => {
    const page = document.documentElement;
    dispatchEvent(new WheelEvent("wheel", { deltaY: -step })); // the page holds its end until its reader scrolls
    scrollTo({ top: 0, behavior: "instant" });
    await new Promise(painted);
    probe.watch();
    while (scrollY + innerHeight < page.scrollHeight - 1) {
      dispatchEvent(new WheelEvent("wheel", { deltaY: step }));
      scrollBy({ top: step, behavior: "instant" });
      await new Promise(requestAnimationFrame);
    }
    probe.stop();
    return page.scrollHeight;
  };
  probe.jump = async (top) => {
    dispatchEvent(new WheelEvent("wheel", { deltaY: top - scrollY }));
    const begun = performance.now();
    scrollTo({ top, behavior: "instant" });
    return await new Promise(painted) - begun;
  };
})();
