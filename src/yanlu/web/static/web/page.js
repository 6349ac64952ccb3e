// What every page does: say when the network fails, keep busy buttons from being pressed twice.

const notice = () => document.getElementById("notice");

/** Show one line of text where refused acts are explained. */
function say(text) {
  const place = notice();
  if (!place) return;
  const box = document.createElement("div");
  box.className = "notice notice--error";
  box.setAttribute("role", "alert");
  box.dataset.said = "yes";
  const line = document.createElement("p");
  line.textContent = text;
  box.append(line);
  place.replaceChildren(box);
  place.scrollIntoView({ block: "center" });
}

/** What nobody asked for fails without a word: <div data-quiet hx-…>. */
const isQuiet = ({ detail }) => detail.target?.dataset?.quiet !== undefined;

document.addEventListener("htmx:sendError", (event) => {
  if (!isQuiet(event)) say(document.body.dataset.offline);
});
document.addEventListener("htmx:timeout", (event) => {
  if (!isQuiet(event)) say(document.body.dataset.broken);
});
document.addEventListener("htmx:beforeRequest", (event) => {
  // A new try: what was said of the one before no longer holds.
  if (!isQuiet(event)) notice()?.querySelector("[data-said]")?.remove();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  // A whole error page belongs into no fragment: say that it failed, keep what is there.
  const { xhr } = event.detail;
  if (xhr.status >= 500) {
    event.detail.shouldSwap = false;
    if (!isQuiet(event)) say(document.body.dataset.broken);
  }
});

// A form that was sent shows that it is under way and can't be sent a second time. Coming back
// to the page by the browser's own button makes it usable again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  document.getElementById("working")?.classList.add("is-on");
  for (const button of form.querySelectorAll("button[type=submit]")) {
    button.setAttribute("aria-disabled", "true");
  }
});
window.addEventListener("pageshow", () => {
  document.getElementById("working")?.classList.remove("is-on");
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button[aria-disabled]")) {
      button.removeAttribute("aria-disabled");
    }
  }
});

// Menus made of <details> close on Escape and when something else is chosen.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.activeElement?.closest("details[open].menu");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[open].menu")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// Copy a text to the clipboard: <button data-copy="…" data-copied="Copied">.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const words = button.querySelector("[data-words]") ?? button;
  words.textContent = button.dataset.copied;
});

// Print the page: <button data-print>.
document.addEventListener("click", (event) => {
  if (event.target.closest("button[data-print]")) window.print();
});

// Buttons that need this script are hidden without it: <button data-needs-script hidden>.
for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
