// What is kept on this machine, and what happens where it cannot be: links, other tabs, storage that a browser refuses.

import assert from "node:assert/strict";
import { deflateRawSync } from "node:zlib";

import { chart, configMap } from "./charts.mjs";
import { test } from "./harness.mjs";
import { becomes, choose, drop, dropChart, open, openModule, rendered, says, tab, writeYaml, yaml } from "./view.mjs";

const shop = () => chart("shop", { "all.yaml": configMap("shop", "{{ .Values.name | default \"first\" }}") });

const link = ({ address }, path, values) => new URL(`${path}#v=${deflateRawSync(values).toString("base64url")}`, address).href;

export default function register() {
  test("values of a link do not cost one's own", async (it) => {
    await openModule(it, "m/wiki/0.6.1");
    await writeYaml(it.page, "site:\n  title: Mine\n");
    await says(it.page.locator(".objects .code"), "Mine");
    await it.page.goto("about:blank");
    await it.page.goto(link(it, "m/wiki/0.6.1", "site:\n  title: Theirs\n"));
    await rendered(it.page);
    await says(it.page.locator(".toast"), "These are the values of the link");
    await says(it.page.locator("footer.status"), "kept as soon as you edit");
    await tab(it.page, "YAML");
    // Nothing is lost by looking.
    await it.page.goto(new URL("m/wiki/0.6.1", it.address).href);
    await rendered(it.page);
    await becomes(() => yaml(it.page), "site:\n  title: Mine\n");
    await it.page.goto("about:blank");
    await it.page.goto(link(it, "m/wiki/0.6.1", "site:\n  title: Theirs\n"));
    await rendered(it.page);
    await writeYaml(it.page, "site:\n  title: Theirs and mine\n");
    await says(it.page.locator(".toast"), "Your own values are now in the set Before the link");
    await it.page.reload();
    await rendered(it.page);
    await becomes(() => yaml(it.page), "site:\n  title: Theirs and mine\n");
    await choose(it.page, "Saved sets", "Before the link");
    await becomes(() => yaml(it.page), "site:\n  title: Mine\n");
  });

  test("values of a file never stand in an address", async (it) => {
    await it.page.addInitScript(() => {
      window.addresses = [];
      for (const name of ["pushState", "replaceState"]) {
        const real = history[name].bind(history);
        history[name] = (...words) => (window.addresses.push(words[2]), real(...words));
      }
    });
    await openModule(it, "m/wiki/0.6.1");
    await drop(it.page, { "values.yaml": "site:\n  title: Filed\nlogin:\n  admin:\n    password: correct-horse-battery\n" });
    await it.page.getByRole("button", { name: "Use as values" }).click();
    await says(it.page.locator(".objects .code"), "Filed");
    const addresses = await it.page.evaluate(() => window.addresses);
    assert.ok(!addresses.some((address) => address?.includes("#")), addresses.join());
    assert.ok(!(await it.page.evaluate(() => JSON.stringify(localStorage))).includes("horse"));
    // What was offered for one module is not done to another.
    await drop(it.page, { "values.yaml": "a: 1\n" });
    await it.page.getByRole("button", { name: "Use as values" }).waitFor();
    await it.page.locator("a.brand").click();
    await becomes(() => it.page.getByRole("button", { name: "Use as values" }).count(), 0);
  });

  test("values of another tab are told of, and either can be kept", async (it) => {
    await openModule(it, "m/wiki/0.6.1");
    await writeYaml(it.page, "site:\n  title: First\n");
    await says(it.page.locator(".objects .code"), "First");
    const other = await it.context.newPage();
    await openModule({ ...it, page: other }, "m/wiki/0.6.1");
    await writeYaml(other, "site:\n  title: Second\n");
    const told = it.page.getByRole("alert").filter({ hasText: "Another tab has changed these values" });
    await told.waitFor();
    await says(it.page.locator("footer.status"), "another tab has changed them");
    await told.getByRole("button", { name: "Keep what is shown here" }).click();
    await becomes(() => told.count(), 0);
    const there = other.getByRole("alert").filter({ hasText: "Another tab has changed these values" });
    await there.getByRole("button", { name: "Use the other tab's" }).click();
    await becomes(() => yaml(other), "site:\n  title: First\n");
    await becomes(() => told.count(), 0);
  });

  test("a set that has no room is not said to be saved", async (it) => {
    await it.page.addInitScript(() => {
      Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
    });
    await openModule(it, "m/wiki/0.6.1");
    await writeYaml(it.page, "site:\n  title: Full\n");
    await says(it.page.locator("footer.status"), "not kept: this browser has no room");
    await choose(it.page, "Saved sets", "Save as a set");
    await it.page.locator("dialog input").fill("mine");
    await it.page.keyboard.press("Enter");
    await says(it.page.locator("dialog [role=alert]"), "has no room");
    assert.equal(await it.page.locator(".toast", { hasText: "Saved as" }).count(), 0);
  });

  // As over plain http under another name than this machine's.
  test("without a secure context, modules and files open", async (it) => {
    await it.page.addInitScript(() => {
      for (const [owner, name] of [[window, "caches"], [crypto, "subtle"], [navigator, "serviceWorker"], [navigator, "storage"], [navigator, "clipboard"]]) {
        Object.defineProperty(owner, name, { value: undefined });
      }
    });
    await openModule(it, "m/webshop/1.4.0");
    await says(it.page.locator(".objects .code"), "kind: Deployment");
    await it.page.locator("a.brand").click();
    await it.page.locator(".card").first().waitFor();
    assert.ok(await dropChart(it.page, "shop-1.0.0.tgz", shop()));
    await says(it.page.locator(".objects .code"), "value: first");
    await says(it.page.locator(".toast"), "gone when the page is closed");
    await it.page.goBack();
    await says(it.page.locator(".opened-files"), "shop-1.0.0.tgz");
  });

  test("files that were opened are found again, and removed", async (it) => {
    await open(it);
    assert.ok(await dropChart(it.page, "shop-1.0.0.tgz", shop()));
    await says(it.page.locator(".objects .code"), "value: first");
    await it.page.locator("a.brand").click();
    await it.page.locator(".opened-files a", { hasText: "shop-1.0.0.tgz" }).click();
    await says(it.page.locator(".objects .code"), "value: first");
    await it.page.goBack();
    await it.page.getByRole("button", { name: "Remove shop-1.0.0.tgz from this machine" }).click();
    await becomes(() => it.page.locator(".opened-files").count(), 0);
    assert.deepEqual(await it.page.evaluate(async () => (await (await caches.open("chartwright-charts-1")).keys()).length), 0);
  });

  test("a folder with too many files is refused", async (it) => {
    await open(it);
    const files = { "shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n" };
    for (let n = 0; n < 5_001; n += 1) files[`shop/files/${n}`] = "x";
    await drop(it.page, files);
    await says(it.page.locator(".toast.alarm"), "more than 5000 files");
  });

  // Yew draws in several turns of the event loop where it takes long: a key may come before the list.
  test("Enter opens what was typed, on a slow machine too", async (it) => {
    const session = await it.context.newCDPSession(it.page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: 6 });
    await open(it);
    await it.page.keyboard.press("/");
    await it.page.keyboard.type("wiki");
    await it.page.keyboard.press("Enter");
    await it.page.waitForURL(/m\/wiki\//);
  });
}
