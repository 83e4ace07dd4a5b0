// What makes every page pleasanter; each works without it.
"use strict";

// Whether somebody has filled in something else than the page came with.
function isChanged(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
  return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
}

// Where the page can be had again: what is answered to a form stands under the form's address, and says its own in
// data-here. What was done is said once, so that a page that is loaded again does not say it again.
function ownAddress() {
  const own = document.querySelector("[data-here]");
  const address = new URL(own ? own.dataset.here : location.href, location.href);
  address.searchParams.delete("done");
  const isOurs = address.pathname === location.pathname || own.hasAttribute("data-moved");
  if (isOurs && address.href !== location.href) history.replaceState(history.state, "", address);
  return address.href;
}

// Parts of the page that are kept fresh: <div id="x" data-live="5">. Every so many seconds the page is fetched once for
// all of them, and each is replaced that changed, unless somebody types or has something open in it. A part that comes
// without data-live is not asked for again.
function keepFresh(address) {
  const live = [...document.querySelectorAll("[data-live]")];
  if (!live.length) return;
  const seconds = Math.min(...live.map((part) => Number(part.dataset.live)));
  const shown = new Map();
  const isAtRest = (part) => !part.contains(document.activeElement) && !part.querySelector("details[open]") &&
    ![...part.querySelectorAll("input, textarea, select")].some(isChanged);
  // A form's key is another one each time: that alone changes nothing.
  const said = (part) => part.innerHTML.replace(/name="_once" value="[^"]*"/g, "");
  const timer = setInterval(async () => {
    const parts = [...document.querySelectorAll("[data-live]")].filter(isAtRest);
    if (!document.querySelector("[data-live]")) clearInterval(timer);
    if (document.hidden || !parts.length) return;
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const here of parts) {
        const fresh = page.getElementById(here.id);
        if (!fresh || !isAtRest(here)) continue;
        if (!fresh.dataset.live) delete here.dataset.live;
        if (said(fresh) === (shown.get(here.id) ?? said(here))) continue;
        shown.set(here.id, said(fresh));
        here.replaceChildren(...fresh.childNodes);
        here.dispatchEvent(new CustomEvent("fresh", { bubbles: true }));
      }
    } catch {
      // The server is away; the next round tries again.
    }
  }, seconds * 1000);
}

// What may be done no longer is hidden, unless somebody has typed into it: <form data-while="comment"> stays as long as
// the page holds something with data-is="comment".
function hideOver() {
  for (const part of document.querySelectorAll("[data-while]")) {
    const isOver = !document.querySelector(`[data-is="${part.dataset.while}"]`);
    part.hidden = isOver && ![...part.querySelectorAll("input, textarea, select")].some(isChanged);
  }
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
      else if (field.value === field.defaultValue || field.tagName === "SELECT") field.value = kept[field.name];
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (form.dataset.draftNote && fields().some(isChanged)) sayRestored(form, key);
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

// What comes from an earlier visit is said, and can be put away: <form data-draft-note="..." data-draft-anew="...">.
function sayRestored(form, key) {
  const note = document.createElement("div");
  note.className = "notice restored";
  note.setAttribute("role", "status");
  const words = document.createElement("p");
  words.textContent = form.dataset.draftNote;
  const anew = document.createElement("button");
  anew.type = "button";
  anew.className = "second small";
  anew.textContent = form.dataset.draftAnew;
  anew.addEventListener("click", () => {
    try { localStorage.removeItem(key); } catch { /* Not kept anyway. */ }
    form.reset();
    note.remove();
  });
  note.append(words, anew);
  form.before(note);
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

document.addEventListener("fresh", hideOver);
keepFresh(ownAddress());
// Where one is stands in view, also where the places do not all fit.
for (const link of document.querySelectorAll(".areas [aria-current], .tabs [aria-current]")) {
  link.scrollIntoView({ block: "nearest", inline: "nearest" });
}

document.querySelectorAll("figure.code").forEach(offerCopy);
document.querySelectorAll("[data-draft-done]").forEach(dropDraft);
document.querySelectorAll("form[data-draft]").forEach(keepDraft);
const faults = document.getElementById("faults");
if (faults) faults.focus();
