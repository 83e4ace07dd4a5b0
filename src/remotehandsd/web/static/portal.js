// What makes the portal pleasanter; each page works without it.
"use strict";

// A new ticket: the site's locations and the questions of the chosen work come by themselves.
function helpToOrder(form) {
  for (const button of form.querySelectorAll("button.no-script")) button.remove();
  const site = form.elements.site;
  const instruction = form.elements.instruction;
  const templates = new Set([...form.querySelectorAll("[data-template]")].map((one) => one.dataset.template.trim()));

  async function offerLocations() {
    const list = document.getElementById("locations");
    if (!site.value) {
      list.replaceChildren();
      return;
    }
    try {
      const address = `${form.dataset.newTicket}?site=${encodeURIComponent(site.value)}`;
      const answer = await fetch(address, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      list.replaceChildren(...page.getElementById("locations").childNodes);
    } catch {
      // The server is away: a location can be typed all the same.
    }
  }

  function ask() {
    const work = form.querySelector('[name="work"]:checked');
    const typed = instruction.value.trim();
    if (!work || (typed && !templates.has(typed))) return;
    instruction.value = work.dataset.template;
    instruction.dispatchEvent(new Event("input", { bubbles: true }));
  }

  site.addEventListener("change", offerLocations);
  for (const work of form.querySelectorAll('[name="work"]')) work.addEventListener("change", ask);
  if (site.value && !document.getElementById("locations").children.length) offerLocations();
}

// Files are dropped or chosen; what is chosen is named, and what is too large is said before it is sent.
function takeFiles(place) {
  const inputs = [...place.querySelectorAll('input[type="file"]')];
  const list = document.createElement("ul");
  list.className = "chosen";
  list.setAttribute("aria-live", "polite");
  place.append(list);
  const isTooLarge = (file) => file.size > Number(place.dataset.most);

  function show() {
    list.replaceChildren(...inputs.flatMap((input) => [...input.files]).map((file) => {
      const line = document.createElement("li");
      line.textContent = isTooLarge(file) ? `${file.name}: ${place.dataset.tooLarge}` : file.name;
      line.className = isTooLarge(file) ? "fault" : "";
      return line;
    }));
    for (const input of inputs) {
      input.setCustomValidity([...input.files].some(isTooLarge) ? place.dataset.tooLarge : "");
    }
  }

  for (const input of inputs) input.addEventListener("change", show);
  for (const kind of ["dragenter", "dragover"]) {
    place.addEventListener(kind, (event) => {
      event.preventDefault();
      place.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) place.addEventListener(kind, () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    const all = new DataTransfer();
    for (const file of [...inputs[0].files, ...event.dataTransfer.files]) all.items.add(file);
    inputs[0].files = all.files;
    show();
  });
}

document.querySelectorAll("form[data-new-ticket]").forEach(helpToOrder);
document.querySelectorAll("[data-drop]").forEach(takeFiles);
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
