// Small comforts. Every page works without this file.
const drops = () => document.querySelectorAll("details.drop[open]");

document.addEventListener("click", (event) => {
  for (const drop of drops()) if (!drop.contains(event.target)) drop.open = false;

  const button = event.target.closest("[data-copy], [data-share], [data-print]");
  if (!button) return;
  const { copy, share, title, done } = button.dataset;
  if (copy) {
    navigator.clipboard.writeText(copy).then(() => {
      button.querySelector("span").textContent = done;
    });
  } else if (share) {
    navigator.share({ title, url: share }).catch(() => {});
  } else {
    window.print();
  }
});

// Offer only what this browser can do.
const offers = {
  "[data-copy]": navigator.clipboard,
  "[data-share]": navigator.share,
  "[data-print]": window.print,
};
for (const [selector, able] of Object.entries(offers)) {
  if (able) for (const button of document.querySelectorAll(selector)) button.hidden = false;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const drop of drops()) {
    const held = drop.contains(document.activeElement);
    drop.open = false;
    if (held) drop.querySelector("summary").focus();
  }
});

// The roll of a meeting keeps marks, and a copy of itself, on this device: not for whoever comes next.
const signOut = "form[action$='/account/logout/']";
const forget = () => window.caches?.keys().then((names) => names.forEach((name) => caches.delete(name)));
if (!document.querySelector(signOut)) forget();
document.addEventListener("submit", (event) => {
  if (!event.target.matches(signOut)) return;
  const kept = Object.keys(localStorage).filter((key) => key.startsWith("roll:"));
  const isUnsent = kept.some((key) => key.includes(":mark:"));
  if (isUnsent && !confirm(event.target.dataset.unsent)) return event.preventDefault();
  for (const key of kept) localStorage.removeItem(key);
  forget();
});

// On a slow line people press twice; the second press is not sent.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 8000);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// On a phone the tabs scroll sideways: the one we are on is brought into sight.
const here = document.querySelector(".tabs [aria-current]");
if (here) {
  const [strip, tab] = [here.parentElement.getBoundingClientRect(), here.getBoundingClientRect()];
  here.parentElement.scrollLeft += tab.left + tab.width / 2 - strip.left - strip.width / 2;
}

// A closed group of an order says what is set in it, also before it is sent.
for (const now of document.querySelectorAll(".fold-now")) {
  const usual = now.dataset.values.split(" ");
  const said = (field) => {
    if (/radio|checkbox/.test(field.type)) return field.checked && !usual.includes(field.value) ? field.labels[0].innerText : "";
    if (field.localName === "select") return !field.value || usual.includes(field.value) ? "" : field.selectedOptions[0].text;
    if (field.type !== "number" || !field.value) return field.name === "county" ? "" : field.value.trim();
    return `${field.labels[0].firstChild.data.trim()} ${field.value}`;
  };
  const fold = now.closest("details");
  fold.addEventListener("change", () => {
    now.textContent = [...fold.querySelectorAll("input, select, textarea")].map(said).filter(Boolean).join(" · ") || now.dataset.usual;
  });
}

// After a refused form the summary of errors is read first.
document.querySelector("#errors")?.focus();

// Shift three times leaves a sensitive page; Escape would only stop the loading of the next one.
const exit = document.querySelector("[data-quick-exit]");
if (exit) {
  const leave = (event) => {
    event?.preventDefault();
    document.body.hidden = true;
    location.replace(exit.href);
  };
  let presses = [];
  exit.addEventListener("click", leave);
  document.addEventListener("keyup", (event) => {
    presses = event.key === "Shift" ? [...presses.filter((at) => event.timeStamp - at < 2000), event.timeStamp] : [];
    if (presses.length === 3) leave();
  });
}
