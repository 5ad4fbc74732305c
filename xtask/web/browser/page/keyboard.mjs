// The whole way by keyboard alone: from the catalog to a changed value, its result and a copied text.

import assert from "node:assert/strict";

import { test } from "./harness.mjs";
import { becomes, open, openModule, rendered, says, tab, yaml } from "./view.mjs";

// What has the focus: its name, and whether one sees that.
const focused = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return undefined;
    const style = getComputedStyle(element);
    const label = element.labels?.[0] ?? element;
    // A card is a link as a whole, and has its ring.
    const looks = [style, getComputedStyle(label), getComputedStyle(element.closest(".card") ?? label)];
    const box = label.getBoundingClientRect();
    const bar = element.getAttribute("role") === "separator" && style.backgroundColor !== getComputedStyle(document.documentElement).getPropertyValue("--line");
    return {
      name: (element.getAttribute("aria-label") ?? label.textContent ?? "").trim().replace(/\s+/g, " "),
      tag: element.tagName,
      role: element.getAttribute("role"),
      id: element.id,
      seen: bar || looks.some(({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && outlineWidth !== "0px"),
      inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
  });

// Presses a key until something has the focus; at each stop one sees where it is.
async function press(page, key, wanted, most = 120) {
  const seen = [];
  for (let count = 0; count < most; count += 1) {
    await page.keyboard.press(key);
    const now = await focused(page);
    assert.ok(now, `the focus is lost after ${seen.at(-1)}`);
    seen.push(now.name || now.id || now.tag);
    assert.ok(now.seen, `one does not see the focus on ${now.tag} “${now.name.slice(0, 60)}”`);
    if (wanted(now)) return now;
  }
  assert.fail(`never came to it, but to ${seen.join(" | ")}`);
}

export default function register() {
  test("keyboard: from the catalog to a copied result", async (it) => {
    const { page } = it;
    await open(it);
    await page.keyboard.press("Tab");
    assert.equal((await focused(page)).name, "Skip to content");
    await page.keyboard.press("Enter");
    assert.equal((await focused(page)).id, "main");
    await page.keyboard.press("/");
    await page.keyboard.type("wiki");
    await becomes(() => page.locator(".card").count(), 1);
    await press(page, "Tab", ({ tag, name }) => tag === "A" && /wiki/i.test(name) && !/catalog/.test(name));
    await page.keyboard.press("Enter");
    await page.waitForURL(/m\/wiki/);
    await rendered(page);
    await becomes(async () => (await focused(page))?.id, "title");
    await press(page, "Tab", ({ name }) => /^Title/.test(name));
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("Typed without a mouse");
    await says(page.locator(".objects .code"), "Typed without a mouse");
    // Back to the menus, with arrows for nothing, Enter for everything.
    await press(page, "Shift+Tab", ({ tag, name }) => tag === "SUMMARY" && name === "Share");
    await page.keyboard.press("Enter");
    await press(page, "Tab", ({ name }) => name.startsWith("Copy all manifests"));
    await page.keyboard.press("Enter");
    await says(page.locator(".toast"), "Copied all manifests");
    // A message leaves the focus where it was, and goes by itself.
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /Typed without a mouse/);
    assert.equal((await focused(page)).name, "Share");
    // Escape closes a menu and stays there.
    await page.keyboard.press("Enter");
    assert.equal(await page.locator("details.menu[open]").count(), 1);
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("details.menu[open]").count(), 0);
    assert.equal((await focused(page)).name, "Share");
  });

  test("keyboard: from the search field into what was found", async (it) => {
    const { page } = it;
    await open(it);
    await page.keyboard.press("/");
    await page.keyboard.press("Enter");
    assert.equal(new URL(page.url()).pathname, new URL(it.address).pathname, "without a question, nothing opens");
    await page.keyboard.type("wiki");
    await becomes(() => page.locator(".card").count(), 1);
    await page.keyboard.press("ArrowDown");
    await becomes(async () => (await focused(page))?.name, "Team wiki");
    await page.keyboard.press("/");
    await page.keyboard.press("Enter");
    await page.waitForURL(/m\/wiki/);
    await page.goBack();
    await page.locator("#search").fill("zebra");
    await page.getByRole("button", { name: /Clear “zebra”/ }).focus();
    await page.keyboard.press("Enter");
    await becomes(async () => (await focused(page))?.id, "search");
  });

  test("keyboard: messages pass, wait while they are used, and give the focus back", async (it) => {
    const { page } = it;
    await openModule(it, "m/wiki");
    const copy = page.locator("article.object").first().getByRole("button", { name: /^Copy (?!a link)/ });
    await copy.focus();
    await page.keyboard.press("Enter");
    const toast = page.locator(".toast");
    await says(toast, "Copied the object");
    const name = (await focused(page)).name;
    await toast.getByRole("button").focus();
    await page.waitForTimeout(7_000);
    assert.equal(await toast.count(), 1, "it stays while it has the focus");
    await page.keyboard.press("Enter");
    await becomes(() => toast.count(), 0);
    assert.equal((await focused(page))?.name, name);
    await page.keyboard.press("Enter");
    await says(toast, "Copied the object");
    await becomes(() => toast.count(), 0);
    assert.equal((await focused(page))?.name, name);
  });

  test("keyboard: Escape closes the platform's form", async (it) => {
    const { page } = it;
    await openModule(it, "m/webshop/1.4.0");
    await page.getByRole("button", { name: /^Platform/ }).focus();
    await page.keyboard.press("Enter");
    await becomes(async () => (await focused(page))?.id, "platform-registry");
    await page.keyboard.press("Escape");
    await becomes(() => page.locator(".platform").count(), 0);
    await becomes(async () => (await focused(page))?.id, "platform-button");
  });

  test("keyboard: the focus follows a component that is moved", async (it) => {
    const { page } = it;
    await open(it, "develop");
    await tab(page, "Form");
    await page.getByRole("button", { name: "Add a component" }).click();
    await page.locator("dialog[open] .gallery-card button").first().click();
    await becomes(() => page.locator(".component").count(), 2);
    const names = () => page.locator(".component-head .label").allTextContents();
    const [first, second] = await names();
    await page.getByRole("button", { name: `Move ${second} up` }).focus();
    await page.keyboard.press("Enter");
    await becomes(names, [second, first]);
    await becomes(async () => (await focused(page))?.name, `Move ${second} down`);
    await page.keyboard.press("Enter");
    await becomes(names, [first, second]);
    await becomes(async () => (await focused(page))?.name, `Move ${second} up`);
    await page.getByRole("button", { name: `Remove ${second}` }).focus();
    await page.keyboard.press("Enter");
    await becomes(async () => (await focused(page))?.name, `Remove ${first}`);
  });

  test("keyboard: the heading of the operator's view keeps the focus when its data comes", async (it) => {
    const { page } = it;
    await open(it);
    let go;
    await page.route("**/recorded/**", async (route) => {
      await new Promise((done) => (go = done));
      await route.continue();
    });
    await page.getByRole("link", { name: "Operate" }).click();
    await becomes(async () => (await focused(page))?.id, "title");
    await becomes(() => typeof go, "function");
    go();
    await page.locator("tbody tr").first().waitFor();
    assert.equal((await focused(page))?.id, "title");
  });

  test("keyboard: every stop of the preview can be seen", async (it) => {
    await openModule(it, "m/webshop/1.4.0");
    await it.page.keyboard.press("Tab");
    const first = await focused(it.page);
    const stops = new Set();
    await press(it.page, "Tab", ({ name, tag, role }) => {
      stops.add(role ?? tag);
      return name === first.name && stops.size > 3;
    }, 600).catch((error) => {
      // The end of the page is a lost focus that is none: the browser's own bar has it.
      if (!/focus is lost/.test(error.message) || stops.size < 5) throw error;
    });
    for (const kind of ["tab", "separator", "SUMMARY", "BUTTON", "A"]) assert.ok(stops.has(kind), `${kind} among ${[...stops]}`);
  });

  test("keyboard: tabs and the split by arrows, and the split is kept", async (it) => {
    const { page } = it;
    await openModule(it, "m/wiki");
    await page.getByRole("tab", { name: /^Manifests/ }).focus();
    await page.keyboard.press("ArrowRight");
    await becomes(async () => (await focused(page)).name, "Summary");
    await page.keyboard.press("End");
    await becomes(async () => (await focused(page)).name.startsWith("Problems"), true);
    await page.keyboard.press("Home");
    await becomes(async () => (await focused(page)).name.startsWith("Manifests"), true);
    const bar = page.getByRole("separator");
    const width = () => page.locator(".pane.first").evaluate((pane) => Math.round(pane.getBoundingClientRect().width));
    const before = await width();
    await bar.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await becomes(async () => (await width()) > before + 40, true);
    const wide = await width();
    assert.equal(await bar.getAttribute("aria-valuenow"), "46");
    await page.reload();
    await rendered(page);
    await becomes(width, wide);
    await bar.focus();
    await page.keyboard.press("Home");
    await becomes(() => bar.getAttribute("aria-valuenow"), "20");
  });

  test("keyboard: shortcuts, and none while typing", async (it) => {
    const { page } = it;
    await openModule(it, "m/wiki");
    await page.keyboard.press("s");
    await says(page.locator("[role=tab][aria-selected=true]"), "Summary");
    await page.keyboard.press("m");
    await page.keyboard.press("]");
    await becomes(() => page.locator("article.object.chosen").count(), 1);
    const first = await page.locator("article.object.chosen").getAttribute("aria-label");
    await page.keyboard.press("]");
    await becomes(async () => (await page.locator("article.object.chosen").getAttribute("aria-label")) !== first, true);
    await page.keyboard.press("e");
    await becomes(async () => (await focused(page)).tag, "INPUT");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("gc?");
    await becomes(() => page.getByLabel("Find a setting").inputValue(), "gc?");
    assert.match(page.url(), /m\/wiki/);
    // A box takes no letters.
    await page.getByLabel("changed only").focus();
    await page.keyboard.press("n");
    await says(page.locator("#result-panel"), /./);
    assert.equal(await page.getByRole("tab", { name: "Notes" }).getAttribute("aria-selected"), "true");
    await page.locator("h1").focus();
    await page.keyboard.press("g");
    await page.keyboard.press("o");
    await page.waitForURL(/operate/);
    await says(page.locator("h1"), "Operate");
    await page.keyboard.press("g");
    await page.keyboard.press("c");
    await says(page.locator(".card h2"), "Webshop");
  });

  test("keyboard: dialogs keep the focus, and give it back", async (it) => {
    const { page } = it;
    await openModule(it, "m/wiki");
    const help = page.getByRole("button", { name: "Help" });
    await help.focus();
    await page.keyboard.press("Enter");
    await page.locator("dialog[open]").waitFor();
    // What it offers has the focus, and not the button that closes it; shortcuts rest behind it.
    assert.match(await page.evaluate(() => document.activeElement.textContent), /^About this page/);
    await page.keyboard.press("s");
    assert.equal(await page.getByRole("tab", { name: "Manifests" }).getAttribute("aria-selected"), "true");
    for (let count = 0; count < 5; count += 1) {
      await page.keyboard.press("Tab");
      const inside = await page.evaluate(() => document.activeElement === document.body || document.querySelector("dialog").contains(document.activeElement));
      assert.ok(inside, "Tab stays in the dialog");
    }
    await page.keyboard.press("Escape");
    await becomes(() => page.locator("dialog").count(), 0);
    assert.equal((await focused(page))?.name, "Help");
    await page.keyboard.press("Enter");
    await page.locator("dialog[open]").getByRole("button", { name: "Close" }).focus();
    await page.keyboard.press("Enter");
    await becomes(() => page.locator("dialog").count(), 0);
    assert.equal((await focused(page))?.name, "Help");
    // A set of values is saved without a mouse.
    await page.locator("details.menu > summary", { hasText: "Saved sets" }).focus();
    await page.keyboard.press("Enter");
    await press(page, "Tab", ({ name }) => name.startsWith("Save as a set"));
    await page.keyboard.press("Enter");
    await page.locator("dialog[open]").waitFor();
    assert.equal((await focused(page)).name, "Name");
    await page.keyboard.type("mine");
    await page.keyboard.press("Enter");
    await says(page.locator(".toast"), "Saved as mine");
    await becomes(async () => (await focused(page))?.name, "Saved sets");
  });

  test("keyboard: the focus stays when its button goes", async (it) => {
    const { page } = it;
    await openModule(it, "m/notebook");
    await tab(page, "Both");
    const key = async (name) => {
      await page.getByRole("button", { name }).first().focus();
      await page.keyboard.press("Enter");
    };
    await key("Move item 2 up");
    await becomes(() => yaml(page), "teams:\n  - research\n  - analytics\n");
    assert.equal((await focused(page))?.name, "Move item 1 down");
    await page.keyboard.press("Enter");
    await becomes(() => yaml(page), "teams:\n  - analytics\n  - research\n");
    assert.equal((await focused(page))?.name, "Move item 2 up");
    await key("Remove item 2");
    await becomes(() => yaml(page), "teams:\n  - analytics\n");
    assert.ok(await focused(page), "after an item is removed");
    await key("Reset Teams");
    await becomes(() => yaml(page), "");
    assert.ok(await focused(page), "after a reset");
    const idle = page.locator("#field-idleTimeout");
    await idle.fill("9h");
    await becomes(() => yaml(page), "idleTimeout: 9h\n");
    await key("Reset Idle timeout");
    await becomes(() => yaml(page), "");
    assert.equal((await focused(page))?.id, "field-idleTimeout");
  });
}
