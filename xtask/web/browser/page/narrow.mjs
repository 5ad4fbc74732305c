// Phones, zoom, less motion, forced colours: nothing scrolls sideways, nothing is cut off.

import assert from "node:assert/strict";

import { test } from "./harness.mjs";
import { openModule, says, setting, tab } from "./view.mjs";
import { VIEWS } from "./views.mjs";

const SIZES = {
  "390 px": { viewport: { width: 390, height: 844 } },
  "360 px": { viewport: { width: 360, height: 740 } },
  "1024 px": { viewport: { width: 1024, height: 768 } },
  // 1440 px at 200 %.
  "200 % zoom": { viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 },
};

// What stands out of the page, and texts and controls that are cut off where nothing scrolls or says so with an ellipsis.
function cut() {
  const odd = [];
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > wide) odd.push(`the page is ${document.documentElement.scrollWidth} px wide`);
  const name = (element) => `${element.tagName.toLowerCase()}.${element.className} ${element.textContent.trim().slice(0, 40)}`;
  for (const element of document.querySelectorAll("main *, header.top *, dialog *, .toasts *")) {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const control = element.matches("button, input, select, textarea, a, summary");
    if ((!own && !control) || box.width < 2 || style.visibility === "hidden" || !element.checkVisibility()) continue;
    // Only for screen readers.
    if (element.closest(".hidden, .skip, .bare > .setting-head > .label") || style.clipPath !== "none") continue;
    let scrolls = false;
    for (let up = element.parentElement; up; up = up.parentElement) {
      const { overflowX, textOverflow, clipPath } = getComputedStyle(up);
      if (clipPath !== "none" || /auto|scroll/.test(overflowX) || textOverflow === "ellipsis") {
        scrolls = true;
        break;
      }
      const outer = up.getBoundingClientRect();
      if (overflowX === "hidden" && (box.right > outer.right + 1 || box.left < outer.left - 1)) odd.push(`${name(element)} is cut by ${up.className}`);
    }
    if (!scrolls && (box.right > wide + 1 || box.left < -1)) odd.push(`${name(element)} ends at ${Math.round(box.right)}`);
    const hides = style.overflowX === "hidden" && style.textOverflow !== "ellipsis";
    if (own && hides && element.scrollWidth > element.clientWidth + 1) odd.push(`${name(element)} is cut`);
  }
  return [...new Set(odd)];
}

export default function register() {
  for (const [size, options] of Object.entries(SIZES)) {
    test(`${size}: nothing is cut off`, { ...options, expect: [/Failed to load/] }, async (it) => {
      const odd = [];
      for (const [name, { show }] of Object.entries(VIEWS)) {
        await it.page.goto("about:blank");
        await show(it);
        odd.push(...(await it.page.evaluate(cut)).map((what) => `${name}: ${what}`));
      }
      assert.deepEqual(odd, []);
    });
  }

  test("360 px: values, then the result", { viewport: { width: 360, height: 740 } }, async (it) => {
    await openModule(it, "m/wiki");
    await it.page.getByRole("button", { name: "Values", exact: true }).click();
    await setting(it.page, "Title").locator("input").fill("By phone");
    await it.page.getByRole("button", { name: "Result", exact: true }).click();
    await says(it.page.locator(".objects .code"), "By phone");
  });

  test("less motion: what changed has a marker that stays for a while", { reducedMotion: "reduce" }, async (it) => {
    await openModule(it, "m/wiki");
    await setting(it.page, "Title").locator("input").fill("Marked");
    const mark = it.page.locator(".mark.changed").first();
    await mark.waitFor({ state: "attached" });
    const [animation, duration] = await mark.evaluate((mark) => [getComputedStyle(mark).animationName, getComputedStyle(mark).animationDuration]);
    assert.deepEqual([animation, duration], ["mark", "3s"]);
    const moving = await it.page.evaluate(() => document.getAnimations().filter((one) => !["mark", "changed"].includes(one.animationName) && one.effect.getComputedTiming().duration > 0).map((one) => one.animationName));
    assert.deepEqual(moving, []);
  });

  test("what changed flashes once, and is announced", async (it) => {
    await openModule(it, "m/wiki");
    await tab(it.page, "YAML");
    await it.page.locator("#editor").fill("replicas: 4\n");
    await it.page.locator(".mark.changed").first().waitFor({ state: "attached" });
    await says(it.page.locator("p[role=status]"), /\d+ objects, 1 changed/);
    await says(it.page.getByRole("tab", { name: /^Changes/ }), "1");
  });

  test("forced colours: what is chosen, focused or marked is seen", { forcedColors: "active" }, async (it) => {
    await openModule(it, "m/wiki");
    const style = (locator, name) => locator.evaluate((element, name) => getComputedStyle(element)[name], name);
    const tabs = it.page.locator("[aria-label=Result] [role=tab]");
    const widths = await tabs.evaluateAll((all) => all.map((one) => [one.ariaSelected, getComputedStyle(one).borderTopWidth]));
    assert.ok(widths.some(([selected]) => selected === "true"));
    for (const [selected, width] of widths) assert.equal(width !== "0px", selected === "true");
    await it.page.keyboard.press("Tab");
    await it.page.keyboard.press("Tab");
    assert.notEqual(await style(it.page.locator(":focus"), "outlineStyle"), "none");
    await it.page.locator("#search").fill("x");
    assert.notEqual(await style(it.page.locator(".top .icon").first(), "stroke"), "none");
  });
}
