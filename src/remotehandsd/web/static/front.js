// Keeps the counts of the front page fresh, and puts a button for copying beside each call.
"use strict";

const refreshEvery = 5000;

async function refresh() {
  const counts = document.getElementById("counts");
  if (!counts || document.hidden) return;
  try {
    const answer = await fetch("/", { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("counts");
    if (fresh) counts.replaceChildren(...fresh.children);
  } catch {
    // The server is away; the next round tries again.
  }
}

for (const block of document.querySelectorAll("figure.code")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.querySelector("code").textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
  block.querySelector("figcaption").append(button);
}

setInterval(refresh, refreshEvery);
