// The developer's view, as far as a drop leads there: a compose file becomes a descriptor with a report.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { test } from "./harness.mjs";
import { drop, open, says, settled, tab } from "./view.mjs";
import { COMPOSE } from "./views.mjs";

export default function register() {
  test("a compose file opens as a descriptor, with its report", async (it) => {
    await open(it);
    await drop(it.page, { "shop/compose.yaml": COMPOSE, "shop/.env": "A=1\n" });
    await it.page.waitForURL(/develop\?open=/);
    await settled(it.page);
    const text = async () => {
      await tab(it.page, "YAML");
      return it.page.locator("#descriptor").inputValue();
    };
    assert.match(await text(), /kind: HelmChartDescriptor/);
    assert.match(await text(), /image: \{?.*nginx|nginx/);
    // Passwords are in a file of their own, which the page offers and does not keep.
    const toast = it.page.locator(".toast", { hasText: "secrets.yaml" });
    const [download] = await Promise.all([it.page.waitForEvent("download"), toast.getByRole("button", { name: "Save" }).click()]);
    assert.equal(download.suggestedFilename(), "secrets.yaml");
    assert.match(readFileSync(await download.path(), "utf8"), /kind: Secret/);
    assert.doesNotMatch(await text(), /POSTGRES_PASSWORD: secret/);
    await tab(it.page, "Import report");
    await says(it.page.locator("#develop-panel"), /privileged/);
    // It is there after a reload.
    const before = await text();
    await it.page.reload();
    await settled(it.page);
    assert.equal(await text(), before);
  });

  test("a descriptor that is dropped is previewed", async (it) => {
    await open(it);
    const descriptor = "apiVersion: chartwright.dev/v1alpha1\nkind: HelmChartDescriptor\nmetadata:\n  name: mine\nspec:\n  module: {version: 1.0.0}\n  template:\n    chart: modulebase\n    sourceRef: {kind: GitRepository, name: basecharts, namespace: marketplace}\n  components:\n    - name: web\n      values:\n        app: {port: 8080}\n        image: {name: web, tag: \"1\"}\n";
    await drop(it.page, { "mine.yaml": descriptor });
    await it.page.waitForURL(/opened/);
    await says(it.page.locator(".objects"), "Deployment");
    await says(it.page.locator("h1"), "mine");
  });

  test("while the text is broken, the form and the last result stay", async (it) => {
    const { page } = it;
    await open(it, "develop");
    await says(page.locator(".descriptor-form"), "This is an example");
    await tab(page, "Result");
    await says(page.locator(".objects"), "Deployment");
    await tab(page, "Both");
    const text = await page.locator("#descriptor").inputValue();
    await page.locator("#descriptor").fill(`  foo:\n${text}`);
    await says(page.locator(".descriptor-form"), "The form is paused");
    await says(page.locator(".stale-note"), "Not up to date");
    assert.equal(await page.getByLabel("Name *").first().inputValue(), "shop");
    await says(page.locator(".panel.stale .objects"), "Deployment");
    await page.locator("#descriptor").fill(text);
    await page.locator(".panel.stale").waitFor({ state: "detached" });
  });

  test("a new module begins empty, and undo brings the last one back", async (it) => {
    const { page } = it;
    await open(it, "develop");
    await says(page.locator(".descriptor-form"), "This is an example");
    await page.locator("details.menu > summary", { hasText: "New" }).click();
    await page.locator("details.menu[open] button", { hasText: "Empty module" }).click();
    await says(page.locator(".toast"), "Undo restores");
    assert.equal(await page.getByLabel("Name *").first().inputValue(), "mymodule");
    await page.getByRole("button", { name: "Undo" }).click();
    assert.equal(await page.getByLabel("Name *").first().inputValue(), "shop");
  });
}
