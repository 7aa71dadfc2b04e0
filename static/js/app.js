// Unobtrusive helpers of officers' pages, driven by data-* attributes. Every page works without this file.
"use strict";

// A second click on a button that is already being answered must not send the form twice.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  if (form.method !== "post") return;
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 5000);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// data-live: a part that htmx renews by itself. Never take a form away from under the hand that fills it in,
// nor a button between pressing and letting go.
let pressed = false;
document.addEventListener("pointerdown", () => { pressed = true; });
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => setTimeout(() => { pressed = false; }, 50));
}
function inUse(part) {
  const focused = document.activeElement;
  const typing = part.contains(focused) && focused.matches("input, select, textarea, summary");
  return pressed || typing || part.querySelector("details[open]") !== null;
}
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches("[data-live]") && inUse(event.target)) event.preventDefault();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.matches("[data-live]") && inUse(event.target)) event.detail.shouldSwap = false;
});

// data-offline: the line that says the server does not answer.
function showOffline(offline) {
  for (const line of document.querySelectorAll("[data-offline]")) line.hidden = !offline;
}
document.addEventListener("htmx:sendError", () => showOffline(true));
document.addEventListener("htmx:afterOnLoad", () => showOffline(false));

// data-fullscreen: the projector page fills the TV; the button exists only where the browser can.
for (const button of document.querySelectorAll("[data-fullscreen]")) {
  button.hidden = !document.fullscreenEnabled;
  button.addEventListener("click", () => document.documentElement.requestFullscreen());
}

// data-copy="#id": copy the text of that field, and say so on the button.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const field = document.querySelector(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = "✔ Đã chép";
    } catch {
      button.textContent = "Xin bấm Ctrl + C";
    }
  });
}

// A date field shows the date in the browser's own order; say below it which day is meant, in Vietnamese.
const inWords = new Intl.DateTimeFormat("vi-VN", { dateStyle: "full", timeStyle: "short" });
for (const field of document.querySelectorAll("input[type=datetime-local]")) {
  const words = document.createElement("p");
  words.className = "form-text";
  field.after(words);
  const say = () => { words.textContent = field.value ? inWords.format(new Date(field.value)) : ""; };
  field.addEventListener("input", say);
  say();
}

// After a refused form, start where the correction is needed.
const wrong = document.querySelector(".is-invalid, main .wrong");
if (wrong) {
  wrong.scrollIntoView({ block: "center" });
  if (wrong.matches(".is-invalid")) wrong.focus();
}
