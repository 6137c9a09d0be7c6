// Lets the roll of a meeting open without signal, for some hours, on the phone that opened it before.
// It keeps nothing but pages that the server marks with X-Kept-For, and the files such a page is made of, in a
// store named after the person. The store goes when she signs out (static/js/site.js, Clear-Site-Data), when
// the server shows us to the door (the session has run out), when somebody else opens a roll, and by its age.
const PATIENCE = 5000; // milliseconds on a bad line before the kept copy is shown

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("message", ({ data }) => data === "forget" && forget());

const stores = async () => (await caches.keys()).filter((name) => name.startsWith("roll-"));

async function forget(except) {
  for (const name of await stores()) if (name !== except) await caches.delete(name);
}

async function keptCopy({ url }) {
  for (const name of await stores()) {
    const copy = await (await caches.open(name)).match(url, { ignoreVary: true });
    if (!copy) continue;
    const hours = Number(new URL(location).searchParams.get("hours"));
    if (!copy.headers.has("X-Kept-For") || Date.now() - Date.parse(copy.headers.get("date")) < hours * 3600000) return copy;
    await caches.delete(name);
  }
}

async function freshPage(request) {
  const response = await fetch(request);
  const owner = response.headers.get("X-Kept-For");
  if (response.redirected || response.type === "opaqueredirect") await forget(); // sent to sign in
  else if (response.ok && owner) {
    await forget(`roll-${owner}`);
    await (await caches.open(`roll-${owner}`)).put(request.url, response.clone());
  } else if (response.status < 500)
    for (const name of await stores()) await (await caches.open(name)).delete(request.url, { ignoreVary: true });
  return response;
}

async function page(request) {
  const copy = await keptCopy(request);
  const fresh = freshPage(request);
  if (!copy) return fresh;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, copy));
  return Promise.race([fresh.then((response) => (response.status < 500 ? response : copy), () => copy), late]);
}

async function file(request) {
  try {
    const response = await fetch(request);
    const [name] = await stores();
    if (response.ok && name) await (await caches.open(name)).put(request.url, response.clone());
    return response;
  } catch (error) {
    const copy = await keptCopy(request);
    if (copy) return copy;
    throw error;
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (/\/work\/sessions\/\d+\/roll\/$/.test(pathname)) event.respondWith(page(request));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request));
});
