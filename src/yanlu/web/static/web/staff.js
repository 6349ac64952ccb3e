// The staff's pages work without this. With it: keys, marks that stay, lists to narrow, the map.

document.documentElement.classList.add("has-script");

// ---- Lists that are narrowed by typing: <select data-narrow="hint"> ----

function narrow(select) {
  if (select.dataset.narrowed || select.options.length < 12) return;
  select.dataset.narrowed = "yes";
  const box = document.createElement("input");
  box.type = "search";
  box.className = "form-control narrow";
  box.placeholder = select.dataset.narrow;
  box.setAttribute("aria-label", `${select.labels[0]?.innerText.trim() ?? ""}: ${select.dataset.narrow}`);
  const kept = [...select.children].map((child) => child.cloneNode(true));
  box.addEventListener("input", () => {
    const chosen = select.value;
    const typed = box.value.trim().toLowerCase();
    select.replaceChildren(...kept.map((child) => fitting(child, typed, chosen)).filter(Boolean));
    select.value = chosen;
  });
  box.addEventListener("keydown", (event) => {
    // Enter chooses what fits; it never sends the form.
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const first = [...select.options].find((option) => option.value && matches(option, box));
    if (first && box.value.trim()) select.value = first.value;
    select.focus();
  });
  select.before(box);
}

const matches = (option, box) =>
  option.text.toLowerCase().includes(box.value.trim().toLowerCase());

/** A copy of an option or group with what fits; the chosen one and the empty one always stay. */
function fitting(child, typed, chosen) {
  const fits = (option) =>
    !option.value || option.value === chosen || option.text.toLowerCase().includes(typed);
  if (child.tagName === "OPTION") return fits(child) ? child.cloneNode(true) : null;
  const group = child.cloneNode(false);
  group.append(...[...child.children].filter(fits).map((option) => option.cloneNode(true)));
  return group.children.length ? group : null;
}

// ---- Marks on the queue that stay while one pages and filters ----

const MARKS = "yanlu-marked";
const marked = () => new Map(JSON.parse(sessionStorage.getItem(MARKS) ?? "[]"));
const keep = (marks) => sessionStorage.setItem(MARKS, JSON.stringify([...marks]));
const boxes = () => [...document.querySelectorAll('input[name="case"][form="many"]')];

function showMarks() {
  const form = document.querySelector("[data-many]");
  if (!form) return;
  const marks = marked();
  for (const box of boxes()) box.checked = marks.has(box.value);
  const shown = new Set(boxes().map((box) => box.value));
  for (const old of form.querySelectorAll("input[data-kept]")) old.remove();
  for (const value of marks.keys()) {
    if (shown.has(value)) continue;
    const hidden = document.createElement("input");
    Object.assign(hidden, { type: "hidden", name: "case", value });
    hidden.dataset.kept = "yes";
    form.append(hidden);
  }
  form.classList.toggle("is-on", marks.size > 0);
  const count = form.querySelector("[data-many-count]");
  count.textContent = marks.size === 1 ? count.dataset.one : count.dataset.more.replace("%d", marks.size);
}

function mark(values, on) {
  const marks = marked();
  for (const value of values) on ? marks.set(value, 1) : marks.delete(value);
  keep(marks);
  showMarks();
}

document.addEventListener("change", (event) => {
  if (event.target.matches('input[name="case"][form="many"]')) {
    mark([event.target.value], event.target.checked);
  }
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-many-all]")) mark(boxes().map((box) => box.value), true);
  if (event.target.closest("[data-many-none]")) mark([...marked().keys()], false);
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-many]")) sessionStorage.removeItem(MARKS);
});

// ---- Filters: an address without empty fields ----

document.addEventListener("htmx:configRequest", (event) => {
  if (!event.target.matches("[data-filters]")) return;
  const { parameters } = event.detail;
  for (const name of Object.keys(parameters)) if (!parameters[name]) delete parameters[name];
});

// ---- A report's days follow its kind: <form data-spans='{"weekly": ["first", "last"]}'> ----

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-spans]");
  if (!form || event.target.name !== "kind") return;
  const [first, last] = JSON.parse(form.dataset.spans)[event.target.value];
  form.elements.namedItem("first").value = first;
  form.elements.namedItem("last").value = last;
});

// ---- Photos in full ----

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-photo]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const dialog = document.createElement("dialog");
  dialog.className = "photo-large";
  const image = new Image();
  image.src = link.href;
  image.alt = link.querySelector("img").alt;
  dialog.append(image);
  dialog.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
});

// ---- The map: the resident's point and the place's boundary on a quiet ground ----

function showMap(holder) {
  const data = JSON.parse(document.getElementById("case-map-data").textContent);
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const { maplibregl } = window;
  if (!maplibregl || !document.createElement("canvas").getContext("webgl2")) return;
  holder.hidden = false;
  maplibregl.setWorkerUrl(holder.dataset.worker);
  const layers = [{ id: "ground", type: "background", paint: { "background-color": token("--sunk") } }];
  const sources = {};
  if (data.around) {
    sources.around = { type: "geojson", data: new URL(data.around, location.href).href };
    layers.push({ id: "around", type: "line", source: "around", paint: { "line-color": token("--edge"), "line-opacity": 0.45, "line-width": 1 } });
  }
  if (data.boundary) {
    sources.place = { type: "geojson", data: { type: "Feature", properties: {}, geometry: data.boundary } };
    layers.push(
      { id: "place", type: "fill", source: "place", paint: { "fill-color": token("--jade"), "fill-opacity": 0.12 } },
      { id: "edge", type: "line", source: "place", paint: { "line-color": token("--jade"), "line-width": 1.5 } },
    );
  }
  if (data.point) {
    sources.point = { type: "geojson", data: { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: data.point } } };
    layers.push({
      id: "point",
      type: "circle",
      source: "point",
      paint: { "circle-radius": 8, "circle-color": token("--vermilion"), "circle-stroke-color": token("--raised"), "circle-stroke-width": 2.5 },
    });
  }
  const map = new maplibregl.Map({
    container: holder,
    style: { version: 8, sources, layers },
    bounds: extent(data),
    fitBoundsOptions: { padding: 44, maxZoom: 16 },
    attributionControl: false,
    cooperativeGestures: false,
    scrollZoom: false,
  });
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.getCanvas().setAttribute("aria-label", holder.dataset.label);
}

/** West, south, east, north of the boundary and the point. */
function extent({ point, boundary }) {
  const corners = boundary ? boundary.coordinates.flat(Infinity) : [];
  const lons = corners.filter((_, i) => i % 2 === 0);
  const lats = corners.filter((_, i) => i % 2 === 1);
  if (point) {
    lons.push(point[0]);
    lats.push(point[1]);
  }
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

// ---- Keys ----

const OFF = "yanlu-keys-off";
const typing = (target) =>
  target.matches("textarea, select, [contenteditable]") ||
  (target.matches("input") && !["checkbox", "radio", "button", "submit"].includes(target.type));
let going = false;

/** Rows that j and k walk through: those of the queue, else those of the pane beside a case. */
const rows = () => [...document.querySelectorAll("[data-row] a[href]")];

function walk(step) {
  const all = rows();
  if (!all.length) return;
  const inPane = all[0].closest("#pane-rows");
  const now = inPane
    ? all.findIndex((link) => link.hasAttribute("aria-current"))
    : all.findIndex((link) => link.closest("[data-row]").contains(document.activeElement));
  const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
  if (inPane) {
    if (!next.hasAttribute("aria-current")) next.click();
    return;
  }
  next.focus();
  next.closest("[data-row]").scrollIntoView({ block: "nearest" });
  if (all.indexOf(next) > all.length - 5) document.querySelector("[data-more]")?.click();
}

/** Open the act behind a letter and go to its first field; a plain act's button is only focused. */
function openAct(key) {
  const found = document.querySelector(`.acts [data-key="${key}"]`);
  if (!found) return false;
  const act = found.closest("details");
  if (!act) {
    found.focus();
    return true;
  }
  for (const other of document.querySelectorAll(".acts details.act[open]")) other.open = other === act;
  act.open = true;
  (act.querySelector("form :is(input:not([type=hidden]), select, textarea)") ?? act.querySelector("summary")).focus();
  act.scrollIntoView({ block: "nearest" });
  return true;
}

const SINGLE = {
  "?": () => document.getElementById("shortcuts").showModal(),
  "/": () => document.getElementById("filter-search")?.focus(),
  j: () => walk(1),
  k: () => walk(-1),
  m: () => document.activeElement.closest("[data-row]")?.querySelector('input[name="case"]')?.click(),
  u: () => document.querySelector("[data-up]")?.click(),
  n: () => document.querySelector("[data-next]")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest('form[method="post"]');
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
    return;
  }
  if (event.key === "Escape" && event.target.id === "filter-search") event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (localStorage.getItem(OFF) || document.querySelector("dialog[open]")) return;
  if (going) {
    going = false;
    document.querySelector(`[data-go="${event.key}"]`)?.click();
    return;
  }
  if (event.key === "g") {
    going = true;
    setTimeout(() => (going = false), 1500);
    return;
  }
  const act = SINGLE[event.key];
  if (openAct(event.key) || act) event.preventDefault();
  if (act && !document.querySelector(`.acts [data-key="${event.key}"]`)) act();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open).showModal();
});
const off = document.getElementById("shortcuts-off");
off.checked = Boolean(localStorage.getItem(OFF));
off.addEventListener("change", () =>
  off.checked ? localStorage.setItem(OFF, "yes") : localStorage.removeItem(OFF),
);

// ---- Whatever came onto the page ----

function dress(root) {
  for (const select of root.querySelectorAll("select[data-narrow]")) narrow(select);
  showMarks();
}

if (matchMedia("(max-width: 760px)").matches) {
  for (const fold of document.querySelectorAll("[data-close-on-phone]")) fold.open = false;
}
document.addEventListener("htmx:afterSettle", (event) => dress(event.target));
dress(document);
document.querySelector(".field--wrong :is(input:not([type=hidden], .narrow), select, textarea)")?.focus();
const holder = document.getElementById("case-map");
if (holder) showMap(holder);
document.querySelector(".pane__row[aria-current]")?.scrollIntoView({ block: "nearest" });
