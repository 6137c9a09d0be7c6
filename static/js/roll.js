// The roll on a phone: each tap is a mark that stays on the device until the server has answered it.
//
// Kept in localStorage, one entry a mark, and not in IndexedDB: it is written before the tap's handler returns,
// so a page closed at once loses nothing; two tabs overwrite nothing; and every page sees at sign-out whether
// something waits. An entry holds the number of a registration, no name (a reason is the trainer's own text).
// Without this script the page is a form that works.
const form = document.querySelector("#roll");
const bar = document.querySelector("#roll-status");
const data = JSON.parse(document.querySelector("#roll-data").textContent);
const { words } = data;
const MINE = `roll:${data.owner}:`;
const HERE = `${MINE}${data.session}:`;
const rows = new Map([...form.querySelectorAll("[data-person]")].map((row) => [row.dataset.person, row]));
const field = (person, name) => form.elements[`${name}-${person}`];
const box = (person) => rows.get(person).querySelector(".roll-told");
const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
const clock = (at) =>
  new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Warsaw" });
let known = data; // what the server said last: {at, roll}
let sentAt = 0;
let stuck = ""; // a sentence, where trying again by itself is of no use
let busy = false;
let pause = 1000;
let timer;

// --- On the device ---
const read = (key) => JSON.parse(localStorage.getItem(key));
const write = (key, value) => localStorage.setItem(key, JSON.stringify(value));
const keys = (start) => Object.keys(localStorage).filter((key) => key.startsWith(start)).sort();
const waiting = () => keys(`${HERE}mark:`).map((key) => ({ ...read(key), key }));
const conflict = (person) => `${HERE}conflict:${person}`;
const onServer = (person) => known.roll[person] ?? { mark: "unknown", came: "", left: "", minutes: 0 };
// What is shown of her: the last mark that waits, or else what the server said.
const shown = (person) => waiting().findLast((mark) => mark.person === person) ?? onServer(person);

function tidy() {
  const isOld = (key) => key.endsWith(":known") && Date.now() - read(key).at > data.hours * 3600000;
  for (const key of keys("roll:")) if (!key.startsWith(MINE) || isOld(key)) localStorage.removeItem(key);
  const kept = read(`${HERE}known`);
  if (kept?.at > known.at) known = kept; // this page is an older copy
}

function make(person, { mark, came, left, reason }, { mark: m, came: c, left: l } = shown(person)) {
  if (mark === m && came === c && left === l) return;
  const id = crypto.randomUUID();
  const number = (read(`${MINE}taps`) ?? 0) + 1; // marks are sent in the order of the taps
  write(`${MINE}taps`, number);
  const seen = { mark: m, came: c, left: l };
  const made = new Date().toISOString();
  write(`${HERE}mark:${String(number).padStart(9, "0")}`, { id, person, mark, came, left, reason, made, seen });
  stuck = "";
  show();
  send();
}

function tapped({ target }) {
  const [name, person] = target.name.split("-");
  if (!rows.has(person) || !["mark", "came", "left"].includes(name)) return;
  const mark = field(person, "mark").value;
  const partly = mark === "late" || mark === "left_early";
  const during = Date.now() > Date.parse(data.start) && Date.now() < Date.parse(data.end);
  // Who is marked late, or gone, while it goes on, came or left just now; the time can be put right.
  if (name === "mark" && partly && during) field(person, mark === "late" ? "came" : "left").value ||= clock(Date.now());
  const [came, left] = ["came", "left"].map((part) => (partly ? field(person, part).value : ""));
  tell(person);
  make(person, { mark, came, left, reason: field(person, "reason").value });
}

// --- Sending ---
async function send() {
  clearTimeout(timer);
  const queue = waiting();
  if (busy || !queue.length) return;
  busy = true;
  // One mark a person at a time: what becomes of the next depends on it.
  const batch = queue.filter((mark, i) => queue.findIndex((other) => other.person === mark.person) === i).slice(0, 50);
  try {
    const response = await fetch(data.send, {
      method: "POST",
      redirect: "manual",
      keepalive: true, // a page that is closed now may still send
      headers: {
        "Content-Type": "application/json",
        "X-CSRFToken": /csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? form.csrfmiddlewaretoken.value,
      },
      body: JSON.stringify({ now: new Date().toISOString(), marks: batch }),
      signal: AbortSignal.timeout(20000),
    });
    if (response.type === "opaqueredirect") {
      stuck = words.sign_in;
      navigator.serviceWorker?.controller?.postMessage("forget");
    } else if (response.status >= 400 && response.status < 500) stuck = words.not_taken;
    const { at, roll, answers } = await response.json();
    write(`${HERE}known`, (known = { at, roll }));
    for (const answer of answers) settle(batch.find((mark) => mark.id === answer.id), answer);
    sentAt = Date.now();
    pause = 1000;
    if (waiting().length) timer = setTimeout(send);
  } catch {
    pause = Math.min(pause * 2, 60000);
    if (!stuck) timer = setTimeout(send, pause);
  }
  busy = false;
  show();
}

function settle(mark, answer) {
  const { person } = mark;
  localStorage.removeItem(mark.key);
  localStorage.removeItem(conflict(person));
  if (!rows.has(person)) return;
  tell(person);
  const later = waiting().filter((other) => other.person === person);
  if (answer.outcome === "conflict") {
    for (const { key } of later) localStorage.removeItem(key);
    write(conflict(person), { mark: later.at(-1) ?? mark, answer });
  } else if (answer.outcome === "refused") {
    // What was tapped next was tapped on top of a mark that never was.
    for (const { key, ...entry } of later) write(key, { ...entry, seen: answer.now });
    if (!later.length) refused(person, mark, answer);
  } else field(person, "reason").value = "";
}

// --- What is to be seen ---
function part(tag, text, className, act) {
  const made = Object.assign(document.createElement(tag), { textContent: text, className });
  if (act) Object.assign(made, { type: "button", onclick: act });
  return made;
}

function tell(person, ...parts) {
  rows.get(person).classList.remove("asks-why");
  box(person).replaceChildren(...parts);
}

function refused(person, mark, { text, needs_reason }) {
  const again = () => {
    const reason = field(person, "reason").value.trim();
    if (reason) make(person, { ...mark, reason }, onServer(person));
    else field(person, "reason").focus();
  };
  tell(person, part("p", text, "field-error"), ...(needs_reason ? [part("button", words.with_reason, "button", again)] : []));
  rows.get(person).classList.toggle("asks-why", needs_reason);
}

function askWhich(person, { mark, answer }) {
  const [own, theirs] = [data.marks[mark.mark], data.marks[answer.now.mark]];
  const decide = (act) => () => (localStorage.removeItem(conflict(person)), tell(person), act(), show());
  tell(
    person,
    part("p", fill(words.conflict, { mark: theirs, own, who: answer.who, time: answer.time }), "field-error"),
    part("button", fill(words.theirs, { mark: theirs }), "button button-quiet", decide(() => {})),
    part("button", fill(words.mine, { mark: own }), "button button-quiet", decide(() => make(person, { ...mark, reason: "" }, answer.now))),
  );
}

function show() {
  const queue = waiting();
  let [total, marked] = [0, 0];
  for (const [person, row] of rows) {
    const now = shown(person);
    const waits = queue.some((mark) => mark.person === person);
    const isAsked = row.classList.contains("asks-why"); // her new mark is on the page only, until the reason is written
    if (!isAsked) {
      field(person, "mark").value = now.mark;
      for (const name of ["came", "left"]) if (document.activeElement !== field(person, name)) field(person, name).value = now[name];
    }
    const isUnknown = now.mark === "unknown";
    row.classList.toggle("is-unknown", isUnknown);
    row.dataset.state = waits ? "waiting" : isUnknown || isAsked ? "" : "sent";
    row.querySelector(".roll-state").textContent = waits ? words.kept : isUnknown || isAsked ? "" : fill(now.minutes ? words.counted : words.saved, { number: now.minutes });
    if ("expected" in row.dataset) [total, marked] = [total + 1, marked + !isUnknown];
    const open = read(conflict(person));
    if (open && box(person).dataset.id !== open.answer.id) {
      box(person).dataset.id = open.answer.id;
      askWhich(person, open);
    }
  }
  const number = queue.length;
  const offline = !navigator.onLine || pause > 1000;
  const time = sentAt && clock(sentAt);
  const text = number ? stuck || (offline ? words.waiting : words.sending) : offline ? words.offline : sentAt ? words.sent : words.ready;
  bar.dataset.state = !number ? "sent" : offline || stuck ? "waiting" : "sending";
  const lines = [fill(text, { number, time }), fill(words.marked, { number: marked, total })];
  lines.forEach((line, i) => bar.children[i].textContent !== line && (bar.children[i].textContent = line));
}

// --- Beginning ---
async function keep() {
  const worker = navigator.serviceWorker;
  const isNew = !worker.controller; // the worker has not seen this visit
  await worker.register(`${data.worker}?hours=${data.hours}`, { scope: data.scope });
  await worker.ready;
  if (!worker.controller) await new Promise((done) => worker.addEventListener("controllerchange", done, { once: true }));
  if (isNew) await fetch(location.pathname);
  for (const made of document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src], use"))
    await fetch((made.href?.baseVal ?? made.href ?? made.src).split("#")[0], { cache: "force-cache" });
  form.dataset.kept = "";
}

function again() {
  if (document.hidden) return;
  [pause, stuck] = [1000, ""];
  show();
  send();
}

try {
  crypto.randomUUID(); // neither this nor what is kept is there on a page that came without encryption
  tidy();
  write(`${MINE}taps`, read(`${MINE}taps`));
  show();
  form.classList.add("is-live");
  bar.hidden = false;
  form.addEventListener("change", tapped);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector("#roll-others")?.addEventListener("click", () => {
    for (const [person, row] of rows)
      if ("expected" in row.dataset && shown(person).mark === "unknown") make(person, { mark: "present", came: "", left: "", reason: "" });
  });
  for (const event of ["online", "offline", "pageshow"]) addEventListener(event, again);
  document.addEventListener("visibilitychange", again);
  addEventListener("storage", show); // the same roll in another tab
  if (navigator.onLine) keep().catch(() => {});
} catch {} // nothing can be kept on this device: the form is sent as it is
