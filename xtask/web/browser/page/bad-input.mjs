// What is not as it should be: catalogs, archives, files, values. A clear message in place, and nothing is lost.

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";

import { archive, chart, configMap } from "./charts.mjs";
import { test } from "./harness.mjs";
import { catalogFiles, serveFiles } from "./server.mjs";
import { becomes, drop, dropChart, open, openModule, rendered, says, settled, tab, writeYaml } from "./view.mjs";

const good = () => chart("shop", { "all.yaml": configMap("shop", "{{ .Values.name | default \"first\" }}") });

// Values of more than 5 MB.
const LARGE = `name: large\nlist:\n${"  - a line that only fills the file with something to read\n".repeat(90_000)}`;

const CATALOGS = [
  { name: "is not there", answer: 404, says: /[Tt]he server answered 404/ },
  { name: "fails", answer: 500, says: /[Tt]he server answered 500/ },
  { name: "is not JSON", answer: "<html>hello</html>", says: /./ },
  { name: "is another version's", answer: '{"apiVersion":"chartwright.dev/catalog/v99","modules":[]}', says: /v99/ },
  { name: "is empty", answer: "", says: /./ },
];

const FILES = [
  { name: "a picture", files: { "a.png": Buffer.from([0x89, 0x50, 0xff, 0xfe]) }, says: "neither an archive nor text" },
  { name: "a zip archive", files: { "shop.zip": Buffer.from("PK\x03\x04rest") }, says: "is a zip archive" },
  { name: "an empty file", files: { "shop.tgz": "" }, says: "is empty" },
  { name: "some text", files: { "notes.txt": "hello" }, says: "is not a chart, a descriptor or a compose file" },
  { name: "several files", files: { a: "b", c: "d" }, says: "none of them is a Chart.yaml" },
];

const ARCHIVES = [
  { name: "that is cut off", bytes: () => good().subarray(0, 90) },
  { name: "that is no tar archive", bytes: () => gzipSync("hello") },
  { name: "without a Chart.yaml", bytes: () => archive("shop", { "values.yaml": "a: 1\n" }) },
  { name: "that is a bomb", bytes: () => archive("shop", { "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n", "zeros.txt": Buffer.alloc(300 << 20) }) },
  { name: "with a path that leads out", bytes: () => archive("shop", { "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n", "../../etc/passwd": "root" }) },
];

export default function register() {
  for (const { name, answer, says: wanted } of CATALOGS) {
    test(`bad input: a catalog that ${name}`, { expect: [/Failed to load resource.*catalog\.json/, /404.*index\.yaml/] }, async (it) => {
      const server = await serveFiles([it.folders.page], { "catalog/catalog.json": answer });
      it.origins.add(new URL(server.address).origin);
      await open({ ...it, address: server.address });
      await says(it.page.locator(".trouble"), wanted);
      // What is dropped opens nevertheless.
      assert.ok(await dropChart(it.page, "shop-1.0.0.tgz", good()));
      await says(it.page.locator(".objects .code"), "value: first");
      // And the catalog comes when it is there.
      await it.page.goto(server.address);
      await says(it.page.locator(".trouble"), wanted);
      catalogFiles(it.folders.catalog, server.files);
      await it.page.getByRole("button", { name: "Try again" }).click();
      await says(it.page.locator(".card h2"), "Webshop");
      await server.stop();
    });
  }

  test("the index of a Helm repository is a catalog", { expect: [/404.*catalog\.json/] }, async (it) => {
    const index = "apiVersion: v1\nentries:\n  shop:\n    - name: shop\n      version: 1.0.0\n      urls: [shop-1.0.0.tgz]\n";
    const files = { "catalog/index.yaml": index, "catalog/shop-1.0.0.tgz": good() };
    const server = await serveFiles([it.folders.page], files);
    it.origins.add(new URL(server.address).origin);
    await open({ ...it, address: server.address });
    await it.page.getByRole("link", { name: "Shop" }).click();
    await says(it.page.locator(".objects .code"), "value: first");
    await server.stop();
  });

  test("bad input: a catalog whose files are other ones", async (it) => {
    const files = catalogFiles(it.folders.catalog);
    for (const path of Object.keys(files)) if (path.endsWith(".tgz")) files[path] = good();
    const server = await serveFiles([it.folders.page], files);
    it.origins.add(new URL(server.address).origin);
    await it.page.goto(`${server.address}m/notebook`);
    await says(it.page.locator(".trouble"), /digest|sha256/);
    await server.stop();
  });

  test("bad input: a broken compose file leaves open what is open", async (it) => {
    await open(it);
    await drop(it.page, { "compose.yaml": "services: [\n  broken: {" });
    await says(it.page.locator(".toast.alarm"), /The file compose\.yaml could not be imported, line \d+: this is not YAML/);
    assert.doesNotMatch(it.page.url(), /develop/);
    assert.ok((await it.page.locator(".card").count()) > 3, "the catalog is still there");
  });

  test("values that are dropped on a module are offered, and can be undone", async (it) => {
    await open(it);
    await drop(it.page, { "values.yaml": "replicas: 3\n" });
    await says(it.page.locator(".toast.alarm"), /The file values\.yaml is not a chart.*open a module first/);
    await openModule(it, "m/wiki");
    await writeYaml(it.page, "# mine\nreplicas: 2\n");
    await drop(it.page, { "values.yaml": "replicas: 3\n" });
    await it.page.getByRole("button", { name: "Use as values" }).click();
    await becomes(() => it.page.locator("#editor").inputValue(), "replicas: 3\n");
    await says(it.page.locator(".objects .code"), "replicas: 3");
    await becomes(async () => new URL(it.page.url()).hash, "");
    await it.page.getByRole("button", { name: "Undo" }).click();
    await becomes(() => it.page.locator("#editor").inputValue(), "# mine\nreplicas: 2\n");
  });

  for (const { name, files, says: wanted } of FILES) {
    test(`bad input: ${name}`, async (it) => {
      await open(it);
      await drop(it.page, files);
      await says(it.page.locator(".toast.alarm"), wanted);
      assert.ok((await it.page.locator(".card").count()) > 3, "the catalog is still there");
    });
  }

  for (const { name, bytes } of ARCHIVES) {
    test(`bad input: an archive ${name}`, async (it) => {
      await open(it);
      await drop(it.page, { "shop-1.0.0.tgz": bytes() });
      await says(it.page.locator(".trouble"), /./);
      const text = await it.page.locator(".trouble").innerText();
      assert.ok(text.length > 10 && !/unreachable|panicked|RuntimeError/.test(text), text);
      await it.page.getByRole("link", { name: "Open the catalog" }).click();
      await says(it.page.locator(".card h2"), "Webshop");
      assert.ok(await dropChart(it.page, "shop-1.0.0.tgz", good()), "the next one opens");
    });
  }

  test("bad input: links in an archive", async (it) => {
    await open(it);
    const files = { "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n", "templates/all.yaml": configMap("shop", "{{ .Files.Get \"link\" | quote }}") };
    await drop(it.page, { "shop-1.0.0.tgz": archive("shop", files, { link: "/etc/passwd", "templates/other.yaml": "../../../etc/passwd" }) });
    await it.page.waitForURL(/opened/);
    await settled(it.page);
    // Helm leaves links in archives out; nothing of this machine can be in the result anyhow.
    const text = await it.page.locator("#main").innerText();
    assert.doesNotMatch(text, /root:/);
    assert.match(text, /value: ""|link/);
  });

  test("bad input: a schema that refers to the network", async (it) => {
    await open(it);
    const schema = '{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"name":{"$ref":"https://schemas.example.org/name.json"}}}';
    await drop(it.page, { "shop-1.0.0.tgz": chart("shop", { "all.yaml": configMap("shop", "a") }, { "values.schema.json": schema, "values.yaml": "name: a\n" }) });
    await it.page.waitForURL(/opened/);
    await says(it.page.locator("#main"), /schemas\.example\.org/);
  });

  test("bad input: values of 5 MB", async (it) => {
    await open(it);
    assert.ok(await dropChart(it.page, "shop-1.0.0.tgz", good()));
    await tab(it.page, "YAML");
    assert.ok(LARGE.length > 5_000_000);
    // What a paste does; to select so much takes the browser longer than all that is tested here.
    const paste = (text) =>
      it.page.locator("#editor").evaluate((area, text) => {
        area.value = text;
        area.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }, text);
    await paste(LARGE);
    await says(it.page.locator(".objects .code, .stale-note"), /value: large|Not up to date/);
    assert.equal(await it.page.locator("#editor").evaluate((area) => area.value.length), LARGE.length);
    await paste("name: small\n");
    await says(it.page.locator(".objects .code"), "value: small");
    assert.ok(await rendered(it.page));
  });

  test("bad input: a folder without a chart, then one with it", async (it) => {
    await open(it);
    await drop(it.page, { "values.yaml": "a: 1\n", "README.md": "# hello\n" });
    await says(it.page.locator(".toast.alarm"), "Drop one archive");
    await drop(it.page, { "Chart.yaml": "apiVersion: v2\nname: folder\nversion: 1.0.0\n" });
    await it.page.waitForURL(/opened/);
    await says(it.page.locator(".result"), "deploy nothing");
    await becomes(() => it.page.locator("h1").textContent(), "folder");
  });
}
