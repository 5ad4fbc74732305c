// The preview as an element of other pages: two on one page, in a frame, under a strict policy, and nothing of it
// outside of itself.
//
// node embed.mjs DIST CHROMIUM, where DIST was built with --embed.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../../..");
const EXAMPLES = join(ROOT, "web/embed/examples");

// What a careful host allows. A frame may be of anybody.
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; worker-src 'self'; " +
  "img-src 'self' data:; frame-src *; base-uri 'none'; form-action 'none'";

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

// A tar archive of a chart.
function chart(name, version, files) {
  const entry = (path, content) => {
    const body = Buffer.from(content);
    const head = Buffer.alloc(512);
    for (const [text, at] of [
      [`${name}/${path}`, 0], ["0000644\0", 100], ["0000000\0", 108], ["0000000\0", 116],
      [`${body.length.toString(8).padStart(11, "0")}\0`, 124], ["00000000000\0", 136], ["        ", 148], ["0", 156], ["ustar\0" + "00", 257],
    ]) head.write(text, at);
    head.write(`${head.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0 `, 148);
    return [head, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  };
  const all = { "Chart.yaml": `apiVersion: v2\nname: ${name}\nversion: ${version}\n`, ...files };
  const entries = Object.entries(all).flatMap(([path, content]) => entry(path, content));
  return gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)]));
}

const template = (name) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}-{{ .Chart.Version }}\ndata:\n  title: {{ required "a title is needed" .Values.title | quote }}\n`;
const made = (name, version) =>
  chart(name, version, {
    "values.yaml": `# What people see.\ntitle: ${name} by default\n`,
    "templates/all.yaml": template(name),
    "README.md": `See [the site](https://${name}.example.org) or [a file](other.md).\n`,
  });

// The files of a host: the element's below a path of their own, a catalog, and pages.
function files(dist) {
  const charts = { "shop-1.0.0": made("shop", "1.0.0"), "shop-1.1.0": made("shop", "1.1.0"), "wiki-2.0.0": made("wiki", "2.0.0") };
  const version = (file) => ({
    version: file.split("-")[1],
    kind: "chart",
    url: `charts/${file}.tgz`,
    digest: `sha256:${createHash("sha256").update(charts[file]).digest("hex")}`,
  });
  const module = (id, ...all) => ({ id, title: id, versions: all.map(version) });
  const catalog = (...modules) => JSON.stringify({ apiVersion: "chartwright.dev/catalog/v1alpha1", name: "Test", modules });
  const page = (body, head = "") =>
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title>${head}</head><body>${body}</body></html>`;
  const script = '<script type="module" src="/chartwright/embed.js"></script>';
  const found = {
    "chartwright/catalog/catalog.json": catalog(module("shop", "shop-1.1.0", "shop-1.0.0"), module("wiki", "wiki-2.0.0")),
    "chartwright/catalog/one.json": catalog(module("wiki", "wiki-2.0.0")),
    "chartwright/catalog/index.yaml": "apiVersion: v1\nentries:\n  wiki:\n  - name: wiki\n    version: 2.0.0\n    urls: [charts/wiki-2.0.0.tgz]\n",
    "chartwright/catalog/descriptor.yaml": readFileSync(join(ROOT, "templates/examples/webshop/descriptor.yaml")),
    "chartwright/catalog/odd.yaml": "a: b\n",
    "favicon.ico": "",
    "host.html": readFileSync(join(EXAMPLES, "host.html")),
    "host.js": readFileSync(join(EXAMPLES, "host.js")),
    "empty.html": page("", script),
    "two.html": page(
      '<button id="outside">Host</button>' +
        '<chartwright-preview id="a" src="chartwright/catalog/catalog.json" chart="shop" theme="light"></chartwright-preview>' +
        '<chartwright-preview id="b" src="chartwright/catalog/catalog.json" chart="wiki" theme="dark"></chartwright-preview>',
      script + '<link rel="stylesheet" href="loud.css">',
    ),
    "loud.css":
      "* { letter-spacing: 4px; } button { background: rgb(255, 0, 0); } p, div { margin: 30px !important; } h1 { display: none; }\n" +
      "body { font: italic 30px serif; text-transform: uppercase; color: rgb(255, 0, 0); line-height: 3; text-align: center; }\n",
    "foreign.html": page('<chartwright-preview id="a" src="x"></chartwright-preview>', '<script type="module" src="OTHER/chartwright/embed.js"></script>'),
    "frame.html": page('<iframe id="frame" title="Preview" width="1100" height="600"></iframe>'),
  };
  for (const [name, bytes] of Object.entries(charts)) found[`chartwright/catalog/charts/${name}.tgz`] = bytes;
  return (path) => {
    if (path in found) return found[path];
    const below = path.startsWith("chartwright/") && join(dist, normalize(path.slice("chartwright/".length)));
    return below && below.startsWith(dist) && existsSync(below) && statSync(below).isFile() ? readFileSync(below) : undefined;
  };
}

async function serve(find, { policy = POLICY, held = () => undefined } = {}) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://any").pathname).slice(1);
    const head = { "content-security-policy": policy, "access-control-allow-origin": "*", "cache-control": "no-cache" };
    await held(path);
    const found = find(path);
    if (found === undefined) return response.writeHead(404, head).end("no\n");
    response.writeHead(200, { ...head, "content-type": TYPES[extname(path)] ?? "application/octet-stream" }).end(found);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const stop = () => new Promise((done) => (server.closeAllConnections(), server.close(done)));
  return { address: `http://127.0.0.1:${server.address().port}/`, stop };
}

// All events of all elements, as the host's document gets them.
function listen() {
  globalThis.news = [];
  for (const name of ["valueschange", "rendered", "error", "install-request"]) {
    document.addEventListener(name, (event) => news.push([event.target.id, name, event.detail]));
  }
  addEventListener("message", ({ data, origin }) => news.push([origin, data.chartwright, data.detail]));
  addEventListener("keydown", ({ key }) => (globalThis.keys ??= []).push(key));
}

const news = (page) => page.evaluate(() => globalThis.news);
const forget = (page) => page.evaluate(() => news.splice(0));

// Waits for an event of an element, and gives its detail.
async function comes(page, id, name, fields = {}) {
  const found = await page.waitForFunction(
    ([id, name, fields]) => {
      const fits = (detail) => Object.entries(fields).every(([key, value]) => detail[key] === value);
      return news.find(([from, type, detail]) => from === id && type === name && fits(detail))?.[2];
    },
    [id, name, fields],
  );
  return found.jsonValue();
}

const at = (page, id) => page.locator(`chartwright-preview#${id}`);
const shows = (preview, text) => preview.locator(".objects .code", { hasText: text }).first().waitFor();

async function type(preview, text) {
  await preview.getByRole("tab", { name: "YAML" }).click();
  await preview.locator("#editor").fill(text);
}

async function two(it) {
  await it.page.goto(`${it.address}two.html`);
  await Promise.all([comes(it.page, "a", "rendered"), comes(it.page, "b", "rendered")]);
  return [at(it.page, "a"), at(it.page, "b")];
}

async function alone(it, attributes) {
  await it.page.goto(`${it.address}empty.html`);
  await it.page.evaluate((attributes) => {
    const element = document.createElement("chartwright-preview");
    for (const [name, value] of Object.entries({ id: "a", ...attributes })) element.setAttribute(name, value);
    document.body.append(element);
  }, attributes);
  return at(it.page, "a");
}

const CATALOG = "chartwright/catalog/catalog.json";

const tests = {
  async "the host page of the manual works"(it) {
    const { page } = it;
    const manual = readFileSync(join(ROOT, "docs/src/preview-element.md"), "utf8");
    for (const file of ["host.html", "host.js"]) assert.ok(manual.includes(readFileSync(join(EXAMPLES, file), "utf8")), file);
    await page.goto(`${it.address}host.html`);
    assert.deepEqual(await comes(page, "", "rendered"), { objects: 1, problems: 0 });
    assert.equal(await page.locator("#state").textContent(), "1 objects, 0 problems");
    const preview = page.locator("chartwright-preview");
    await shows(preview, "shop-1.0.0");
    await type(preview, "title: mine\n");
    assert.deepEqual(await comes(page, "", "valueschange"), { values: "title: mine\n" });
    await preview.getByRole("button", { name: "Install" }).click();
    const request = await comes(page, "", "install-request");
    assert.deepEqual(request, { chart: "shop", version: "1.0.0", values: "title: mine\n" });
    assert.equal(await page.locator("#state").textContent(), "Installing shop 1.0.0");
  },

  async "two on one page are two: modules, themes, values"(it) {
    const { page } = it;
    const [a, b] = await two(it);
    await shows(a, "shop-1.1.0");
    await shows(b, "wiki-2.0.0");
    const ground = (preview) => preview.locator(".embedded").evaluate((element) => getComputedStyle(element).backgroundColor);
    assert.deepEqual([await ground(a), await ground(b)], ["rgb(250, 250, 250)", "rgb(14, 17, 22)"]);
    await forget(page);
    await type(a, "title: only here\n");
    await shows(a, "only here");
    await comes(page, "a", "rendered");
    assert.deepEqual((await news(page)).filter(([id]) => id !== "a"), []);
    await b.getByRole("tab", { name: "YAML" }).click();
    assert.equal(await b.locator("#editor").inputValue(), "");
    await shows(b, "wiki by default");
    // Ids are looked up where the focus is: arrows move in the tabs of this element.
    await b.getByRole("tab", { name: "YAML" }).press("ArrowRight");
    assert.equal(await page.evaluate(() => document.activeElement.shadowRoot.activeElement.textContent), "Both");
    assert.equal(await page.evaluate(() => document.activeElement.id), "b");
    assert.equal(await b.getByRole("button", { name: "Install" }).count(), 0);
    await page.evaluate(() => document.querySelector("#b").setAttribute("theme", "light"));
    assert.equal(await ground(b), await ground(a));
  },

  async "attributes change while it is shown"(it) {
    const { page } = it;
    const preview = await alone(it, { src: CATALOG, chart: "shop", values: "title: given\n" });
    await shows(preview, "given");
    const set = (attributes) =>
      page.evaluate((attributes) => Object.entries(attributes).forEach(([name, value]) => document.querySelector("#a").setAttribute(name, value)), attributes);
    await set({ values: "title: anew\n" });
    await shows(preview, "anew");
    assert.deepEqual((await news(page)).filter(([, name]) => name === "valueschange"), []);
    await type(preview, "title: typed\n");
    await shows(preview, "typed");
    // Other attributes leave what was typed, and so do the same values once more.
    await set({ installable: "", values: "title: anew\n" });
    await preview.getByRole("button", { name: "Install" }).waitFor();
    assert.equal(await preview.locator("#editor").inputValue(), "title: typed\n");
    await forget(page);
    await set({ chart: "wiki", version: "2.0.0", values: "title: for the wiki\n" });
    await shows(preview, "wiki-2.0.0");
    await shows(preview, "for the wiki");
    assert.equal((await news(page)).filter(([, name]) => name === "error").length, 0, "three attributes are one change");
    await set({ chart: "shop", version: "1.0.0" });
    await shows(preview, "shop-1.0.0");
    await preview.getByLabel("Version", { exact: true }).selectOption("1.1.0");
    await shows(preview, "shop-1.1.0");
    assert.equal(page.url(), `${it.address}empty.html`);
  },

  async "it may be moved, and removed while it loads and later"(it) {
    const { page } = it;
    let go;
    it.hold((path) => (path.endsWith(".wasm") ? new Promise((done) => (go = done)) : undefined));
    await alone(it, { src: CATALOG, chart: "shop" });
    await at(page, "a").getByRole("status").filter({ hasText: "Loading the preview" }).waitFor();
    await it.waits(() => go);
    await page.evaluate(() => document.querySelector("#a").remove());
    it.hold(() => undefined);
    go();
    const again = await page.evaluate(() => {
      const element = document.createElement("chartwright-preview");
      element.id = "b";
      element.setAttribute("src", "chartwright/catalog/one.json");
      document.body.append(element);
    });
    assert.equal(again, undefined);
    const preview = at(page, "b");
    await shows(preview, "wiki-2.0.0");
    assert.deepEqual((await news(page)).filter(([id]) => id !== "b"), []);
    await type(preview, "title: kept\n");
    await shows(preview, "kept");
    await page.evaluate(() => {
      const section = document.body.appendChild(document.createElement("section"));
      section.append(document.querySelector("#b"));
    });
    await shows(preview, "kept");
    assert.equal(page.workers().length, 1);
    await Promise.all([
      it.waits(() => page.workers().length === 0),
      page.evaluate(() => {
        globalThis.gone = document.querySelector("#b");
        gone.remove();
      }),
    ]);
    await page.evaluate(() => document.body.append(gone));
    await shows(preview, "wiki by default");
  },

  async "what cannot be shown is said in the element, and to the host"(it) {
    const { page } = it;
    const cases = [
      [{}, "there is nothing to show: the element has no src"],
      [{ src: CATALOG }, "the catalog has several modules, and the element has no chart"],
      [{ src: CATALOG, chart: "none" }, "the catalog has no module none"],
      [{ src: CATALOG, chart: "shop", version: "9.9.9" }, "shop has no version 9.9.9"],
      [{ src: "chartwright/catalog/none.json" }, "the server answered 404"],
      [{ src: "chartwright/catalog/odd.yaml" }, "src leads to something that cannot be shown here"],
      [{ src: "javascript:alert(1)" }, "src is not an address that can be fetched"],
    ];
    for (const [attributes, message] of cases) {
      const preview = await alone(it, attributes);
      assert.deepEqual(await comes(page, "a", "error"), { message });
      await preview.getByRole("alert").filter({ hasText: message }).waitFor();
    }
    const preview = await alone(it, { src: CATALOG, chart: "shop", values: "title: null\n" });
    assert.match((await comes(page, "a", "error")).message, /a title is needed/);
    await type(preview, "title: [\n");
    assert.match((await comes(page, "a", "valueschange")).values, /\[/);
    await page.waitForFunction(() => news.some(([, name, detail]) => name === "error" && /not YAML yet/.test(detail.message)));
    await type(preview, "title: fine\n");
    await shows(preview, "fine");
  },

  async "src may be a catalog of one module, an index, an archive or a descriptor"(it) {
    for (const src of ["one.json", "index.yaml", "charts/wiki-2.0.0.tgz"]) {
      await shows(await alone(it, { src: `chartwright/catalog/${src}` }), "wiki-2.0.0");
    }
    const preview = await alone(it, { src: "chartwright/catalog/descriptor.yaml" });
    // Its base charts are not in the catalog beside it.
    const { problems } = await comes(it.page, "a", "rendered");
    assert.ok(problems > 0);
    await preview.getByRole("tab", { name: `Problems ${problems}` }).click();
    await preview.locator(".problem", { hasText: "chart" }).first().waitFor();
  },

  async "keys work inside of it only"(it) {
    const { page } = it;
    const [a, b] = await two(it);
    const tab = (preview) => preview.locator("[role=tablist][aria-label=Result] [aria-selected=true]").textContent();
    await page.locator("#outside").focus();
    for (const key of ["s", "d", "n", "?", "/", "g", "c", "t"]) await page.keyboard.press(key);
    assert.deepEqual([(await tab(a)).slice(0, 9), (await tab(b)).slice(0, 9)], ["Manifests", "Manifests"]);
    assert.equal((await page.evaluate(() => keys)).length, 8);
    await b.getByRole("tab", { name: "Summary" }).focus();
    await page.keyboard.press("n");
    assert.deepEqual([(await tab(a)).slice(0, 9), await tab(b)], ["Manifests", "Notes"]);
    // Used here, or typed into a field: no shortcut of the host.
    await a.getByRole("tab", { name: "YAML" }).click();
    await a.locator("#editor").pressSequentially("s: d");
    assert.equal((await page.evaluate(() => keys)).length, 8);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Escape");
    await page.keyboard.press("x");
    assert.match(await a.locator("#editor").inputValue(), /^s: d\s+x$/);
    assert.deepEqual((await page.evaluate(() => keys)).slice(8), ["Tab", "Escape"]);
    // The rest of the host's keys go on to it.
    await b.getByRole("tab", { name: "Summary" }).focus();
    await page.keyboard.press("q");
    await page.keyboard.press("Control+s");
    assert.deepEqual((await page.evaluate(() => keys)).slice(10), ["q", "Control", "s"]);
  },

  async "styles leak neither in nor out, and nothing else changes in the host"(it) {
    const { page } = it;
    const [a] = await two(it);
    const style = (locator, names) =>
      locator.evaluate((element, names) => names.map((name) => getComputedStyle(element)[name]), names);
    const inherited = ["fontStyle", "letterSpacing", "textTransform", "lineHeight", "textAlign", "fontSize"];
    assert.deepEqual(await style(a.locator(".embedded"), inherited), ["normal", "normal", "none", "20px", "start", "14px"]);
    assert.deepEqual(await style(a.locator(".module-bar button").first(), ["letterSpacing", "backgroundColor"]), ["normal", "rgb(255, 255, 255)"]);
    assert.deepEqual(await style(a.locator("h1"), ["display"]), ["block"]);
    assert.deepEqual(await style(page.locator("#outside"), ["backgroundColor", "borderRadius"]), ["rgb(255, 0, 0)", "0px"]);
    const host = await page.evaluate(() => [
      document.title, location.pathname, history.length, localStorage.length, document.adoptedStyleSheets.length, document.styleSheets.length,
      document.documentElement.getAttributeNames().join(), document.body.children.length, document.activeElement.tagName,
    ]);
    assert.deepEqual(host, ["Host", "/two.html", 2, 0, 0, 1, "lang", 3, "BODY"]);
    assert.deepEqual(await page.evaluate(async () => [await caches.keys(), (await navigator.serviceWorker.getRegistrations()).length]), [[], 0]);
    await page.evaluate(() => document.styleSheets[0].insertRule("chartwright-preview { --accent: rgb(1, 2, 3); --surface: rgb(4, 5, 6); }"));
    assert.deepEqual(await style(a.locator(".module-bar"), ["backgroundColor"]), ["rgb(4, 5, 6)"]);
  },

  async "its own size decides how it is laid out, and everything stays inside"(it) {
    const { page } = it;
    const [a] = await two(it);
    assert.ok(await a.locator(".split > .bar").isVisible());
    await page.evaluate(() => document.querySelector("#a").style.setProperty("width", "420px"));
    await a.locator(".narrow-switch").waitFor();
    assert.ok(!(await a.locator(".split > .bar").isVisible()));
    await a.locator("details.menu > summary", { hasText: "Share" }).click();
    assert.equal(await a.locator("details.menu[open] button", { hasText: "link" }).count(), 0);
    await a.locator("details.menu[open] button", { hasText: "Copy all manifests" }).click();
    await a.locator(".toast").waitFor();
    const [toast, all] = [await a.locator(".toast").boundingBox(), await a.boundingBox()];
    assert.ok(toast.x >= all.x && toast.x + toast.width <= all.x + all.width, JSON.stringify([toast, all]));
    assert.ok(toast.y + toast.height <= all.y + all.height, JSON.stringify([toast, all]));
    assert.equal(all.height, 640);
    assert.equal(await at(page, "b").locator(".toast").count(), 0);
  },

  async "links in it never lead the host away"(it) {
    const { page, context } = it;
    const preview = await alone(it, { src: CATALOG, chart: "shop" });
    await comes(page, "a", "rendered");
    assert.equal(await preview.locator('a[href="./"]').count(), 0);
    await preview.getByRole("tab", { name: "Chart" }).click();
    const link = preview.getByRole("link", { name: "the site" });
    await context.route("https://shop.example.org/**", (route) => route.fulfill({ body: "there" }));
    const [other] = await Promise.all([context.waitForEvent("page"), link.click()]);
    await other.waitForURL("https://shop.example.org/");
    await other.close();
    assert.equal(page.url(), `${it.address}empty.html`);
  },

  async "a script of another origin says why it cannot work"(it) {
    const { page } = it;
    const other = await serve((path) => it.find(path));
    try {
      const open = await serve((path) => (path === "foreign.html" ? it.find(path).replaceAll("OTHER/", other.address) : it.find(path)), { policy: "" });
      await page.goto(`${open.address}foreign.html`);
      const { message } = await comes(page, "a", "error");
      assert.match(message, /browsers start workers only from a page's own origin .*embed\.html/);
      await at(page, "a").getByRole("alert").filter({ hasText: message }).waitFor();
      await open.stop();
    } finally {
      await other.stop();
    }
  },

  async "a frame of another origin has it, and talks to the page that it names only"(it) {
    const { page } = it;
    const other = await serve((path) => it.find(path));
    try {
      const frame = async (query) => {
        await page.goto(`${it.address}frame.html`);
        await page.evaluate((src) => document.querySelector("#frame").setAttribute("src", src), `${other.address}chartwright/embed.html?${new URLSearchParams(query)}`);
        return page.frameLocator("#frame").locator("chartwright-preview");
      };
      const origin = new URL(it.address).origin;
      const from = new URL(other.address).origin;
      const query = { src: "catalog/catalog.json", chart: "shop", values: "title: in the frame\n", theme: "dark" };
      const preview = await frame({ ...query, origin });
      await shows(preview, "in the frame");
      assert.deepEqual(await comes(page, from, "rendered"), { objects: 1, problems: 0 });
      assert.deepEqual(await preview.locator(".embedded").evaluate((element) => [getComputedStyle(element).backgroundColor, innerHeight - element.clientHeight]), ["rgb(14, 17, 22)", 0]);
      await page.evaluate((to) => frames[0].postMessage({ chartwright: "set", values: "title: by message\n", chart: "wiki" }, to), from);
      await shows(preview, "by message");
      await shows(preview, "wiki-2.0.0");
      await type(preview, "title: typed\n");
      assert.deepEqual(await comes(page, from, "valueschange"), { values: "title: typed\n" });
      // A frame that names nobody, or somebody else, tells nothing and takes nothing.
      const silent = await frame(query);
      await shows(silent, "in the frame");
      await page.evaluate((to) => frames[0].postMessage({ chartwright: "set", values: "title: not this\n" }, to), from);
      await type(silent, "title: typed\n");
      await shows(silent, "typed");
      assert.deepEqual(await news(page), []);
    } finally {
      await other.stop();
    }
  },

  async "axe-core finds nothing in it"(it) {
    let source;
    try {
      source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    } catch {
      return "axe-core is not installed";
    }
    await it.page.emulateMedia({ reducedMotion: "reduce" });
    const preview = await alone(it, { src: CATALOG, chart: "shop", installable: "" });
    await comes(it.page, "a", "rendered");
    await it.page.evaluate(source);
    const found = [];
    for (const tab of ["Manifests", "Summary", "Changes", "Notes", "Chart", "Problems"]) {
      await preview.getByRole("tab", { name: tab }).click();
      for (const theme of ["light", "dark"]) {
        await it.page.evaluate((theme) => document.querySelector("#a").setAttribute("theme", theme), theme);
        const { violations } = await it.page.evaluate(() => axe.run("chartwright-preview"));
        for (const { id, nodes } of violations) found.push(`${tab}, ${theme}: ${id}: ${nodes[0].html.slice(0, 200)} ${nodes[0].failureSummary}`);
      }
    }
    assert.deepEqual(found, []);
  },
};

async function run(dist, executablePath, words) {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  const find = files(dist);
  let failed = 0;
  for (const [name, test] of Object.entries(tests)) {
    if (words.length > 0 && !words.some((word) => name.includes(word))) continue;
    let hold = () => undefined;
    const server = await serve(find, { held: (path) => hold(path) });
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, permissions: ["clipboard-read", "clipboard-write"] });
    context.setDefaultTimeout(20_000);
    await context.addInitScript(listen);
    const complaints = [];
    const page = await context.newPage();
    page.on("console", (message) => complaints.push(`console: ${message.text()} (${message.location().url})`));
    page.on("pageerror", (error) => complaints.push(`thrown: ${error.stack ?? error}`));
    const waits = async (holds) => {
      const end = Date.now() + 20_000;
      while (!holds()) {
        assert.ok(Date.now() < end, `${name}: it never holds`);
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
      }
    };
    try {
      const why = await test({ address: server.address, browser, context, page, find, waits, hold: (held) => (hold = held) });
      const missing = (line) => name.includes("cannot be shown") && line.includes("404");
      assert.deepEqual(complaints.filter((line) => !missing(line)), []);
      console.log(why ? `SKIPPED ${name}: ${why}` : `ok      ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${name}\n${error.stack}\n  besides: ${complaints.slice(0, 5).join("\n  ")}`);
      if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/failed.png` }).catch(() => {});
    } finally {
      await context.close();
      await server.stop();
    }
  }
  await browser.close();
  return failed;
}

const [dist, executablePath, ...words] = process.argv.slice(2);
process.exit((await run(dist, executablePath, words)) > 0 ? 1 : 0);
