// Handing in with a little comfort: counting, a draft, smaller photos, the position, a map.
// Everything here has a plain way without this script.

const find = (id) => document.getElementById(id);

/* --- counting and drafts --- */

function count() {
  const shown = find("count");
  const length = [...find("id_text").value].length;
  shown.hidden = length === 0;
  shown.textContent = shown.dataset.one.replace("{n}", length.toLocaleString());
}

/* The form says by which name its draft is kept, and which fields of it. */
const handIn = () => document.querySelector("form.hand-in");
const kept = () => handIn().dataset.kept.split(",");
const field = (name) => handIn().elements.namedItem(name);

function readDraft() {
  try {
    return JSON.parse(localStorage.getItem(handIn().dataset.draft) ?? "null");
  } catch {
    return null; // a browser that keeps nothing
  }
}

function keepDraft() {
  const draft = Object.fromEntries(kept().map((name) => [name, field(name).value]));
  try {
    if (draft.text.trim()) localStorage.setItem(handIn().dataset.draft, JSON.stringify(draft));
    else localStorage.removeItem(handIn().dataset.draft);
    find("draft-kept").hidden = !draft.text.trim();
  } catch {
    // Without storage there is no draft and no promise of one.
  }
}

function restoreDraft() {
  const draft = readDraft();
  if (!draft || field("text").value.trim()) return;
  for (const name of kept()) {
    if (draft[name] && field(name)) field(name).value = draft[name];
  }
  find("draft-kept").hidden = false;
}

function forgetDraft() {
  try {
    localStorage.removeItem(handIn().dataset.draft);
  } catch {
    // Nothing was kept.
  }
}

function clearDraft() {
  forgetDraft();
  find("id_text").value = "";
  find("draft-kept").hidden = true;
  count();
  find("id_text").focus();
}

/* --- photos --- */

/** Whether a list of files can be put together here; old browsers keep their plain field. */
const canGather = (() => {
  try {
    return Boolean(new DataTransfer());
  } catch {
    return false;
  }
})();

let photos = [];

async function addPhotos(input) {
  const list = find("chosen");
  const most = Number(list.dataset.most);
  const wanted = [...photos, ...input.files];
  const note = find("photos-note");
  note.hidden = wanted.length <= most;
  note.textContent = list.dataset.tooMany;
  photos = wanted.slice(0, most);
  photos = await Promise.all(photos.map(window.smallerPhoto));
  showPhotos();
}

function showPhotos() {
  const list = find("chosen");
  const carrier = new DataTransfer();
  for (const photo of photos) carrier.items.add(photo);
  find("id_photos").files = carrier.files;
  for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
  list.replaceChildren(...photos.map((photo, index) => photoItem(photo, index, list)));
  list.hidden = photos.length === 0;
}

function photoItem(photo, index, list) {
  const item = document.createElement("li");
  const image = document.createElement("img");
  image.src = URL.createObjectURL(photo);
  image.alt = list.dataset.photo.replace("{n}", index + 1);
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "photos__remove";
  remove.setAttribute("aria-label", list.dataset.remove.replace("{n}", index + 1));
  remove.append(icon("cross"));
  remove.addEventListener("click", () => {
    photos = photos.filter((other) => other !== photo);
    showPhotos();
    find("id_photos").focus();
  });
  item.append(image, remove);
  return item;
}

function icon(name) {
  const address = document.querySelector("use").getAttribute("href").split("#")[0];
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${address}#${name}`);
  drawing.append(use);
  return drawing;
}

/* --- the community: a long list, shortened by a few letters --- */

let groups = null;

function shorten() {
  const select = find("id_place");
  groups ??= [...select.querySelectorAll("optgroup")].map((group) => ({
    label: group.label,
    options: [...group.children],
  }));
  const typed = find("find-place").value.trim().toLowerCase();
  const chosen = select.value;
  for (const group of select.querySelectorAll("optgroup")) group.remove();
  let first = null;
  for (const { label, options } of groups) {
    const inGroup = label.toLowerCase().includes(typed);
    const fitting = options.filter((o) => inGroup || o.text.toLowerCase().includes(typed));
    if (!fitting.length) continue;
    const group = document.createElement("optgroup");
    group.label = label;
    group.append(...fitting);
    select.append(group);
    first ??= fitting[0];
  }
  const keeps = [...select.options].some((option) => option.value === chosen && chosen);
  select.value = keeps ? chosen : typed && first ? first.value : "";
}

/* --- the position --- */

let map = null;
let marker = null;

function pick(lat, lon, name = "") {
  find("id_lat").value = lat.toFixed(6);
  find("id_lon").value = lon.toFixed(6);
  const text = find("picked-text");
  text.textContent = name ? text.dataset.in.replace("{place}", name) : text.dataset.picked;
  find("picked").hidden = false;
  if (map) mark(lat, lon);
}

/** Bring a position into view that was not chosen on the map itself. */
function approach(lat, lon) {
  map?.easeTo({ center: [lon, lat], zoom: Math.max(map.getZoom(), 13) });
}

function unpick() {
  find("id_lat").value = find("id_lon").value = "";
  find("picked").hidden = true;
  marker?.remove();
}

function useMyPosition(button) {
  if (button.dataset.busy) return;
  const words = button.querySelector("span");
  const before = words.textContent;
  words.textContent = button.dataset.asking;
  button.dataset.busy = "yes";
  const done = (text) => {
    words.textContent = text;
    delete button.dataset.busy;
  };
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      done(before);
      pick(coords.latitude, coords.longitude);
      approach(coords.latitude, coords.longitude);
    },
    () => done(button.dataset.refused),
    { enableHighAccuracy: true, timeout: 15_000 },
  );
}

/* --- the map, loaded only when somebody asks for it --- */

function mark(lat, lon) {
  marker ??= new maplibregl.Marker({ color: colour("--jade") });
  marker.setLngLat([lon, lat]).addTo(map);
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Script and style are both needed before the map may measure itself. */
function load(box) {
  const script = Object.assign(document.createElement("script"), { src: box.dataset.script });
  const style = Object.assign(document.createElement("link"), {
    rel: "stylesheet",
    href: box.dataset.style,
  });
  const arrivals = [script, style].map(
    (element) =>
      new Promise((done, failed) => {
        element.onload = done;
        element.onerror = failed;
      }),
  );
  document.head.append(script, style);
  return Promise.all(arrivals);
}

async function boundaries(box, level) {
  const answer = await fetch(box.dataset.boundaries + level);
  if (!answer.ok) throw new Error(`boundaries: ${answer.status}`);
  return answer.json();
}

async function drawMap(box) {
  const [areas, communities] = await Promise.all([
    boundaries(box, 3),
    boundaries(box, 4),
    load(box),
  ]);
  maplibregl.setWorkerUrl(box.dataset.worker);
  map = new maplibregl.Map({
    container: "map",
    attributionControl: false,
    bounds: extent(areas),
    fitBoundsOptions: { padding: 16 },
    cooperativeGestures: false,
    dragRotate: false,
    pitchWithRotate: false,
    style: quietStyle(areas, communities),
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }));
  map.getCanvas().setAttribute("aria-label", box.dataset.label);
  map.on("click", (event) => {
    const [found] = map.queryRenderedFeatures(event.point, { layers: ["communities", "areas"] });
    pick(event.lngLat.lat, event.lngLat.lng, found?.properties.name);
  });
  for (const area of areas.features) label(area);
  const { value: lat } = find("id_lat");
  if (lat) {
    mark(Number(lat), Number(find("id_lon").value));
    approach(Number(lat), Number(find("id_lon").value));
  }
}

function quietStyle(areas, communities) {
  return {
    version: 8,
    sources: {
      areas: { type: "geojson", data: areas },
      communities: { type: "geojson", data: communities },
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": colour("--sunk") } },
      { id: "areas", type: "fill", source: "areas", paint: { "fill-color": colour("--raised") } },
      { id: "communities", type: "fill", source: "communities", paint: { "fill-color": colour("--raised"), "fill-opacity": 0 } },
      { id: "blocks", type: "line", source: "communities", minzoom: 11.5, paint: { "line-color": colour("--line"), "line-width": 1 } },
      { id: "edges", type: "line", source: "areas", paint: { "line-color": colour("--edge"), "line-width": 1.2 } },
    ],
  };
}

/** Names as elements over the map: no glyph files are needed, and they speak our typeface. */
function label(area) {
  const { name, lat, lon } = area.properties;
  if (lat == null || lon == null) return;
  const element = document.createElement("span");
  element.className = "map-name";
  element.textContent = name;
  element.setAttribute("aria-hidden", "true");
  new maplibregl.Marker({ element }).setLngLat([lon, lat]).addTo(map);
}

function extent({ features }) {
  const points = features.flatMap((f) => f.geometry.coordinates.flat(f.geometry.type === "Polygon" ? 1 : 2));
  const lons = points.map(([lon]) => lon);
  const lats = points.map(([, lat]) => lat);
  return [[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]];
}

async function toggleMap(button) {
  const box = find("map-box");
  box.hidden = !box.hidden;
  button.setAttribute("aria-expanded", String(!box.hidden));
  if (box.hidden || map) return;
  try {
    await drawMap(box);
  } catch {
    find("map").textContent = box.dataset.failed;
  }
}

/* --- wiring; again after htmx put a corrected form in place --- */

function dress() {
  map = marker = groups = null;
  for (const element of document.querySelectorAll("#hand-in [data-needs-script]")) {
    element.hidden = false;
  }
  find("id_photos").classList.toggle("is-dressed", canGather);
  find("add-photo").hidden = !canGather;
  const { done } = handIn().dataset;
  if (done && readDraft()?.key === done) forgetDraft(); // it was taken in
  restoreDraft();
  keepDraft();
  count();
  document.querySelector("[data-focus]")?.focus();
}

document.addEventListener("input", (event) => {
  if (event.target.id === "id_text") count();
  if (event.target.id === "find-place") shorten();
  if (event.target.closest("form.hand-in") && event.target.type !== "file") keepDraft();
});
document.addEventListener("change", (event) => {
  if (canGather && event.target.id === "id_photos") addPhotos(event.target);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.id === "draft-clear") clearDraft();
  if (button.id === "here") useMyPosition(button);
  if (button.id === "show-map") toggleMap(button);
  if (button.id === "unpick") unpick();
});
/** Whether the form itself is put in place, not another part of the page that renews itself. */
const ofForm = ({ detail }) => detail.target?.id === "hand-in";
document.addEventListener("htmx:beforeSwap", (event) => {
  if (ofForm(event)) map?.remove();
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (ofForm(event)) dress();
});
dress();
