// Values by hand: half-typed text, what is kept over a reload, completion.

import assert from "node:assert/strict";

import { test } from "./harness.mjs";
import { becomes, copied, openModule, rendered, says, setting, tab, writeYaml, yaml } from "./view.mjs";

export default function register() {
  test("half-typed YAML keeps the last good result, and the text", async (it) => {
    await openModule(it, "m/wiki");
    await writeYaml(it.page, "site:\n  title: Kept\n");
    await says(it.page.locator(".objects .code"), "Kept");
    const half = "site:\n  title: Kept\n  welcome: \"half";
    await it.page.locator("#editor").fill(half);
    await says(it.page.locator(".stale-note"), /Not up to date.*not YAML yet/s);
    assert.equal(await it.page.locator(".panel.stale").count(), 1);
    const colour = (place) => it.page.locator(place).first().evaluate((one) => getComputedStyle(one).color);
    assert.equal(await colour(".panel.stale .objects .code"), await colour(".group > h2 .muted"), "greyed");
    await says(it.page.locator(".objects .code"), "Kept");
    assert.equal(await yaml(it.page), half);
    await it.page.locator(".paper .line[data-mark=error]").first().waitFor();
    // The form is paused, and says why.
    await tab(it.page, "Form");
    await says(it.page.locator(".form .note"), "The form is paused");
    assert.ok(await it.page.locator(".form .setting input").first().isDisabled());
    // A reload finds the half-typed text.
    await it.page.reload();
    await tab(it.page, "YAML");
    await becomes(() => yaml(it.page), half);
    await it.page.locator("#editor").press("ControlOrMeta+End");
    await it.page.keyboard.type(" typed\"");
    await becomes(() => it.page.locator(".panel.stale").count(), 0);
    await rendered(it.page);
    await says(it.page.locator(".objects .code"), "half typed");
  });

  test("several documents are merged, and the form is paused", async (it) => {
    await openModule(it, "m/wiki");
    await tab(it.page, "Both");
    await it.page.locator("#editor").fill("site:\n  title: First\n---\nsite:\n  title: Second\n");
    await says(it.page.locator(".form .note"), "several documents");
    const title = setting(it.page, "Title").locator("input");
    await becomes(() => title.inputValue(), "Second");
    assert.ok(await title.isDisabled());
    await rendered(it.page);
    await says(it.page.locator(".objects .code"), "Second");
  });

  test("what is wrong with YAML is said in words", async (it) => {
    await openModule(it, "m/wiki");
    for (const [text, wanted] of [
      ["site:\n\ttitle: a\n", "a tab is where spaces must be"],
      ["- a\n", "Your values must be a map of keys, but this is a list"],
      ["title\n", "Your values must be a map of keys, but this is a string"],
      ["a: 1\n--- b\n", "nothing but a comment may stand behind ---"],
    ]) {
      await writeYaml(it.page, text);
      await says(it.page.locator(".stale-note"), wanted);
    }
  });

  test("a key that stands twice is told", async (it) => {
    const { page } = it;
    await openModule(it, "m/wiki");
    await writeYaml(page, "replicaCount: 2\nreplicaCount: 3\n");
    await rendered(page);
    await says(page.locator(".paper .line[data-mark=warning]"), "replicaCount: 2");
    await tab(page, "Problems");
    await says(page.locator(".problems"), /`?replicaCount`? is repeated on line 2: the last one counts/);
    await page.getByRole("button", { name: "Go to the line" }).click();
    await becomes(() => page.evaluate(() => document.activeElement?.selectionStart), 0);
  });

  test("edits are there after a reload, and in a new tab", async (it) => {
    await openModule(it, "m/wiki");
    const mine = "# mine\nsite:\n  title: Kept over a reload\n";
    await writeYaml(it.page, mine);
    await says(it.page.locator("footer.status"), "1 change, kept on this machine");
    await it.page.reload();
    await rendered(it.page);
    await becomes(() => yaml(it.page), mine);
    await it.page.close();
    it.page = await it.context.newPage();
    await openModule(it, "m/wiki");
    await tab(it.page, "YAML");
    await becomes(() => yaml(it.page), mine);
    await says(it.page.locator(".objects .code"), "Kept over a reload");
    await rendered(it.page);
    // Another module has values of its own.
    await openModule(it, "m/notebook");
    await tab(it.page, "YAML");
    assert.equal(await yaml(it.page), "");
  });

  test("secrets are used, and not kept", async (it) => {
    await openModule(it, "m/wiki");
    await writeYaml(it.page, "login:\n  admin:\n    name: root-user\n    password: correct-horse-battery\n");
    await says(it.page.locator("footer.status"), "2 changes");
    await rendered(it.page);
    const stored = await it.page.evaluate(() => JSON.stringify({ ...localStorage }));
    assert.match(stored, /root-user/);
    assert.doesNotMatch(stored, /correct-horse/);
    await it.page.reload();
    await rendered(it.page);
    await becomes(async () => /root-user/.test(await yaml(it.page)) && !/horse/.test(await yaml(it.page)), true);
  });

  test("the editor completes, indents, and can be left", async (it) => {
    await openModule(it, "m/gateway");
    await tab(it.page, "YAML");
    const editor = it.page.locator("#editor");
    await editor.focus();
    await it.page.keyboard.type("logL");
    await says(it.page.locator(".suggestions"), "logLevel");
    await it.page.keyboard.press("Enter");
    await becomes(async () => (await yaml(it.page)).startsWith("logLevel:"), true);
    await it.page.keyboard.type("de");
    await says(it.page.locator(".suggestions"), "debug");
    await it.page.keyboard.press("Enter");
    await becomes(async () => (await yaml(it.page)).trim(), "logLevel: debug");
    await it.page.keyboard.press("Escape");
    await it.page.keyboard.press("Tab");
    assert.ok(await editor.evaluate((area) => document.activeElement !== area), "Escape, then Tab leaves it");
    await rendered(it.page);
    assert.match(await copied(it.page, "Share", "Copy all manifests"), /debug/);
  });

  test("merged values, saved sets, and changes against them", async (it) => {
    await openModule(it, "m/wiki");
    await writeYaml(it.page, "replicas: 3\n");
    await says(it.page.locator(".objects .code"), "replicas: 3");
    await it.page.getByRole("button", { name: "All", exact: true }).first().click();
    await says(it.page.locator(".yaml-pane .code"), /replicas: 3/);
    await says(it.page.locator(".yaml-pane .code"), /title: Team wiki/);
    await it.page.getByRole("button", { name: "Yours" }).click();
    await it.page.locator("details.menu > summary", { hasText: "Saved sets" }).click();
    await it.page.locator("details.menu[open] button", { hasText: "Save as a set" }).click();
    await it.page.getByLabel("Name").fill("three");
    await it.page.keyboard.press("Enter");
    await says(it.page.locator(".toast"), "Saved as three");
    await writeYaml(it.page, "replicas: 4\n");
    await tab(it.page, "Changes");
    await says(it.page.locator(".diff .object"), /-.*replicas: 1.*\+.*replicas: 4/s);
    await it.page.locator("label.inline select").selectOption({ label: "Set three" });
    await says(it.page.locator(".diff .object"), /-.*replicas: 3.*\+.*replicas: 4/s);
    await it.page.getByRole("button", { name: "Side by side" }).click();
    await it.page.locator(".hunk .two").first().waitFor();
    await it.page.locator("label.inline select").selectOption({ label: "The last result" });
    await says(it.page.locator(".diff .object, .empty"), /replicas: 3/);
  });

  test("another version is compared", async (it) => {
    await openModule(it, "m/webshop/1.4.0?tab=changes");
    await it.page.locator("label.inline select").selectOption({ label: "Version 1.3.0 with your values" });
    await says(it.page.locator(".diff .object"), /webshop-frontend:1\.3\.0/);
  });
}
