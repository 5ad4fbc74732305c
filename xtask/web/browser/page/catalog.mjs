// The catalog: first load, search, facets, addresses, history.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { deflateRawSync } from "node:zlib";

import { chart, configMap } from "./charts.mjs";
import { test } from "./harness.mjs";
import { becomes, drop, open, openModule, rendered, says, settled, tab } from "./view.mjs";

const titles = (page) => page.locator(".card h2").allTextContents();

export default function register() {
  test("first load shows the catalog", async (it) => {
    await open(it);
    assert.equal(await it.page.title(), "Chartwright");
    const shown = await titles(it.page);
    assert.ok(shown.includes("Webshop"), shown.join());
    assert.equal(await it.page.locator(".heading p").first().textContent(), `${shown.length} modules`);
    assert.ok(!shown.some((title) => title.includes("fails")), "examples of errors are not in front");
    // Cards say what is deployed.
    await says(it.page.locator(".card", { hasText: "Webshop" }), /3 components.*\d+ objects.*\d+ images/s);
  });

  test("catalog: search as you type", async (it) => {
    await open(it);
    const all = await titles(it.page);
    await it.page.keyboard.press("/");
    await it.page.keyboard.type("postg");
    await becomes(() => titles(it.page), ["Webshop"]);
    assert.equal(new URL(it.page.url()).search, "?q=postg");
    await it.page.locator("#search").fill("zebra");
    await says(it.page.locator(".empty"), "No module fits");
    await it.page.getByRole("button", { name: /Clear “zebra”/ }).click();
    await becomes(() => titles(it.page), all);
  });

  test("catalog: facets narrow and count", async (it) => {
    await open(it);
    const facet = it.page.locator("label.facet", { has: it.page.getByText("Shop", { exact: true }) });
    const number = Number(await facet.locator(".number").textContent());
    await facet.locator("input").check();
    await becomes(async () => (await titles(it.page)).length, number);
    assert.equal(new URL(it.page.url()).search, "?category=Shop");
    await it.page.reload();
    await settled(it.page);
    assert.ok(await facet.locator("input").isChecked(), "the address keeps it");
    await facet.locator("input").uncheck();
    await it.page.locator("label.facet", { hasText: "Examples of errors" }).locator("input").check();
    await says(it.page.locator(".card h2"), "A chart that <b>fails</b>");
  });

  test("addresses: module, version, tab, object, line", async (it) => {
    await openModule(it, "m/webshop");
    await says(it.page.locator("h1"), "Webshop");
    assert.equal(await it.page.locator("select.version").inputValue(), "1.4.0");
    await openModule(it, "m/webshop/1.3.0?tab=summary");
    assert.equal(await it.page.locator("select.version").inputValue(), "1.3.0");
    assert.equal(await it.page.getByRole("tab", { name: "Summary" }).getAttribute("aria-selected"), "true");
    // A click on a line's number names object and line in the address.
    await openModule(it, "m/webshop/1.4.0");
    const article = it.page.locator("article.object").nth(3);
    const label = await article.getAttribute("aria-label");
    await article.scrollIntoViewIfNeeded();
    await article.locator(".gutter").first().click({ position: { x: 10, y: 50 } });
    await it.page.waitForURL(/line=3/);
    const address = it.page.url();
    assert.match(address, /object=/);
    await it.page.goto("about:blank");
    await it.page.goto(address);
    await rendered(it.page);
    const chosen = it.page.locator("article.object.chosen");
    await chosen.waitFor();
    assert.equal(await chosen.getAttribute("aria-label"), label);
    const mark = chosen.locator(".mark.target");
    await mark.waitFor();
    assert.equal(await mark.evaluate((mark) => mark.style.getPropertyValue("--line")), "2");
    const inView = () => mark.evaluate((mark) => {
      const { top, bottom } = mark.getBoundingClientRect();
      return top > 0 && bottom < innerHeight;
    });
    await becomes(inView, true);
  });

  test("addresses: back and forward", async (it) => {
    await open(it);
    await it.page.locator(".card", { hasText: "Webshop" }).locator("a").click();
    await it.page.waitForURL(/m\/webshop\/1\.4\.0/);
    await rendered(it.page);
    await it.page.locator("select.version").selectOption("1.3.0");
    await it.page.waitForURL(/m\/webshop\/1\.3\.0/);
    await rendered(it.page);
    await it.page.getByRole("link", { name: "Develop" }).click();
    await it.page.waitForURL(/develop/);
    await it.page.goBack();
    await it.page.waitForURL(/1\.3\.0/);
    await says(it.page.locator("h1"), "Webshop");
    await rendered(it.page);
    await it.page.goBack();
    await it.page.waitForURL(/1\.4\.0/);
    await rendered(it.page);
    await it.page.goBack();
    await it.page.waitForFunction(() => document.querySelectorAll(".card h2").length > 3);
    await it.page.goForward();
    await it.page.waitForURL(/1\.4\.0/);
    await says(it.page.locator("h1"), "Webshop");
  });

  test("addresses that lead nowhere say so", async (it) => {
    await it.page.goto(new URL("m/nothing", it.address).href);
    await says(it.page.locator(".trouble"), "The catalog has no module nothing");
    await it.page.goto(new URL("m/webshop/9.9.9", it.address).href);
    await says(it.page.locator(".trouble"), /has no version 9\.9\.9.*newest is 1\.4\.0/s);
    await it.page.goto(new URL("opened/sha256:00", it.address).href);
    await says(it.page.locator(".trouble"), "is not on this machine");
    // It is opened as soon as it is there, with what the link has.
    const archive = chart("mine", { "all.yaml": configMap("mine", "{{ .Values.name | default \"first\" }}") });
    const digest = createHash("sha256").update(archive).digest("hex");
    const values = deflateRawSync("name: linked\n").toString("base64url");
    await it.page.goto(new URL(`opened/sha256:${digest}?file=mine-1.0.0.tgz#v=${values}`, it.address).href);
    await says(it.page.locator(".trouble"), "file mine-1.0.0.tgz is not on this machine");
    await drop(it.page, { "mine-1.0.0.tgz": archive });
    await says(it.page.locator(".objects .code"), "value: linked");
  });

  test("the view is in the title, and tabs are in the address", async (it) => {
    await openModule(it, "m/wiki");
    assert.match(await it.page.title(), /· Chartwright$/);
    await tab(it.page, "Notes");
    await it.page.waitForURL(/tab=notes/);
    await tab(it.page, "Manifests");
    await becomes(async () => new URL(it.page.url()).search, "");
  });
}
