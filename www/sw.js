// Keeps the page on this machine. The build puts the list of files in place of the comment.
const assets = [/* assets */];

const PREFIX = "chartwright-page-";
const NAME = PREFIX + assets.map((asset) => asset.hash).join("").split("").reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) >>> 0, 7);
const base = new URL(self.registration.scope);
const known = new Set(assets.map((asset) => new URL(asset.url, base).href));
const index = new URL("index.html", base).href;
const catalogs = "chartwright-catalog";
// The addresses of the page's views, as its router has them.
const VIEWS = /^(?:(?:index\.html|about|develop|operate)?|(?:operate|m|opened)\/.*)$/;
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
  if (request.mode === "navigate") {
    // Whatever else the server has below this address stays its own.
    if (VIEWS.test(url.slice(base.href.length))) event.respondWith(page());
  } else if (known.has(url)) event.respondWith(kept(request));
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

// The page, for whatever view.
async function page() {
  const last = await caches.match(index, { cacheName: NAME });
  return direct(await inTime(last, async () => {
    const response = await fetch(base, { mode: "same-origin" }).catch(elsewhere);
    const asks = response.type === "opaqueredirect" || response.status === 401 || response.status === 403;
    if (response.redirected && ![base.href, index].includes(response.url)) return elsewhere();
    return response.ok || asks ? response : last ?? response;
  }));
}

// Where the server sends its visitors, such as a log-in: the browser follows by itself.
function elsewhere() {
  return fetch(base, { redirect: "manual" });
}

// A browser takes no answer to a navigation that was redirected, as some servers redirect from index.html.
function direct(response) {
  if (!response.redirected) return response;
  const { status, statusText, headers } = response;
  return new Response(response.body, { status, statusText, headers });
}

async function fresh(request, name) {
  const last = await caches.match(request, { cacheName: name });
  return inTime(last, async () => {
    const response = await fetch(request);
    if (!response.ok || isPage(response)) return last ?? response;
    // Without room for it, it is there all the same.
    await caches.open(name).then((cache) => cache.put(request, response.clone())).catch(() => {});
    return response;
  });
}

// From the network while there is one; else, or if it does not answer for a while, what was there last.
async function inTime(last, arrives) {
  const arriving = arrives();
  if (!last) return arriving;
  const late = new Promise((done) => setTimeout(() => done(last), PATIENCE));
  return Promise.race([arriving.catch(() => last), late]);
}

// A network that wants a log-in first answers everything with its own page.
function isPage(response) {
  return (response.headers.get("content-type") ?? "").includes("text/html");
}
