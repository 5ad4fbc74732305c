// Without a network, and with a new build of the page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { test } from "./harness.mjs";
import { catalogFiles, serveFiles } from "./server.mjs";
import { becomes, copied, dropChart, open, openModule, rendered, says, settled, writeYaml } from "./view.mjs";
import { chart, configMap } from "./charts.mjs";

const own = { serviceWorkers: "allow", expect: [/net::ERR_|Failed to load resource/] };

// A server of our own, which can go away.
async function served(it) {
  const server = await serveFiles([it.folders.page], catalogFiles(it.folders.catalog));
  it.origins.add(new URL(server.address).origin);
  it.address = server.address;
  return server;
}

// The page is kept on this machine: its worker is active and controls the page.
const ready = (page) => page.evaluate(async () => {
  await navigator.serviceWorker.ready;
  if (!navigator.serviceWorker.controller) await new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done));
});

export default function register() {
  test("offline: catalog and opened modules work after one visit", own, async (it) => {
    const server = await served(it);
    await open(it);
    await ready(it.page);
    const shown = await it.page.locator(".card h2").allTextContents();
    await openModule(it, "m/webshop/1.4.0");
    await says(it.page.locator("footer.status"), "works offline");
    const manifests = await copied(it.page, "Share", "Copy all manifests");
    await dropChart(it.page, "mine-1.0.0.tgz", chart("mine", { "all.yaml": configMap("mine", "{{ .Values.name | default \"first\" }}") }));
    const opened = it.page.url();
    await says(it.page.locator("footer.status"), "works offline");

    await it.context.setOffline(true);
    await server.stop();
    await it.page.reload();
    await rendered(it.page);
    await says(it.page.locator(".objects .code"), "value: first");
    await writeYaml(it.page, "name: offline\n");
    await says(it.page.locator(".objects .code"), "value: offline");
    await it.page.goto(new URL("m/webshop/1.4.0", it.address).href);
    await rendered(it.page);
    assert.equal(await copied(it.page, "Share", "Copy all manifests"), manifests);
    await it.page.goto(it.address);
    await settled(it.page);
    assert.deepEqual(await it.page.locator(".card h2").allTextContents(), shown);
    await says(it.page.locator("header.top"), "Offline");
    await says(it.page.locator(".card", { hasText: "Webshop" }), "works offline");
    const broken = await it.page.locator(".card img").evaluateAll((all) => all.filter((one) => one.complete && one.naturalWidth === 0).length);
    assert.equal(broken, 0, "icons are there");
    // What was never opened says so, and does not claim otherwise.
    await says(it.page.locator(".card", { hasText: "gateway" }), /^(?!.*works offline)/s);
    await it.page.goto(new URL("m/gateway", it.address).href);
    await says(it.page.locator(".trouble"), /could not be fetched.*what was opened before works offline/s);
    await says(it.page.locator("footer.status"), "could not be opened");
    await it.page.goto(opened);
    await says(it.page.locator(".objects .code"), "value: offline");
  });

  test("offline: the mark is not there before it is true", own, async (it) => {
    const server = await served(it);
    // A page that cannot be kept: one of its files is not there for the service worker.
    server.files["sw.js"] = `${readFileSync(join(it.folders.page, "sw.js"))}`.replace("const assets = [", 'const assets = [{"url":"gone.js","hash":"0"},');
    await openModule(it, "m/webshop/1.4.0");
    await becomes(() => it.page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active ?? null), null);
    assert.doesNotMatch(await it.page.locator("footer.status").textContent(), /works offline/);
    await server.stop();
  });

  test("a new build asks, and comes when it is accepted", own, async (it) => {
    const server = await served(it);
    await open(it);
    await ready(it.page);
    // The same page with another word in it.
    const index = readFileSync(join(it.folders.page, "index.html"), "utf8").replace("<html lang=\"en\">", "<html lang=\"en\" data-build=\"second\">");
    const worker = readFileSync(join(it.folders.page, "sw.js"), "utf8").replace(/("url":"index.html","hash":")[0-9a-f]+/, "$10123456789abcdef");
    server.files["index.html"] = index;
    server.files["sw.js"] = worker;
    await it.page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
    const toast = it.page.locator(".toast", { hasText: "A new version of this page is ready" });
    await toast.waitFor();
    assert.equal(await it.page.locator("html").getAttribute("data-build"), null, "nothing changes before");
    await Promise.all([it.page.waitForEvent("load"), toast.getByRole("button", { name: "Reload" }).click()]);
    await settled(it.page);
    assert.equal(await it.page.locator("html").getAttribute("data-build"), "second");
    const kept = await it.page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith("chartwright-page-")).length);
    await becomes(async () => kept, 1);
    assert.equal(await it.page.locator(".toast").count(), 0);
    // The new one is there without a network as well.
    await server.stop();
    await it.context.setOffline(true);
    await it.page.reload();
    await settled(it.page);
    assert.equal(await it.page.locator("html").getAttribute("data-build"), "second");
  });

  test("what is stored is shown and cleared", own, async (it) => {
    await openModule(it, "m/wiki");
    await writeYaml(it.page, "replicas: 2\n");
    await says(it.page.locator("footer.status"), "kept on this machine");
    await open(it, "about");
    await says(it.page.locator(".pairs"), /Charts and descriptors1Modules with your values1/);
    await it.page.getByRole("button", { name: /^Delete values and charts/ }).click();
    await says(it.page.locator(".pairs"), /Charts and descriptors0Modules with your values0/);
    assert.equal(await it.page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes("draft")).length), 0);
  });
}
