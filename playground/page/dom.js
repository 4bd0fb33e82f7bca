// Builds elements from text and other elements only: nothing that somebody wrote is ever read as HTML.

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (name === "dataset") Object.assign(node.dataset, value);
    else if (name === "vars") for (const [key, one] of Object.entries(value)) node.style.setProperty(key, one);
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
}

// Keeps a list's elements while their content stays the same, so that growing text moves nothing else.
export function keyed(container, rows) {
  const before = container.rows ?? new Map();
  const now = new Map();
  let place = container.firstChild;
  for (const { key, mark, make } of rows) {
    const old = before.get(key);
    const kept = old && old.mark === mark;
    const node = kept ? old.node : make();
    if (old && !kept) {
      if (place === old.node) place = old.node.nextSibling;
      old.node.remove();
    }
    if (node === place) place = place.nextSibling;
    else container.insertBefore(node, place);
    now.set(key, { mark, node });
    before.delete(key);
  }
  for (const { node } of before.values()) node.remove();
  container.rows = now;
}

const SHAPES = {
  lock: "M5 7V5a3 3 0 0 1 6 0v2h.5A1.5 1.5 0 0 1 13 8.5v4A1.5 1.5 0 0 1 11.5 14h-7A1.5 1.5 0 0 1 3 12.5v-4A1.5 1.5 0 0 1 4.5 7H5Zm1.5 0h3V5a1.5 1.5 0 0 0-3 0v2Z",
  close: "M4 4l8 8M12 4l-8 8",
  check: "M3.5 8.5l3 3 6-7",
  eye: "M1.5 8s2.5-4.5 6.5-4.5S14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8Zm6.5 2a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  reply: "M2.5 3.5h11v7h-6l-3 2.5v-2.5h-2z",
  chevron: "M4 6l4 4 4-4",
  layers: "M8 2.5l6 3-6 3-6-3zM2 8.5l6 3 6-3M2 11l6 3 6-3",
  link: "M6.5 9.5l3-3M7 4.5l1-1a2.5 2.5 0 0 1 4 4l-1 1M9 11.5l-1 1a2.5 2.5 0 0 1-4-4l1-1",
  up: "M5 7l2.5-5c1 0 1.5.7 1.5 1.5V6h3.5l-.8 6H5zM5 7H2.5v5H5z",
  down: "M5 9l2.5 5c1 0 1.5-.7 1.5-1.5V10h3.5l-.8-6H5zM5 9H2.5V4H5z",
  send: "M2.5 2.5l11 5.5-11 5.5 1.800-5.5zM4.300 8h5",
  mute: "M2.5 6v4h2.5l3.5 3V3L5 6zM11 6l3.5 4M14.5 6L11 10",
  smile: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM5.5 9.5c1.200 1.800 3.800 1.800 5 0M6 6.300v.4M10 6.300v.4",
};

export function icon(name, label = "") {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", `icon icon-${name}`);
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

export function when(ts) {
  return new Date(Number(ts) * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}
