// What leaves the page: links, downloads, command lines.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";

import { test } from "./harness.mjs";
import { becomes, choose, copied, downloaded, openModule, rendered, says, tab, writeYaml, yaml } from "./view.mjs";

export default function register(setting) {
  test("a link opens with the same values, without passwords", async (it) => {
    await openModule(it, "m/wiki");
    await writeYaml(it.page, "# mine\nsite:\n  title: Shared ✓\nlogin:\n  admin:\n    password: correct-horse-battery\n");
    await says(it.page.locator("footer.status"), "2 changes");
    const link = await copied(it.page, "Share", "Copy a link");
    const { hash, origin } = new URL(link);
    assert.equal(origin, new URL(it.address).origin);
    const inside = inflateRawSync(Buffer.from(hash.slice("#v=".length), "base64url")).toString();
    assert.match(inside, /title: Shared ✓/);
    assert.doesNotMatch(inside, /horse|password: ./);
    // Another person, who has nothing of this.
    const other = await it.browser.newContext({ serviceWorkers: "block" });
    const page = await other.newPage();
    await page.goto(link);
    await rendered(page);
    await tab(page, "YAML");
    await becomes(() => yaml(page), inside);
    await says(page.locator(".objects .code"), "Shared ✓");
    await other.close();
  });

  test("a link to an object", async (it) => {
    await openModule(it, "m/webshop");
    const article = it.page.locator("article.object").nth(2);
    const label = await article.getAttribute("aria-label");
    await article.getByRole("button", { name: /^Copy a link/ }).click();
    await says(it.page.locator(".toast"), "Copied the link");
    const link = await it.page.evaluate(() => navigator.clipboard.readText());
    await it.page.goto("about:blank");
    await it.page.goto(link);
    await rendered(it.page);
    await becomes(() => it.page.locator("article.object.chosen").getAttribute("aria-label"), label);
    await article.getByRole("button", { name: /^Copy (?!a link)/ }).click();
    await says(it.page.locator(".toast"), "Copied the object");
    assert.match(await it.page.evaluate(() => navigator.clipboard.readText()), /^apiVersion: /);
  });

  test("copying that the browser refuses is said", { permissions: [] }, async (it) => {
    await it.page.addInitScript(() => {
      navigator.clipboard.writeText = () => Promise.reject(new DOMException("refused", "NotAllowedError"));
    });
    await openModule(it, "m/wiki");
    await choose(it.page, "Share", "Copy all manifests");
    await says(it.page.locator(".toast"), "does not let the page copy");
  });

  test("downloads: values, zip, HelmRelease, chart", async (it) => {
    await openModule(it, "m/wiki");
    const mine = "# mine\nsite:\n  title: Down\nlogin:\n  admin:\n    password: correct-horse-battery\n";
    await writeYaml(it.page, mine);
    await says(it.page.locator("footer.status"), "2 changes");
    await rendered(it.page);
    const values = await downloaded(it.page, "Share", "Download values.yaml");
    assert.deepEqual([values.name, values.bytes.toString()], ["values.yaml", mine]);
    const zip = await downloaded(it.page, "Share", "Download a zip");
    assert.equal(zip.name, "wiki.zip");
    const names = execFileSync("unzip", ["-Z1", write(it, "wiki.zip", zip.bytes)], { encoding: "utf8" }).trim().split("\n");
    assert.ok(names.includes("wiki/values.yaml") && names.some((name) => /deployment-wiki\.yaml$/.test(name)), names.join());
    const release = await downloaded(it.page, "Deploy", "Download a HelmRelease");
    assert.equal(release.name, "wiki-helmrelease.yaml");
    assert.match(release.bytes.toString(), /kind: HelmRelease[^]*chart: wiki\n[^]*title: Down/);
    assert.doesNotMatch(release.bytes.toString(), /horse/);
    const archive = await downloaded(it.page, "Deploy", "Download the chart");
    assert.equal(archive.name, "wiki-0.6.1.tgz");
    execFileSync(it.chartwright, ["template", "wiki", write(it, archive.name, archive.bytes)]);
  });

  test("the command lines do the same", async (it) => {
    await openModule(it, "m/notebook");
    const mine = "teams: [one]\n";
    await writeYaml(it.page, mine);
    await says(it.page.locator("footer.status"), "1 change");
    await rendered(it.page);
    const manifests = await copied(it.page, "Share", "Copy all manifests");
    const folder = join(setting.folder, "command");
    mkdirSync(folder, { recursive: true });
    const archive = await downloaded(it.page, "Deploy", "Download the chart");
    writeFileSync(join(folder, archive.name), archive.bytes);
    writeFileSync(join(folder, "values.yaml"), mine);
    const [program, ...words] = (await copied(it.page, "Deploy", "Copy chartwright")).split(" ");
    assert.equal(program, "chartwright");
    assert.equal(execFileSync(it.chartwright, words, { cwd: folder, encoding: "utf8" }), manifests);
    assert.equal(await copied(it.page, "Deploy", "Copy helm install"), `helm install notebook ${archive.name} --values values.yaml`);
  });

  test("the inputs of a descriptor render to the same", async (it) => {
    await openModule(it, "m/webshop/1.4.0");
    await writeYaml(it.page, "webshopfrontend:\n  replicas: 4\n");
    await says(it.page.locator("footer.status"), "1 change");
    await rendered(it.page);
    const manifests = await copied(it.page, "Share", "Copy all manifests");
    const inputs = await downloaded(it.page, "Deploy", "Download the inputs");
    assert.equal(inputs.name, "webshop-inputs.zip");
    execFileSync("unzip", ["-oq", write(it, inputs.name, inputs.bytes), "-d", setting.folder]);
    const folder = join(setting.folder, "webshop");
    const command = await copied(it.page, "Deploy", "Copy chartwright");
    assert.equal(readFileSync(join(folder, "render.sh"), "utf8"), `#!/bin/sh\n${command}\n`);
    // Nothing else is needed: no catalog, no network, no further flag.
    const bin = join(setting.folder, "bin");
    mkdirSync(bin, { recursive: true });
    rmSync(join(bin, "chartwright"), { force: true });
    symlinkSync(it.chartwright, join(bin, "chartwright"));
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
    assert.equal(execFileSync("sh", ["render.sh"], { cwd: folder, encoding: "utf8", env }), manifests);
    const one = await downloaded(it.page, "Share", "Download manifests");
    const text = one.bytes.toString();
    assert.ok(text.endsWith(manifests), "the manifests stay as they are");
    assert.match(text, /^# There are two levels here.*\n# The platform's token is hidden/);
  });
}

function write({ folder }, name, bytes) {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}
