// What makes every page pleasanter; each works without it.
"use strict";

// A part of the page that is kept fresh: <div id="x" data-live="5">. Every so many seconds the page is fetched again
// and the part replaced, unless somebody types or has something open in it.
function keepFresh(part) {
  const seconds = Number(part.dataset.live);
  let shown = null;
  setInterval(async () => {
    const here = document.getElementById(part.id);
    if (!here || document.hidden || here.contains(document.activeElement) || here.querySelector("details[open]")) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
      if (!fresh || fresh.innerHTML === shown) return;
      shown = fresh.innerHTML;
      here.replaceChildren(...fresh.childNodes);
      here.dispatchEvent(new CustomEvent("fresh", { bubbles: true }));
    } catch {
      // The server is away; the next round tries again.
    }
  }, seconds * 1000);
}

// A button for copying beside each piece of code.
function offerCopy(block) {
  if (!navigator.clipboard || block.querySelector("button")) return;
  const words = document.body.dataset;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words.copy || "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.querySelector("code").textContent);
    button.textContent = words.copied || "Copied";
    setTimeout(() => { button.textContent = words.copy || "Copy"; }, 1500);
  });
  block.querySelector("figcaption").append(button);
}

// What is typed into <form data-draft="name"> is kept in this browser until it was taken: nothing typed is lost.
function keepDraft(form) {
  const key = `draft:${form.dataset.draft}`;
  const fields = () => [...form.elements].filter((field) =>
    field.name && !field.name.startsWith("_") && !["password", "file", "hidden", "submit"].includes(field.type));
  let kept = {};
  try { kept = JSON.parse(localStorage.getItem(key) || "{}"); } catch { kept = {}; }
  if (!form.querySelector(".fault")) {
    for (const field of fields()) {
      if (!(field.name in kept)) continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = kept[field.name].includes(field.value);
      else if (!field.value || field.tagName === "SELECT") field.value = kept[field.name];
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
  form.addEventListener("input", () => {
    const now = {};
    for (const field of fields()) {
      if (field.type === "checkbox" || field.type === "radio") {
        now[field.name] = (now[field.name] || []).concat(field.checked ? [field.value] : []);
      } else {
        now[field.name] = field.value;
      }
    }
    try { localStorage.setItem(key, JSON.stringify(now)); } catch { /* No room: then it is not kept. */ }
  });
}

// A page that says <... data-draft-done="name"> tells that the draft was taken.
function dropDraft(sign) {
  try { localStorage.removeItem(`draft:${sign.dataset.draftDone}`); } catch { /* Not kept anyway. */ }
}

// One click sends once. The server would not do it twice either: the form carries a key.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, 5000);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// A menu closes when one clicks beside it or presses Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Where one is stands in view, also where the places do not all fit.
for (const link of document.querySelectorAll(".areas [aria-current], .tabs [aria-current]")) {
  link.scrollIntoView({ block: "nearest", inline: "nearest" });
}

document.querySelectorAll("[data-live]").forEach(keepFresh);
document.querySelectorAll("figure.code").forEach(offerCopy);
document.querySelectorAll("[data-draft-done]").forEach(dropDraft);
document.querySelectorAll("form[data-draft]").forEach(keepDraft);
const faults = document.getElementById("faults");
if (faults) faults.focus();
