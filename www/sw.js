// Keeps the page on this machine. The build puts the list of files in place of the comment.
const assets = [/* assets */];

const PREFIX = "chartwright-page-";
const NAME = PREFIX + assets.map((asset) => asset.hash).join("").split("").reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) >>> 0, 7);
const base = new URL(self.registration.scope);
const known = new Set(assets.map((asset) => new URL(asset.url, base).href));
const index = new URL("index.html", base).href;
const catalogs = "chartwright-catalog";
// Milliseconds that the network has to answer before what is kept is shown.
const PATIENCE = 3000;

self.addEventListener("install", (event) => {
  const requests = assets.map((asset) => new Request(new URL(asset.url, base), { cache: "no-cache" }));
  // All or nothing: a page that says it works offline must have every file.
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(requests)).then(keepCatalog));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith(PREFIX) && name !== NAME;
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "activate") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(base.href)) return;
  const url = request.url.split(/[?#]/)[0];
  // A frame on another page.
  if (url === new URL("embed.html", base).href) return;
  if (request.mode === "navigate") event.respondWith(fresh(new Request(index), NAME));
  else if (known.has(url)) event.respondWith(kept(request));
  else if (url.startsWith(new URL("catalog/", base).href) && !url.includes("/charts/")) event.respondWith(fresh(request, catalogs));
});

// The first visit fetches the catalog before this worker is there. A page without a catalog works as well.
async function keepCatalog() {
  try {
    const url = new URL("catalog/catalog.json", base);
    const response = await fetch(url, { cache: "no-cache" });
    if (!response.ok || isPage(response)) return;
    const cache = await caches.open(catalogs);
    await cache.put(url, response.clone());
    const icons = (await response.json()).modules.map(({ icon }) => icon).filter((icon) => icon && !icon.includes(":"));
    await cache.addAll([...new Set(icons)].map((icon) => new URL(icon, url)));
  } catch {
    // The next visit fetches it through this worker.
  }
}

// What has its digest in its name never changes.
async function kept(request) {
  return (await caches.match(request, { cacheName: NAME, ignoreSearch: true })) ?? fetch(request);
}

// From the network while there is one; else, or if it does not answer for a while, what was there last.
async function fresh(request, name) {
  const last = await caches.match(request, { cacheName: name });
  const arriving = fetch(request).then(async (response) => {
    if (!response.ok || (name === catalogs && isPage(response))) return last ?? response;
    if (name === catalogs) await (await caches.open(name)).put(request, response.clone());
    return response;
  });
  if (!last) return arriving;
  const late = new Promise((done) => setTimeout(() => done(last), PATIENCE));
  return Promise.race([arriving.catch(() => last), late]);
}

// A network that wants a log-in first answers everything with its own page.
function isPage(response) {
  return (response.headers.get("content-type") ?? "").includes("text/html");
}
