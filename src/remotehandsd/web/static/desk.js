// What makes the desk pleasanter; each page works without it.
"use strict";

const words = document.getElementById("unsent").dataset;

// The queue is kept fresh. What somebody has just focused, or is about to press, stays where it is on the screen.
function keepQueue(part) {
  let isBusy = false;
  let pointed = 0;
  let touched = 0;
  const told = document.getElementById("changed");
  part.addEventListener("focusin", () => { touched = Date.now(); });
  part.addEventListener("pointermove", () => { pointed = Date.now(); });
  part.addEventListener("pointerdown", () => { pointed = Date.now(); });

  function put(fresh) {
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    const links = (of) => [...of.querySelectorAll("a")];
    const isSame = (link) => link.getAttribute("href") === focused.getAttribute("href");
    const isThere = !focused || links(fresh).some(isSame);
    if (!isThere && Date.now() - touched < 15000) return false;
    const was = focused ? focused.getBoundingClientRect().top : 0;
    const at = focused ? links(part).indexOf(focused) : 0;
    part.replaceChildren(...fresh.childNodes);
    part.style.padding = "";
    if (!focused) return true;
    // What has left the list gives its place to what stands there now.
    const again = links(part).find(isSame) || links(part)[Math.min(at, links(part).length - 1)];
    if (!again) return true;
    const moved = () => Math.round(again.getBoundingClientRect().top - was);
    again.focus({ preventScroll: true });
    scrollBy(0, moved());
    // Where the page is too short to be scrolled so far, room is made for it.
    if (moved() > 0) part.style.paddingBottom = `${moved() + innerHeight}px`;
    if (moved() > 0) scrollBy(0, moved());
    if (moved() < 0) part.style.paddingTop = `${-moved()}px`;
    return true;
  }

  setInterval(async () => {
    if (document.hidden || isBusy) return;
    isBusy = true;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
      if (!fresh || fresh.innerHTML === part.innerHTML) return;
      if (Date.now() - pointed < 2000) return;
      const lines = (of) => [...of.querySelectorAll("tr[id]")].map((one) => one.id).join();
      const isOther = lines(fresh) !== lines(part);
      if (put(fresh) && isOther) told.textContent = words.changed;
    } catch {
      // The server is away; the next round tries again.
    } finally {
      isBusy = false;
    }
  }, Number(part.dataset.deskLive) * 1000);
}

// Keys: j and k move, o opens, / searches, u goes back, c comments, ? tells of them. Not while somebody types.
function step(by) {
  const lines = [...document.querySelectorAll("[data-line]")];
  if (!lines.length) return;
  const at = lines.indexOf(document.activeElement);
  const next = lines[at < 0 ? (by > 0 ? 0 : lines.length - 1) : Math.min(lines.length - 1, Math.max(0, at + by))];
  next.focus();
  next.closest("tr").scrollIntoView({ block: "nearest" });
}

const keys = document.getElementById("keys");
const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  o: () => { if (document.activeElement.matches("[data-line]")) document.activeElement.click(); },
  "/": () => (document.getElementById("q") || document.querySelector("[data-up]"))?.focus(),
  u: () => document.querySelector("[data-up]")?.click(),
  c: () => document.getElementById("f-comment")?.focus(),
  "?": () => keys.showModal(),
};
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest?.("input, textarea, select, dialog[open], [contenteditable]");
  if (event.key === "Escape" && event.target.id === "q") event.target.blur();
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
});
document.querySelector(".keys-hint").hidden = false;
document.querySelector("[data-keys]").addEventListener("click", () => keys.showModal());

// The thumb bar leads to a field, or straight to the camera.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-to], [data-photograph]");
  if (!link) return;
  event.preventDefault();
  const field = document.getElementById(link.dataset.to || "f-photograph");
  if (!field) return;
  if (!link.dataset.to) {
    field.click();
    return;
  }
  field.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
});

// Photographs are kept in this browser until they are on their ticket: nothing that was taken is lost in a dead spot.
const STORE = "photographs";
let opened = null;

function store() {
  opened ||= new Promise((resolve, reject) => {
    const request = indexedDB.open("remotehands-desk", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function inStore(mode, ask) {
  const db = await store();
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(STORE, mode, { durability: "strict" });
    const request = ask(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

const keep = (photograph) => inStore("readwrite", (kept) => kept.put(photograph));
const forget = (key) => inStore("readwrite", (kept) => kept.delete(key));
const isOurs = (one) => one.who === words.who && one.environment === words.environment;
const all = async () => (await inStore("readonly", (kept) => kept.getAll()))
  .filter(isOurs).sort((one, other) => one.takenAt - other.takenAt);

const place = document.getElementById("unsent");
const shown = new Map();
const unkept = new Map();

// One line for each photograph: its picture, how it stands, and what can be done.
function line(one) {
  let item = shown.get(one.key);
  if (item) return item;
  item = document.createElement("li");
  const picture = document.createElement("img");
  picture.alt = "";
  // What is no picture gives its place to the words.
  picture.addEventListener("error", () => { picture.hidden = true; });
  picture.src = URL.createObjectURL(one.blob);
  const said = document.createElement("span");
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.hidden = true;
  bar.setAttribute("aria-label", one.name);
  const both = document.createElement("span");
  both.className = "both";
  both.hidden = true;
  const again = document.createElement("button");
  again.type = "button";
  again.className = "second";
  again.textContent = words.again;
  again.addEventListener("click", async () => {
    await keepSafely({ ...one, refused: "" });
    sendAll();
  });
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "second";
  drop.textContent = words.drop;
  drop.addEventListener("click", async () => {
    if (!confirm(words.dropSure)) return;
    unkept.delete(one.key);
    await forget(one.key).catch(() => {});
    gone(one.key);
  });
  both.append(again, drop);
  item.append(picture, said, bar, both);
  shown.set(one.key, item);
  list().append(item);
  return item;
}

function list() {
  if (!place.firstChild) {
    const form = document.querySelector("[data-photographs]");
    const title = document.createElement("strong");
    title.textContent = words.title;
    const lines = document.createElement("ul");
    lines.setAttribute("aria-live", "polite");
    // In a new tab: who comes back here has lost nothing, and it is sent at once.
    const signIn = document.createElement("a");
    signIn.className = "button second";
    signIn.href = "/sign-in";
    signIn.target = "_blank";
    signIn.rel = "noopener";
    signIn.textContent = words.signInNow;
    signIn.hidden = true;
    place.append(title, lines, signIn);
    if (form) form.after(place);
    else document.querySelector("main .head, main .desk-way")?.after(place);
  }
  place.hidden = false;
  return place.querySelector("ul");
}

function gone(key) {
  const item = shown.get(key);
  if (!item) return;
  URL.revokeObjectURL(item.querySelector("img").src);
  item.remove();
  shown.delete(key);
  place.hidden = !shown.size;
}

function say(one, sentence, { share = null, isRefused = false } = {}) {
  const item = line(one);
  const here = document.querySelector("[data-photographs]")?.dataset.photographs;
  const name = one.ticket === here ? one.name : `${one.ticket} · ${one.name}`;
  const said = item.querySelector("span");
  const whole = `${name} ${sentence}`;
  if (said.textContent !== whole) {
    const called = document.createElement("bdi");
    called.textContent = name;
    said.replaceChildren(called, ` ${sentence}`);
  }
  said.className = isRefused ? "refused" : "";
  const bar = item.querySelector("progress");
  bar.hidden = share === null;
  if (share !== null) bar.value = share;
  item.querySelector(".both").hidden = !isRefused;
}

async function keepSafely(one) {
  try {
    await keep(one);
    unkept.delete(one.key);
  } catch {
    unkept.set(one.key, one);
  }
}

// Send one, and tell how it went: `sent`, `later` with a sentence, or `refused` with a sentence.
function send(one) {
  return new Promise((resolve) => {
    const form = new FormData();
    form.append("_environment", one.environment);
    form.append("_once", one.key);
    form.append("kind", "photograph");
    form.append("file", one.blob, one.name);
    const request = new XMLHttpRequest();
    request.open("POST", `/desk/tickets/${one.ticket}/files`);
    request.timeout = 120000;
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) say(one, words.sending, { share: event.loaded / event.total });
    };
    request.onerror = () => resolve({ how: "later", sentence: words.noNetwork });
    request.ontimeout = request.onerror;
    request.onload = () => {
      const page = () => new DOMParser().parseFromString(request.responseText, "text/html");
      if (request.status === 200 && request.responseURL.includes("done=attached")) {
        resolve({ how: "sent", page: page() });
      } else if (request.status === 401 || request.responseURL.includes("/sign-in")) {
        resolve({ how: "later", sentence: words.signIn });
      } else if (request.status >= 500 || request.status === 429 || request.status === 408 || request.status === 200) {
        resolve({ how: "later", sentence: words.noNetwork });
      } else {
        const told = page().querySelector("#faults [data-why], .late p, main h1");
        resolve({ how: "refused", sentence: told ? told.textContent.trim() : String(request.status) });
      }
    };
    request.send(form);
  });
}

// What is new on the ticket is shown without loading the page again.
function freshen(page) {
  for (const id of ["kept", "timeline"]) {
    const here = document.getElementById(id);
    const fresh = page.getElementById(id);
    if (here && fresh) here.replaceChildren(...fresh.childNodes);
  }
  // What stands among fields is put by itself: somebody may be typing there.
  for (const part of document.querySelectorAll("[data-until-kept]")) {
    if (!page.querySelector("[data-until-kept]")) part.remove();
  }
}

let isSending = false;
let isAsked = false;

async function sendEach() {
  let kept = [];
  let isSignedOut = false;
  try { kept = await all(); } catch { /* This browser keeps nothing: what is in hand is sent all the same. */ }
  const here = document.querySelector("[data-photographs]")?.dataset.photographs;
  for (const one of [...kept, ...unkept.values()]) {
    if (one.refused) {
      say(one, `${words.refused} ${one.refused}`, { isRefused: true });
      continue;
    }
    say(one, words.sending, { share: 0 });
    const { how, sentence, page } = await send(one);
    if (how === "sent") {
      unkept.delete(one.key);
      await forget(one.key).catch(() => {});
      gone(one.key);
      if (one.ticket === here && page) freshen(page);
    } else if (how === "refused") {
      await keepSafely({ ...one, refused: sentence });
      say(one, `${words.refused} ${sentence}`, { isRefused: true });
    } else {
      isSignedOut ||= sentence === words.signIn;
      say(one, unkept.has(one.key) ? words.notKept : sentence);
    }
  }
  place.querySelector("a")?.toggleAttribute("hidden", !isSignedOut);
}

// One at a time, in one window at a time: whoever comes second finds what is left.
async function sendAll() {
  if (isSending) {
    isAsked = true;
    return;
  }
  isSending = true;
  try {
    do {
      isAsked = false;
      if (navigator.locks) await navigator.locks.request("remotehands-photographs", sendEach);
      else await sendEach();
    } while (isAsked);
  } finally {
    isSending = false;
  }
}

function onceKey() {
  return [...crypto.getRandomValues(new Uint8Array(18))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function takePhotographs(form) {
  const input = form.querySelector('input[type="file"]');
  form.querySelector("button").hidden = true;
  input.addEventListener("change", async () => {
    const taken = [...input.files];
    // Ask the browser not to clear what is kept when it runs out of room.
    navigator.storage?.persist?.();
    input.value = "";
    for (const file of taken) {
      // The bytes are read now: what a camera hands over may be gone later.
      const blob = new Blob([await file.arrayBuffer()], { type: file.type });
      const one = {
        key: onceKey(),
        ticket: form.dataset.photographs,
        environment: words.environment,
        who: words.who,
        name: file.name,
        blob,
        takenAt: Date.now(),
        refused: "",
      };
      await keepSafely(one);
      say(one, words.waits);
    }
    sendAll();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
}

document.querySelectorAll("[data-desk-live]").forEach(keepQueue);
document.querySelectorAll("[data-photographs]").forEach(takePhotographs);
addEventListener("online", sendAll);
addEventListener("visibilitychange", () => { if (!document.hidden && shown.size) sendAll(); });
setInterval(() => { if (shown.size && navigator.onLine) sendAll(); }, 30000);
addEventListener("beforeunload", (event) => { if (unkept.size) event.preventDefault(); });
sendAll();
