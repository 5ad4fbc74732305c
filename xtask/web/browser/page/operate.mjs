// The operator's and the developer's views on a real server: a store in a file, and releases in a Git repository.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { serve, test } from "./harness.mjs";
import { becomes, open, openModule, says, settled, tab, writeYaml } from "./view.mjs";

const WRITER = "writer-0123456789abcdef";
const READER = "reader-0123456789abcdef";

// A server with an empty store and an empty repository.
async function server(it, { options = [], releases = true, folder } = {}) {
  folder ??= mkdtempSync(join(it.folders.folder, "operate-"));
  const fleet = join(folder, "fleet");
  const git = (...words) => execFileSync("git", ["-C", fleet, ...words], { encoding: "utf8" });
  if (releases) execFileSync("git", ["init", "--quiet", "--initial-branch", "main", fleet]);
  const more = ["--store", join(folder, "modules.db"), ...(releases ? ["--releases", fleet] : []), "--platform", join(it.folders.sources, "examples/platform.yaml"), ...options];
  const run = await serve(it.chartwright, it.folders.page, it.folders.catalog, more);
  it.origins.add(new URL(run.address).origin);
  return { ...it, ...run, git, folder };
}

// What another client does meanwhile.
async function ask({ address }, method, path, { body, ...headers } = {}) {
  const response = await fetch(new URL(`api/v1alpha1${path}`, address), {
    method,
    headers: { "Content-Type": "application/json", ...headers },
    body: body && JSON.stringify(body),
  });
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${await response.clone().text()}`);
  return { tag: response.headers.get("etag"), json: response.status === 204 ? undefined : await response.json() };
}

const SHOP = "/namespaces/webshop/descriptors/webshop";

const descriptor = (it, version = "1.4.0") => readFileSync(join(it.folders.modules, `webshop/webshop-${version}.yaml`), "utf8");

const dialog = (page) => page.locator("dialog[open]");

const press = (page, name) => dialog(page).getByRole("button", { name }).click();

const standing = (page) => page.locator(".heading .chip");

async function on(it, run, options) {
  const own = await server(it, options);
  try {
    await run(own);
  } finally {
    own.stop();
  }
}

// Stores and deploys the web shop behind the page's back.
async function deployed(it, version = "1.4.0") {
  await ask(it, "POST", "/descriptors", { body: { text: descriptor(it, version) } });
  await ask(it, "POST", "/namespaces/webshop/releases/webshop/install");
}

export default function register() {
  test("operate: a module is installed from the catalog, upgraded, suspended and uninstalled", (it) =>
    on(it, async (it) => {
      const { page } = it;
      await open(it, "operate");
      await says(page.locator(".empty"), "No module is stored yet");
      await openModule(it, "m/webshop/1.4.0");
      await writeYaml(page, "webshopfrontend:\n  replicas: 3\n");
      await page.getByRole("button", { name: "Install", exact: true }).click();
      await says(dialog(page), /Deploys \d+ objects/);
      await says(dialog(page).locator("tbody"), "webshopdb");
      await press(page, "Install Webshop");
      await says(dialog(page), "The release is committed");
      assert.match(it.git("log", "--format=%s"), /install webshop\/webshop 1\.4\.0/);
      assert.match(it.git("show", "main:releases/webshop/helmrelease-webshop.yaml"), /replicas: 3/);
      await dialog(page).getByRole("link", { name: "Show it in Operate" }).click();
      await page.waitForURL(/operate\/webshop\/webshop/);
      await says(standing(page), "Deployed");
      await says(page.locator("section[aria-label=Drift]"), "file by file");
      await page.getByRole("link", { name: "All modules" }).click();
      await says(page.locator("tbody tr"), /webshop.*Deployed.*1\.4\.0/s);
      await says(page.locator("tbody td[data-label=Drift]"), "none");

      // A value is changed: what that does is shown before it is done.
      await page.locator("tbody a").click();
      await page.locator("#operator-values").fill("webshopfrontend:\n  replicas: 5\n");
      await page.getByRole("button", { name: "Review the change" }).click();
      await says(dialog(page).locator(".hunk .removed").first(), "replicas: 3");
      await says(dialog(page).locator(".hunk .added").first(), "replicas: 5");
      await press(page, "Side by side");
      await dialog(page).locator(".hunk .two").first().waitFor();
      await press(page, "Store without deploying");
      await says(dialog(page), "Nothing was deployed");
      await dialog(page).locator("#deploy-go").click();
      await says(page.locator("section[aria-label=Drift]"), "differ from what is stored");
      // Three versions beside each other: what is deployed, what is stored, and what is new.
      await page.locator("#operator-values").fill("webshopfrontend:\n  replicas: 6\n");
      await page.getByRole("button", { name: "Review the change" }).click();
      await says(dialog(page).locator("h3"), /From what is deployed to what is stored.*From what is stored/s);
      await press(page, "Upgrade webshop");
      await says(dialog(page), "The release is committed");
      await dialog(page).locator("#deploy-go").click();
      await says(page.locator("section[aria-label=Drift]"), "file by file");
      assert.match(it.git("show", "main:releases/webshop/helmrelease-webshop.yaml"), /replicas: 6/);

      const actions = page.locator(".heading .actions");
      await actions.getByRole("button", { name: "Suspend" }).click();
      await press(page, "Suspend webshop");
      await says(standing(page), "Suspended");
      assert.match(it.git("show", "main:releases/webshop/helmrelease-webshop.yaml"), /suspend: true/);
      await actions.getByRole("button", { name: "Resume" }).click();
      await press(page, "Resume webshop");
      await says(standing(page), "Deployed");

      // The first release again, and the newest one after it.
      await page.getByRole("button", { name: /^Roll back to 1\.4\.0/ }).last().click();
      await press(page, "Roll back webshop");
      await says(page.locator("section[aria-label=Drift]"), "differ from what is stored");
      assert.match(it.git("show", "main:releases/webshop/helmrelease-webshop.yaml"), /replicas: 3/);

      await actions.getByRole("button", { name: "Uninstall" }).click();
      await says(dialog(page), /StatefulSet.*webshopdb/);
      await says(dialog(page), "The namespace webshop stays");
      assert.equal(await dialog(page).locator(".going li", { hasText: "Namespace: " }).count(), 0);
      await press(page, "Uninstall webshop");
      await says(standing(page), "Not deployed");
      assert.equal(it.git("ls-tree", "-r", "--name-only", "main").trim(), "");
      await actions.getByRole("button", { name: "Delete" }).click();
      await press(page, "Delete webshop");
      await page.waitForURL(/operate$/);
      await says(page.locator(".empty"), "No module is stored yet");
    }));

  test("operate: a change of somebody else loses nothing", { expect: [/412/] }, (it) =>
    on(it, async (it) => {
      const { page } = it;
      await deployed(it);
      await open(it, "operate/webshop/webshop");
      await page.locator("#operator-values").fill("webshopfrontend: {replicas: 4}\n");
      await page.getByRole("button", { name: "Review the change" }).click();
      await says(dialog(page).locator(".hunk .added").first(), "replicas: 4");
      const { tag } = await ask(it, "GET", SHOP);
      await ask(it, "PUT", SHOP, { "If-Match": tag, body: { text: descriptor(it, "1.3.0") } });
      await press(page, "Store without deploying");
      await says(dialog(page), "Somebody else was faster");
      await press(page, "Compare with what is there now");
      await says(dialog(page).locator("h3"), /From what is stored \(1\.3\.0, change 2\)/);
      await press(page, "Cancel");
      await becomes(() => page.locator("#operator-values").inputValue(), "webshopfrontend: {replicas: 4}\n");
      await says(page.locator("section[aria-label=Values]"), "changed meanwhile");
      // The list follows, too.
      await page.getByRole("link", { name: "All modules" }).click();
      await says(page.locator("tbody tr"), "1.4.0 is deployed, 1.3.0 is stored");
      await ask(it, "PUT", SHOP, { "If-Match": (await ask(it, "GET", SHOP)).tag, body: { text: descriptor(it) } });
      await says(page.locator("tbody tr"), /Deployed.*as it is stored/s);
    }));

  test("operate: a newer version keeps the values that are stored, by keyboard alone", (it) =>
    on(it, async (it) => {
      const { page } = it;
      const own = "  release:\n    values:\n      webshopfrontend:\n        replicas: 4\n";
      await ask(it, "POST", "/descriptors", { body: { text: descriptor(it, "1.3.0") + own } });
      await ask(it, "POST", "/namespaces/webshop/releases/webshop/install");
      await openModule(it, "m/webshop/1.4.0");
      const install = page.getByRole("button", { name: "Install", exact: true });
      await install.focus();
      await page.keyboard.press("Enter");
      const focused = () => page.evaluate(() => document.activeElement.textContent);
      await becomes(focused, "Upgrade Webshop");
      assert.ok(await dialog(page).getByLabel(/Keep the operator's values/).isChecked());
      await page.keyboard.press("Enter");
      await says(dialog(page), "The release is committed");
      await becomes(focused, "Close");
      await page.keyboard.press("Enter");
      await becomes(() => dialog(page).count(), 0);
      await becomes(focused, "Install");
      assert.match(it.git("show", "main:releases/webshop/helmrelease-webshop.yaml"), /version: 1\.4\.0[^]*replicas: 4/);
    }));

  test("operate: an earlier version is stored again", (it) =>
    on(it, async (it) => {
      const { page } = it;
      await deployed(it, "1.3.0");
      await ask(it, "PUT", SHOP, { "If-Match": "*", body: { text: descriptor(it) } });
      await open(it, "operate/webshop/webshop");
      await says(standing(page), "Update waits");
      await page.getByRole("button", { name: "Store it again: change 1" }).click();
      await says(dialog(page).locator(".hunk .added").first(), /./);
      await press(page, "Upgrade webshop");
      await says(dialog(page), "The release is committed");
      await dialog(page).locator("#deploy-go").click();
      await says(standing(page), "Deployed");
    }));

  test("operate: the list is filtered, and the address says so", (it) =>
    on(it, async (it) => {
      const { page } = it;
      await deployed(it);
      const other = descriptor(it).replace("name: webshop\n", "name: other\n");
      await ask(it, "POST", "/descriptors", { body: { text: other } });
      await open(it, "operate");
      await becomes(() => page.locator("tbody tr").count(), 2);
      await page.getByRole("button", { name: /^Not deployed/ }).click();
      await becomes(() => page.locator("tbody a").allTextContents(), ["other"]);
      assert.match(page.url(), /state=waiting/);
      await page.getByRole("button", { name: /^All/ }).click();
      await page.getByLabel("Find a module").fill("oth");
      await becomes(() => page.locator("tbody a").allTextContents(), ["other"]);
      await page.reload();
      await settled(page);
      await becomes(() => page.locator("tbody a").allTextContents(), ["other"]);
      await page.getByLabel("Find a module").fill("zebra");
      await says(page.locator(".empty"), "No module fits");
    }));

  test("operate: a token that only reads", { expect: [/401/] }, async (it) => {
    const file = join(mkdtempSync(join(it.folders.folder, "tokens-")), "tokens");
    writeFileSync(file, `${WRITER}\n${READER} read\n`);
    await on(
      it,
      async (it) => {
        const { page } = it;
        const writer = { Authorization: `Bearer ${WRITER}` };
        await ask(it, "POST", "/descriptors", { ...writer, body: { text: descriptor(it) } });
        await open(it, "operate");
        await says(page.locator(".token"), "This server wants a token");
        await page.locator("#token").fill("nobody-has-this-token");
        await page.keyboard.press("Enter");
        await says(page.locator(".token [role=alert]"), "does not take this token");
        await page.locator("#token").fill(READER);
        await page.keyboard.press("Enter");
        await says(page.locator(".heading"), "read only");
        await page.locator("tbody a").click();
        await says(page.locator("section[aria-label='What it deploys']"), /\d+ objects/);
        assert.deepEqual(await page.locator(".heading .actions button").allTextContents(), ["Open in the preview"]);
        assert.notEqual(await page.locator("#operator-values").getAttribute("readonly"), null);
        assert.equal(await page.getByRole("button", { name: "Review the change" }).count(), 0);
        // The token is in no storage of the browser, and gone after a reload.
        const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
        assert.ok(!kept.includes(READER));
        await page.reload();
        await says(page.locator(".token"), "This server wants a token");
        await page.locator("#token").fill(WRITER);
        await page.keyboard.press("Enter");
        await says(page.locator(".heading .actions"), "Delete");
      },
      { options: ["--token-file", file], releases: false },
    );
  });

  test("operate: the server goes away and comes back", { expect: [/ERR_|Failed to load/] }, async (it) => {
    let own = await server(it);
    const { page } = it;
    try {
      await deployed(own);
      await open(own, "operate");
      await says(page.locator("tbody tr"), "webshop");
      own.stop();
      await says(page.locator("[role=status]"), "The server cannot be reached");
      assert.equal(await page.locator("tbody tr").count(), 1, "what was there stays");
      const { port } = new URL(own.address);
      own = { ...(await serve(it.chartwright, it.folders.page, it.folders.catalog, ["--store", join(own.folder, "modules.db"), "--releases", join(own.folder, "fleet"), "--port", port])), folder: own.folder };
      await becomes(() => page.locator(".note").count(), 0);
      await ask(own, "POST", "/descriptors", { body: { text: descriptor(it).replace("name: webshop\n", "name: other\n") } });
      await becomes(() => page.locator("tbody tr").count(), 2);
    } finally {
      own.stop();
    }
  });

  test("operate: a descriptor is stored from Develop, and opened again", (it) =>
    on(
      it,
      async (it) => {
        const { page } = it;
        await open(it, "develop");
        await page.getByRole("button", { name: "Store", exact: true }).click();
        await says(dialog(page), /Deploys \d+ objects/);
        await press(page, "Store shop");
        await says(dialog(page), "Nothing was deployed");
        await dialog(page).locator("#deploy-go").click();
        await tab(page, "YAML");
        await page.locator("#descriptor").fill((await page.locator("#descriptor").inputValue()).replace("The corner shop", "The other shop"));
        await page.getByRole("button", { name: "Store", exact: true }).click();
        await says(dialog(page).locator(".hunk .added"), "The other shop");
        await press(page, "Store shop");
        await says(dialog(page), "Nothing was deployed");
        await dialog(page).locator("#deploy-go").click();
        await page.getByRole("button", { name: "Open", exact: true }).click();
        await press(page, "shop/shop");
        await page.waitForURL(/develop\?open=/);
        await tab(page, "YAML");
        await says(page.locator(".values-body"), "The other shop");
      },
      { releases: false },
    ));

  test("operate: sources are added, changed and deleted", (it) =>
    on(it, async (it) => {
      const { page } = it;
      await open(it, "operate");
      await page.getByRole("link", { name: "Sources" }).click();
      await says(page.locator(".empty"), "No source is stored");
      await page.getByRole("button", { name: "Add a source" }).click();
      const field = (name) => dialog(page).getByLabel(name);
      await field(/^Namespace/).fill("shop");
      await dialog(page).locator("input").nth(1).fill("charts");
      await field(/^URL/).fill("https://git.example.org/charts.git");
      await field("Branch").fill("main");
      await field(/^User name/).fill("reader");
      await field(/^Password/).fill("very-secret");
      await press(page, "Store the source");
      await says(page.locator("tbody tr"), /charts.*GitRepository.*branch main.*username|charts.*GitRepository.*branch main.*password/s);
      assert.ok(!(await page.content()).includes("very-secret"));
      await page.getByRole("button", { name: "Change charts" }).click();
      await says(dialog(page), "They are never shown");
      await field("Branch").fill("next");
      await press(page, "Store the source");
      await says(page.locator("tbody tr"), "branch next");
      const { json } = await ask(it, "GET", "/namespaces/shop/sources/charts");
      assert.equal(json.credentials.length, 2, "the credentials stay");
      await page.getByRole("button", { name: "Delete charts" }).click();
      await press(page, "Delete the source");
      await says(page.locator(".empty"), "No source is stored");
    }));

  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  for (const width of [1440, 360]) {
    for (const colorScheme of ["light", "dark"]) {
      test(`operate: axe, ${width} px, ${colorScheme}`, { viewport: { width, height: 800 }, colorScheme, reducedMotion: "reduce" }, (it) =>
        on(it, async (it) => {
          const { page } = it;
          await deployed(it, "1.3.0");
          await ask(it, "PUT", SHOP, { "If-Match": "*", body: { text: descriptor(it) } });
          const found = [];
          const look = async (name) => {
            await page.evaluate(axe);
            const { violations } = await page.evaluate(() => axe.run(document));
            for (const { id, nodes } of violations) for (const node of nodes.slice(0, 3)) found.push(`${name}: ${id}: ${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 200)}`);
            const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            if (wide > 0) found.push(`${name}: ${wide} px wider than the window`);
            if (it.pictures) await page.screenshot({ path: `${it.pictures}/operate-${name}-${width}-${colorScheme}.png`, fullPage: true });
          };
          await open(it, "operate");
          await says(page.locator("tbody td[data-label=Drift]"), /file/);
          await look("list");
          await open(it, "operate/webshop/webshop");
          await says(page.locator("section[aria-label=Drift]"), "differ from what is stored");
          await says(page.locator("section[aria-label='What it deploys']"), /\d+ objects/);
          await page.locator("details.layers summary", { hasText: "by layer" }).click();
          await look("module");
          await page.getByRole("button", { name: "Upgrade" }).click();
          await says(dialog(page), "From what is deployed to what is stored");
          await look("upgrade");
          await press(page, "Cancel");
          await page.getByRole("button", { name: "Uninstall" }).click();
          await dialog(page).waitFor();
          await look("uninstall");
          await press(page, "Cancel");
          await openModule(it, "m/webshop/1.4.0");
          await page.getByRole("button", { name: "Install", exact: true }).waitFor();
          await look("install-button");
          await open(it, "operate/sources");
          await page.getByRole("button", { name: "Add a source" }).click();
          await look("source");
          assert.deepEqual(found, []);
        }));
    }
  }
}
