// The page without a signal: a service worker by itself where workers are no modules, else the first half of sw.js.
// The server writes in what the page is made of, so that a new version is another file.

/* FILES */

const CACHE = `flashclaim-${PAGE.version}`;
const PICTURES = "flashclaim-bands";
const SHELL = "/f";

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    // What the browser has already is asked for again in a few bytes.
    await cache.addAll([SHELL, ...PAGE.files.map((name) => `/f/${name}`)]);
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("flashclaim-") && ![CACHE, PICTURES].includes(name));
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname === SHELL || pathname.startsWith("/f/c/")) event.respondWith(kept(CACHE, SHELL, event.request));
  else if (pathname.startsWith("/f/")) event.respondWith(kept(CACHE, pathname, event.request));
  else if (pathname.startsWith("/static/bands/")) event.respondWith(keptOnce(event.request));
});

async function kept(name, path, request) {
  const found = await (await caches.open(name)).match(path);
  return found ?? fetch(request);
}

async function keptOnce(request) {
  const cache = await caches.open(PICTURES);
  const found = await cache.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}
