// Values by the form: what is typed there is in the YAML as a person would write it, and the other way round.

import assert from "node:assert/strict";

import { test } from "./harness.mjs";
import { becomes, choose, openModule, rendered, says, setting, tab, writeYaml, yaml } from "./view.mjs";

// A module with form and YAML side by side.
async function both(it, module) {
  await openModule(it, `m/${module}`);
  await tab(it.page, "Both");
}

const is = (it, text) => becomes(() => yaml(it.page), text);
const input = (it, label) => setting(it.page, label).locator("input, select, textarea").first();

// The name of what has the focus.
const focused = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return (element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.tagName).trim();
  });

// Opens a group of the form, if it is closed.
async function group(it, name) {
  const head = it.page.locator("button.group-head", { hasText: name }).first();
  if ((await head.getAttribute("aria-expanded")) === "false") await head.click();
}

export default function register() {
  test("form: string, number, boolean, enum", async (it) => {
    await both(it, "wiki");
    await input(it, "Title").fill("Our wiki");
    await is(it, "site:\n  title: Our wiki\n");
    await input(it, "Language").selectOption("de");
    await is(it, "site:\n  title: Our wiki\n  language: de\n");
    await input(it, "Read only").check();
    await is(it, "site:\n  title: Our wiki\n  language: de\n  readOnly: true\n");
    await group(it, "Advanced");
    await input(it, "Replicas").fill("3");
    await is(it, "site:\n  title: Our wiki\n  language: de\n  readOnly: true\nreplicas: 3\n");
    await says(it.page.locator("footer.status"), "4 changes");
    // What is no number stays in the field, says so, and changes nothing.
    await input(it, "Replicas").fill("many");
    await says(setting(it.page, "Replicas").locator(".problem-line"), /./);
    assert.equal(await input(it, "Replicas").getAttribute("aria-invalid"), "true");
    await is(it, "site:\n  title: Our wiki\n  language: de\n  readOnly: true\nreplicas: 3\n");
    await input(it, "Replicas").fill("2");
    await is(it, "site:\n  title: Our wiki\n  language: de\n  readOnly: true\nreplicas: 2\n");
    // The result has it.
    await rendered(it.page);
    await says(it.page.locator(".objects .code"), "replicas: 2");
  });

  test("form: what the developer and the base chart set is shown, and stays", async (it) => {
    await both(it, "webshop/1.4.0");
    await group(it, "webshopbackend");
    await group(it, "Autoscaling");
    const field = (path) => it.page.locator(`[id='field-webshopbackend.${path}']`);
    const origin = (path) => it.page.locator(".setting", { has: field(path) }).last().locator(".origin").first();
    assert.equal(await field("autoscaling.enabled").isChecked(), true);
    assert.equal(await field("autoscaling.maxReplicas").inputValue(), "6");
    await says(origin("autoscaling.maxReplicas"), "set by developer");
    // What only the base chart says.
    assert.equal(await field("replicas").inputValue(), "1");
    assert.equal(await origin("replicas").count(), 0);
    // One click is the other state, and says what it was.
    await field("autoscaling.enabled").click();
    await is(it, "webshopbackend:\n  autoscaling:\n    enabled: false\n");
    await says(origin("autoscaling.enabled"), "yours · developer: true");
    await it.page.getByRole("button", { name: "Undo", exact: true }).click();
    // An entry of one's own takes those of the developer along.
    await field("env").locator("> button", { hasText: "Add" }).click();
    await becomes(() => it.page.evaluate(() => document.activeElement.id), "field-webshopbackend.env[1].name");
    await is(it, "");
    await it.page.keyboard.type("MINE");
    await becomes(async () => /- name: DATABASE_URL[^]*- name: MINE\n$/.test(await yaml(it.page)), true);
    await becomes(() => it.page.evaluate(() => document.activeElement.id), "field-webshopbackend.env[1].name");
    await rendered(it.page);
    await says(it.page.locator(".objects .code").filter({ hasText: "name: MINE" }).first(), "name: DATABASE_URL");
  });

  test("form: what is no number is kept and counted", async (it) => {
    await openModule(it, "m/wiki");
    await group(it, "Advanced");
    await input(it, "Replicas").fill("1O");
    await says(it.page.getByRole("tab", { name: /^Problems/ }), "1");
    await tab(it.page, "YAML");
    await tab(it.page, "Form");
    assert.equal(await input(it, "Replicas").inputValue(), "1O");
    await tab(it.page, "Problems");
    await says(it.page.locator(".problems"), "replicas: must be a number");
    await tab(it.page, "YAML");
    await it.page.getByRole("button", { name: "Show the field" }).click();
    // All of the form is there, and the field has the focus.
    await becomes(() => it.page.evaluate(() => document.activeElement.id), "field-question:replicas");
    assert.ok((await it.page.locator(".form .setting").count()) > 1);
    await input(it, "Replicas").fill("10");
    await says(it.page.locator(".problems"), "replicas: must be at most 5");
    await input(it, "Replicas").fill("3");
    await says(it.page.locator("#result-panel"), "Nothing is wrong");
  });

  test("form: a reset of everything can be undone after a visit", async (it) => {
    await both(it, "wiki");
    await input(it, "Title").fill("Ours");
    await is(it, "site:\n  title: Ours\n");
    await it.page.reload();
    await is(it, "site:\n  title: Ours\n");
    const undo = it.page.getByRole("button", { name: "Undo", exact: true });
    assert.ok(await undo.isDisabled());
    await choose(it.page, "Saved sets", "Reset all");
    await is(it, "");
    await undo.click();
    await is(it, "site:\n  title: Ours\n");
  });

  test("form: a value that a module refuses keeps the last result", async (it) => {
    await both(it, "webshop");
    const objects = () => it.page.locator(".objects article").count();
    const before = await objects();
    await it.page.locator("#editor").fill("webshopfrontend:\n  replicas: -5\n");
    await says(it.page.locator(".stale-note"), "Not up to date");
    await says(it.page.locator("footer.status"), "does not render");
    assert.equal(await objects(), before);
    await it.page.getByRole("button", { name: "Show the problem" }).click();
    await says(it.page.locator(".problems"), /replicas.*must be at least 0/);
    await it.page.getByRole("button", { name: "Go to the value" }).click();
    await it.page.locator("#editor").fill("webshopfrontend:\n  replicas: 3\n");
    await becomes(() => it.page.locator(".stale-note").count(), 0);
    assert.ok(await rendered(it.page));
    await tab(it.page, "Changes");
    assert.ok((await it.page.locator(".diff article").count()) < 4);
  });

  test("form: a value that a module does not know has a likely name", async (it) => {
    await both(it, "webshop");
    await writeYaml(it.page, "webshopfrontend:\n  replica: 3\n");
    await says(it.page.locator(".stale-note"), "Not up to date");
    await tab(it.page, "Problems");
    await says(it.page.locator(".problems"), "webshopfrontend.replica is not a value of this chart");
    await says(it.page.locator(".problems"), "Did you mean replicas?");
  });

  test("form: the platform says which names Kubernetes refuses", async (it) => {
    await openModule(it, "m/wiki");
    await it.page.getByRole("button", { name: /^Platform/ }).click();
    await it.page.locator("#platform-namespace").fill("Bad_NS 1");
    await says(it.page.locator("#platform-namespace-help"), "lower-case letters");
    assert.equal(await it.page.locator("#platform-namespace").getAttribute("aria-invalid"), "true");
    await it.page.locator("#platform-namespace").fill("shop");
    await says(it.page.locator("#platform-namespace-help"), "Where it is installed");
  });

  test("form: questions show and hide others", async (it) => {
    await both(it, "wiki");
    await setting(it.page, "Password of the administrator").waitFor();
    await input(it, "Accounts").selectOption("oidc");
    await is(it, "login:\n  mode: oidc\n");
    await setting(it.page, "Issuer").waitFor();
    assert.equal(await setting(it.page, "Password of the administrator").count(), 0);
    await input(it, "Issuer").fill("https://id.example.org");
    await is(it, "login:\n  mode: oidc\n  oidc:\n    issuer: https://id.example.org\n");
    await input(it, "Accounts").selectOption("local");
    // Set, but hidden: it says so.
    await says(it.page.locator(".aside-group"), /Set, but hidden.*Issuer/s);
  });

  test("form: a map gets keys, other names, and loses them", async (it) => {
    await both(it, "gateway");
    const headers = setting(it.page, "Headers of each answer");
    // Nothing is set before it has a name; what is typed goes there, and then to the value.
    await headers.getByRole("button", { name: "Add" }).click();
    await becomes(() => focused(it.page), "Name of the new key");
    await is(it, "");
    await it.page.keyboard.type("X-Powered-By");
    await says(headers.locator(".problem-line"), "There is such a key already");
    await it.page.keyboard.press("ControlOrMeta+a");
    await it.page.keyboard.type("X-Owner");
    await it.page.keyboard.press("Enter");
    await is(it, "headers:\n  X-Owner: \"\"\n");
    await becomes(() => focused(it.page), "X-Owner");
    await it.page.keyboard.type("shop");
    await is(it, "headers:\n  X-Owner: shop\n");
    const name = headers.locator("[aria-label='Name of X-Owner']");
    const [key, bar] = await Promise.all([name.boundingBox(), headers.locator("li", { has: it.page.locator("[aria-label='Name of X-Owner']") }).locator(".setting").boundingBox()]);
    assert.ok(bar.x - 10 >= key.x + key.width, "the bar of the value touches its name");
    await name.fill("X-Team");
    await name.press("Tab");
    await is(it, "headers:\n  X-Team: shop\n");
    await rendered(it.page);
    await says(it.page.locator(".objects .code"), "X-Team: shop");
    await headers.getByRole("button", { name: "Remove X-Team" }).click();
    await becomes(() => yaml(it.page).then((text) => /X-Team/.test(text)), false);
    // One of the module's own is taken away as Helm does it.
    await headers.getByRole("button", { name: "Remove X-Powered-By" }).click();
    await becomes(() => yaml(it.page).then((text) => /X-Powered-By: null/.test(text)), true);
  });

  test("form: a list gets items, moves and removes them", async (it) => {
    await both(it, "notebook");
    const teams = setting(it.page, "Teams");
    await teams.getByRole("button", { name: "Add" }).click();
    await becomes(() => it.page.evaluate(() => document.activeElement.id), "field-teams[2]");
    await is(it, "");
    await teams.getByRole("button", { name: "Do not add this item" }).click();
    await becomes(() => teams.locator("li").count(), 2);
    await teams.getByRole("button", { name: "Add" }).click();
    await becomes(() => it.page.evaluate(() => document.activeElement.id), "field-teams[2]");
    await it.page.keyboard.type("sales");
    await is(it, "teams:\n  - analytics\n  - research\n  - sales\n");
    await teams.getByRole("button", { name: "Move item 3 up" }).click();
    await is(it, "teams:\n  - analytics\n  - sales\n  - research\n");
    await teams.getByRole("button", { name: "Move item 1 down" }).click();
    await is(it, "teams:\n  - sales\n  - analytics\n  - research\n");
    await teams.getByRole("button", { name: "Remove item 2" }).click();
    await is(it, "teams:\n  - sales\n  - research\n");
    await rendered(it.page);
    await says(it.page.locator(".objects .code"), "sales");
    await teams.getByRole("button", { name: "Reset Teams" }).click();
    await is(it, "");
    assert.deepEqual(await teams.locator("li input").evaluateAll((all) => all.map((one) => one.value)), ["analytics", "research"]);
  });

  test("form: oneOf offers its shapes", async (it) => {
    await both(it, "gateway");
    const replicas = setting(it.page, "Replicas");
    await replicas.locator("select").selectOption({ label: "As many as the load needs" });
    await says(setting(it.page, "Min").locator(".problem-line"), "A value is required");
    await setting(it.page, "Min").locator("input").fill("3");
    await setting(it.page, "Max").locator("input").fill("9");
    await is(it, "replicas:\n  min: 3\n  max: 9\n");
    await rendered(it.page);
    await says(it.page.locator(".objects .code"), "maxReplicas: 9");
    await replicas.locator("select").selectOption({ label: "A fixed number" });
    await becomes(async () => /^replicas: \d+\n$/.test(await yaml(it.page)), true);
  });

  test("form: reset, changed only, search", async (it) => {
    await both(it, "wiki");
    const settings = () => it.page.locator(".form .setting").count();
    await input(it, "Title").fill("Other");
    await is(it, "site:\n  title: Other\n");
    await says(setting(it.page, "Title").locator(".origin"), "yours");
    await it.page.getByLabel("changed only").check();
    await becomes(settings, 1);
    await setting(it.page, "Title").getByRole("button", { name: "Reset Title" }).click();
    await is(it, "");
    await says(it.page.locator(".form .empty"), "Nothing is changed");
    await it.page.getByLabel("changed only").uncheck();
    await it.page.getByLabel("Find a setting").fill("certificate");
    await becomes(async () => (await settings()) >= 1 && (await settings()) <= 3, true);
    await it.page.getByLabel("Find a setting").fill("qqqq");
    await says(it.page.locator(".form .empty"), "No setting fits");
    await it.page.getByLabel("Find a setting").fill("");
    await becomes(async () => (await settings()) > 5, true);
  });

  test("form and YAML agree, and comments stay", async (it) => {
    await both(it, "wiki");
    const mine = "# ours\nsite:\n  title: From YAML # shown on top\nextra: kept\n";
    await it.page.locator("#editor").fill(mine);
    await becomes(() => input(it, "Title").inputValue(), "From YAML");
    await input(it, "Title").fill("From the form");
    await is(it, mine.replace("From YAML", "From the form"));
    await says(it.page.locator(".aside-group"), /not known to this module.*extra/s);
  });

  test("form: undo and redo", async (it) => {
    await both(it, "wiki");
    await input(it, "Title").fill("One");
    await input(it, "Title").blur();
    await input(it, "Language").selectOption("fr");
    await is(it, "site:\n  title: One\n  language: fr\n");
    const undo = it.page.getByRole("button", { name: "Undo", exact: true });
    const redo = it.page.getByRole("button", { name: "Redo", exact: true });
    await undo.click();
    await is(it, "site:\n  title: One\n");
    await becomes(() => input(it, "Language").inputValue(), "en");
    await undo.click();
    await is(it, "");
    assert.ok(await undo.isDisabled());
    await redo.click();
    await redo.click();
    await is(it, "site:\n  title: One\n  language: fr\n");
    await becomes(() => input(it, "Title").inputValue(), "One");
  });

  test("form: a variable from a Secret is made without a line of YAML", async (it) => {
    await both(it, "webshop/1.4.0");
    await group(it, "webshopfrontend");
    const field = (path) => it.page.locator(`[id='field-webshopfrontend.${path}']`);
    await it.page.getByLabel("Find a setting").fill("webshopfrontend.env");
    await field("env").locator("> button", { hasText: "Add" }).click();
    await field("env[0].name").fill("PW");
    await field("env[0].valueFrom").locator("select").first().selectOption({ label: "Key of a Secret" });
    await field("env[0].valueFrom.secretKeyRef.name").fill("shop");
    await field("env[0].valueFrom.secretKeyRef.key").fill("password");
    await is(it, "webshopfrontend:\n  env:\n    - name: PW\n      valueFrom:\n        secretKeyRef:\n          name: shop\n          key: password\n");
    assert.ok(await rendered(it.page));
    await says(it.page.locator(".objects .code").filter({ hasText: "name: PW" }).first(), "key: password");
    await tab(it.page, "Problems");
    await says(it.page.locator("#result-panel"), "Nothing is wrong");
  });

  test("form: what nothing tells the type of can be a map", async (it) => {
    await both(it, "webshop/1.4.0");
    await it.page.getByLabel("Find a setting").fill("webshopfrontend.affinity");
    const map = it.page.locator("[id='field-webshopfrontend.affinity']");
    await map.getByRole("button", { name: "Add" }).click();
    await map.getByLabel("Name of the new key").fill("nodeAffinity");
    await it.page.keyboard.press("Tab");
    await map.getByLabel("Type of the new value").selectOption("map");
    await is(it, "webshopfrontend:\n  affinity:\n    nodeAffinity: {}\n");
    await becomes(() => it.page.locator("[id='field-webshopfrontend.affinity.nodeAffinity']").getAttribute("role"), "group");
  });

  test("form: a wrong key is one problem, and is marked", async (it) => {
    await openModule(it, "m/webshop/1.4.0?tab=problems");
    await writeYaml(it.page, "webshopfrontend:\n  config:\n    bad key!: '8080'\n");
    await becomes(() => it.page.locator(".problems li").count(), 1);
    await says(it.page.locator(".problems"), "the key must have only letters, digits, -, . and _");
    await tab(it.page, "Form");
    await it.page.getByRole("button", { name: "Go to the key" }).click();
    await becomes(() => focused(it.page), "Name of bad key!");
    assert.equal(await it.page.getByLabel("Name of bad key!").getAttribute("aria-invalid"), "true");
    await it.page.getByLabel("Name of bad key!").fill("GOOD");
    await it.page.keyboard.press("Tab");
    await says(it.page.locator("#result-panel"), "Nothing is wrong");
  });

  test("form: a text that is no value is taken back alone", async (it) => {
    await both(it, "wiki");
    await group(it, "Advanced");
    const undo = it.page.getByRole("button", { name: "Undo", exact: true });
    await input(it, "Replicas").fill("5");
    await input(it, "Replicas").fill("1O");
    await undo.click();
    assert.equal(await input(it, "Replicas").inputValue(), "5");
    await is(it, "replicas: 5\n");
    await undo.click();
    await is(it, "");
  });

  test("form: a problem leads to its field and its line", async (it) => {
    await both(it, "gateway");
    await it.page.locator("#editor").fill("logLevel: info\nlisten:\n  port: 99999\n");
    await says(it.page.locator(".stale-note"), "Not up to date");
    await says(it.page.locator("[id='field-listen.port-problem']"), "Must be at most 65535");
    await it.page.locator(".paper .line[data-mark=error]").nth(0).waitFor();
    await it.page.getByRole("button", { name: "Show the problem" }).click();
    const jump = it.page.getByRole("button", { name: "Go to the value" }).first();
    const caret = () => it.page.locator("#editor").evaluate((area) => document.activeElement === area && area.value.slice(0, area.selectionStart).split("\n").length);
    await jump.click();
    await becomes(caret, 3);
    // The same jump works once more.
    await jump.click();
    await becomes(caret, 3);
  });
}
