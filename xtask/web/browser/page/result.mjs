// The result beside the values: what an edit changed, where an object comes from, and where one was in each tab.

import assert from "node:assert/strict";

import { test } from "./harness.mjs";
import { becomes, openModule, rendered, says, tab, writeYaml } from "./view.mjs";

const panel = (page) => page.locator("#result-panel");
const top = (page) => panel(page).evaluate((panel) => Math.round(panel.scrollTop));
const scroll = (page, to) => panel(page).evaluate((panel, to) => (panel.scrollTop = to), to);
const focus = (page) => page.evaluate(() => document.activeElement.id);

export default function register() {
  test("result: what changed is said, marked, and one step away", async (it) => {
    const { page } = it;
    await openModule(it, "m/webshop/1.4.0");
    assert.equal(await page.locator("button.moved").count(), 0);
    await writeYaml(page, "webshopfrontend:\n  config:\n    SHOP_NAME: Seen\n");
    await says(page.locator("button.moved"), "2 changed");
    assert.equal(await top(page), 0, "nothing jumps by itself");
    assert.equal(await page.locator("nav.jumps .moved").count(), 2);
    await page.locator("button.moved").click();
    // The line that changed is in view, and is marked however long the way to it took.
    const mark = page.locator(".mark.target");
    await mark.waitFor();
    await becomes(() => mark.evaluate((mark) => {
      const { top, bottom } = mark.getBoundingClientRect();
      return top > 150 && bottom < innerHeight;
    }), true);
    await says(page.locator("article.object.chosen .code"), "SHOP_NAME: Seen");
    assert.ok((await page.locator("article.object.chosen .mark.changed").count()) > 0);
    const first = await page.locator("article.object.chosen").getAttribute("aria-label");
    await page.locator("button.moved").click();
    await becomes(async () => (await page.locator("article.object.chosen").getAttribute("aria-label")) !== first, true);
    // The next edit has marks of its own.
    await writeYaml(page, "webshopfrontend:\n  config:\n    SHOP_NAME: Seen\nwebshopdb:\n  replicas: 1\n");
    await rendered(page);
  });

  test("result: an object leads to its template, and back", async (it) => {
    const { page } = it;
    await openModule(it, "m/webshop/1.4.0");
    const object = page.getByRole("article", { name: "StatefulSet webshopdb" });
    await object.getByRole("button", { name: /^Template of StatefulSet webshopdb/ }).click();
    await says(page.locator("#chart-file"), "templates/statefulset.yaml");
    await becomes(() => focus(page), "chart-file");
    await becomes(() => top(page), 0);
    await says(page.locator(".files details[open] [aria-current]"), "statefulset.yaml");
    await page.getByRole("button", { name: "Back to StatefulSet webshopdb" }).click();
    await becomes(() => object.evaluate((object) => document.activeElement === object), true);
    await becomes(() => object.evaluate((object) => object.getBoundingClientRect().top < innerHeight / 2), true);
    // A chart's own templates, too.
    await openModule(it, "m/wiki");
    await page.getByRole("button", { name: /^Template of Deployment/ }).click();
    await says(page.locator("#chart-file"), "templates/deployment.yaml");
  });

  test("result: each tab keeps its place, and so does each file", async (it) => {
    const { page } = it;
    await openModule(it, "m/webshop/1.4.0");
    await scroll(page, 1500);
    await tab(page, "Chart");
    await becomes(() => top(page), 0);
    // Not by the mouse: Playwright scrolls what it clicks into view, in the pane that is looked at here.
    const file = (name) => page.locator(".files > ul button", { hasText: name }).first().evaluate((button) => button.click());
    await file("values.schema.json");
    await says(page.locator("#chart-file"), "values.schema.json");
    await scroll(page, 700);
    assert.equal(await top(page), 700);
    // The list of files stays where it is.
    assert.ok(await page.locator(".files").evaluate((files) => files.getBoundingClientRect().top > 0));
    await file("Chart.yaml");
    await says(page.locator("#chart-file"), "Chart.yaml");
    await becomes(() => top(page), 0);
    await file("values.schema.json");
    await becomes(() => top(page), 700);
    await tab(page, "Manifests");
    await becomes(() => top(page), 1500);
    await tab(page, "Chart");
    await becomes(() => top(page), 700);
  });

  test("result: from object to object by keyboard, with the button in view", async (it) => {
    const { page } = it;
    await openModule(it, "m/webshop/1.4.0");
    const next = page.getByRole("button", { name: "Next object" });
    await next.focus();
    for (let count = 0; count < 6; count += 1) await page.keyboard.press("Enter");
    await becomes(async () => (await top(page)) > 800, true);
    const seen = await next.evaluate((button) => {
      const { left, top, width, height } = button.getBoundingClientRect();
      return document.activeElement === button && button.contains(document.elementFromPoint(left + width / 2, top + height / 2));
    });
    assert.ok(seen, "the focused button is in view");
    // The chosen object begins below what sticks above it.
    const header = page.locator("article.object.chosen > header");
    await becomes(() => header.evaluate((header) => {
      const { left, top } = header.getBoundingClientRect();
      return header.contains(document.elementFromPoint(left + 100, top + 10));
    }), true);
  });

  test("result: all values are those that are in effect", async (it) => {
    const { page } = it;
    await openModule(it, "m/webshop/1.4.0");
    await writeYaml(page, "webshopfrontend:\n  config:\n    SHOP_NAME: Mine\n");
    await rendered(page);
    await page.getByRole("group", { name: "Which values" }).getByRole("button", { name: "All" }).click();
    const all = page.locator(".yaml-pane .code");
    // Of the base chart, of the developer, and one's own.
    await says(all, /webshopfrontend:\n(.*\n)* {2}imagePullSecrets: \[\]/);
    await says(all, /webshopfrontend:\n(.*\n)* {4}name: webshop-frontend/);
    await says(all, "SHOP_NAME: Mine");
    await says(page.locator(".yaml-tools"), "All values in effect");
  });

  test("result: names of objects are whole", async (it) => {
    const { page } = it;
    await openModule(it, "m/sensors");
    const cut = await page.locator("nav.jumps .name").evaluateAll((all) => all.filter((name) => name.scrollWidth > name.clientWidth + 1).map((name) => name.textContent));
    assert.deepEqual(cut, []);
  });

  test("result: copying says so while there is nothing", async (it) => {
    const { page } = it;
    await openModule(it, "m/broken");
    await page.locator("details.menu > summary", { hasText: "Share" }).click();
    await page.locator("details.menu[open] button", { hasText: "Copy all manifests" }).click();
    await says(page.locator(".toast"), "There are no manifests");
  });

  test("result: a failure leads to its line, and to the value that mends it", async (it) => {
    const { page } = it;
    await openModule(it, "m/broken?tab=problems");
    await page.locator("#result-panel").getByRole("button", { name: /_helpers\.tpl:2/ }).first().click();
    await says(page.locator("#chart-file"), "templates/_helpers.tpl");
    await page.locator(".file .mark.target").waitFor();
    await tab(page, "Problems");
    await page.getByRole("button", { name: "Go to the value name" }).click();
    await becomes(() => page.evaluate(() => document.activeElement.id), "field-name");
    await page.locator("#field-name").fill("mine");
    assert.ok(await rendered(page));
  });

  test("result: what Kubernetes would refuse is a problem, at its line and its value", async (it) => {
    const { page } = it;
    await openModule(it, "m/webshop/1.4.0?tab=problems");
    await says(panel(page), "Nothing is wrong");
    await writeYaml(page, "webshopbackend:\n  ingress:\n    host: my_shop.example!\n");
    await says(panel(page), "Kubernetes refuses my_shop.example! here");
    await page.getByRole("button", { name: /^Ingress webshopbackend-ingress, line \d+$/ }).first().click();
    await page.locator("article.object.chosen .mark.target").waitFor();
    await tab(page, "Problems");
    await page.getByRole("button", { name: "Go to the value" }).first().click();
    await becomes(() => page.locator("#editor").evaluate((editor) => editor.value.slice(0, editor.selectionStart).split("\n").length), 3);
  });

  test("result: a request above its limit is a problem", async (it) => {
    const { page } = it;
    await openModule(it, "m/webshop/1.4.0?tab=problems");
    await writeYaml(page, "webshopfrontend:\n  resources: {limits: {memory: 64Mi}, requests: {memory: 1Gi}}\n");
    await says(panel(page), "The request of memory, 1Gi, must be less than or equal to the limit of 64Mi");
    await page.getByRole("button", { name: "Go to the value" }).first().click();
    await becomes(() => page.locator("#editor").evaluate((editor) => editor.value.slice(0, editor.selectionStart).split("\n").length), 2);
  });

  test("result: a base chart's template shows the values of the component, and leads to them", async (it) => {
    const { page } = it;
    await openModule(it, "m/webshop/1.4.0");
    await page.getByRole("button", { name: /^Template of Deployment webshopfrontend/ }).click();
    await says(page.locator("#chart-file"), "modulebase/templates/deployment.yaml");
    await page.locator("details.refers > summary").click();
    const row = page.locator("details.refers tr", { hasText: ".Values.replicas" }).first();
    await says(row, /\d+ \(/);
    await row.getByRole("button", { name: ".Values.replicas" }).click();
    await says(page.locator("#values-panel"), "Replicas");
    await becomes(() => page.evaluate(() => document.activeElement.id), "field-webshopfrontend.replicas");
    assert.equal(await page.getByRole("searchbox", { name: "Find a setting" }).inputValue(), "");
  });

  test("result: ways in that are no addresses are in the summary", async (it) => {
    await openModule(it, "m/sensors?tab=summary");
    const card = it.page.locator("section.fact", { hasText: "Reached from outside" });
    await says(card, /LoadBalancer1883\/TCP, 8883\/TCP at an address that the cluster gives/);
  });
}
