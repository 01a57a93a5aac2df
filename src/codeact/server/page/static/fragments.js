// HTML that the server made, put into the page: new blocks at the end, changed ones in their place, with what the reader had opened in them.
const parser = document.createElement("template");

export function parse(html) {
  parser.innerHTML = html;
  return localize(parser.content);
}

// Times as the reader writes them.
export function localize(found) {
  for (const time of found.querySelectorAll("time[datetime]")) {
    const date = new Date(time.dateTime);
    if (!Number.isNaN(date.valueOf())) time.textContent = date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  }
  return found;
}

export function put(container, id, html) {
  const made = parse(html).firstElementChild;
  const old = document.getElementById(id);
  if (!old) {
    container.append(made);
    return made;
  }
  const open = [...old.querySelectorAll("details")].map((details) => details.open);
  [...made.querySelectorAll("details")].forEach((details, place) => { details.open = open[place] ?? details.open; });
  old.replaceWith(made);
  return made;
}
