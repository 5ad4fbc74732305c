// Phones, zoom, less motion, forced colours: nothing scrolls sideways, nothing is cut off.

import assert from "node:assert/strict";

import { test } from "./harness.mjs";
import { becomes, openModule, says, setting, tab } from "./view.mjs";
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

  test("360 px: the first line comes soon, and objects are chosen from a list", { viewport: { width: 360, height: 740 } }, async (it) => {
    await openModule(it, "m/webshop/1.4.0");
    const top = await it.page.locator(".objects .code pre").first().evaluate((pre) => pre.getBoundingClientRect().top);
    assert.ok(top < 320, `the first line is at ${top}`);
    assert.ok(!(await it.page.locator("nav.jumps").isVisible()));
    const list = it.page.getByLabel("Go to an object");
    const label = await list.locator("option", { hasText: "StatefulSet" }).textContent();
    await list.selectOption({ label });
    const chosen = it.page.locator("article.object.chosen");
    await becomes(() => chosen.getAttribute("aria-label"), label);
    await becomes(() => chosen.evaluate((object) => object.getBoundingClientRect().top < innerHeight / 2), true);
    // What the menu has in place of buttons.
    await it.page.locator("details.menu > summary", { hasText: "View" }).click();
    await it.page.locator("details.menu[open] button", { hasText: "Fold all" }).click();
    await becomes(() => it.page.locator(".objects .code").count(), 0);
  });

  test("360 px: a failing render is seen from the values", { viewport: { width: 360, height: 740 } }, async (it) => {
    await openModule(it, "m/notebook");
    await it.page.getByRole("button", { name: "Values", exact: true }).click();
    await tab(it.page, "YAML");
    await it.page.locator("#editor").fill("teams: [one, \"two");
    await says(it.page.locator(".narrow-switch"), "does not render");
    await it.page.getByRole("button", { name: /^Result/ }).click();
    const problems = it.page.getByRole("tab", { name: /^Problems/ });
    const { left, right } = await problems.evaluate((tab) => tab.getBoundingClientRect());
    assert.ok(left >= 0 && right <= 360, `the tab is at ${left} to ${right}`);
  });

  test("1024 px: what stands above the objects is one row", { viewport: { width: 1024, height: 768 } }, async (it) => {
    await openModule(it, "m/webshop/1.4.0");
    const height = await it.page.locator("#result-panel > .tools").evaluate((tools) => tools.getBoundingClientRect().height);
    assert.ok(height < 50, `${height} px`);
    const right = await it.page.getByRole("tab", { name: /^Problems/ }).evaluate((tab) => tab.getBoundingClientRect().right);
    assert.ok(right <= 1024, `Problems ends at ${right}`);
  });

  test("less motion: what changed has a marker that stays", { reducedMotion: "reduce" }, async (it) => {
    await openModule(it, "m/wiki");
    await setting(it.page, "Title").locator("input").fill("Marked");
    const mark = it.page.locator(".mark.changed").first();
    await mark.waitFor({ state: "attached" });
    const [animation, shadow] = await mark.evaluate((mark) => [getComputedStyle(mark).animationName, getComputedStyle(mark).boxShadow]);
    assert.equal(animation, "none");
    assert.match(shadow, /3px 0px 0px 0px inset/);
    const moving = await it.page.evaluate(() => document.getAnimations().filter((one) => one.effect.getComputedTiming().duration > 0).map((one) => one.animationName));
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
