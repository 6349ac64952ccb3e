// On patrol: the catalogue is narrowed by typing, and the position is asked for by itself where the
// person has allowed that before. Everything here has a plain way without this script.

const find = (id) => document.getElementById(id);
const all = (selector) => [...document.querySelectorAll(selector)];
const chosen = () => document.querySelector('[name="item"]:checked');

/** Only what holds all the words typed, its groups open; without any, the groups closed. */
function narrow() {
  const typed = find("find-item").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (one) => typed.every((word) => one.dataset.words.toLowerCase().includes(word));
  for (const group of all(".items__group")) {
    const ones = [...group.querySelectorAll(".items__one")];
    for (const one of ones) one.hidden = !fits(one);
    group.hidden = ones.every((one) => one.hidden);
    group.open = typed.length > 0 && !group.hidden;
  }
  find("no-item").hidden = !all(".items__group").every((group) => group.hidden);
}

/** Say what is chosen, and put the list away. */
function show() {
  const item = chosen();
  find("item-chosen").hidden = !item;
  find("item-list").hidden = Boolean(item);
  if (!item) return;
  find("item-chosen").querySelector("span").textContent = item.parentElement.textContent.trim();
  find("find-item").value = "";
  narrow();
}

/** Bring the list back; what was chosen holds until something else is. */
function reopen() {
  find("item-list").hidden = false;
  find("find-item").focus();
}

/** Where the person is now, unless they said otherwise where it is. */
async function locate() {
  if (find("id_place").value || !find("map-box").hidden) return;
  try {
    const { state } = await navigator.permissions.query({ name: "geolocation" });
    if (state === "granted") find("here").click();
  } catch {
    // A browser that can't say so waits to be asked.
  }
}

function dress() {
  narrow(); // by what is typed already: the person may be quicker than this script
  show();
}

document.addEventListener("input", (event) => {
  if (event.target.id === "find-item") narrow();
});
document.addEventListener("keydown", (event) => {
  // Enter in the box for finding never sends the form.
  if (event.target.id === "find-item" && event.key === "Enter") event.preventDefault();
});
document.addEventListener("change", (event) => {
  if (event.target.name === "item") show();
  if (event.target.id === "id_photos") locate(); // they may have walked on since the page came
});
document.addEventListener("click", (event) => {
  if (event.target.id === "item-change") reopen();
});
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target?.id === "hand-in") dress(); // the form itself, corrected
});
dress();
locate();
