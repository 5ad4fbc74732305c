// Every view of the page, for tests that look at all of them, and for pictures.

import { drop, dropChart, open, openModule, rendered, says, settled, tab, writeYaml } from "./view.mjs";
import { chart, configMap } from "./charts.mjs";

const COMPOSE = "services:\n  web:\n    image: nginx:1.27\n    ports: ['8080:80']\n    depends_on: [db]\n    privileged: true\n  db:\n    image: postgres:17\n    volumes: [data:/var/lib/postgresql/data]\n    environment: {POSTGRES_PASSWORD: secret}\nvolumes: {data: {}}\n";

// On a phone one pane is shown at a time.
const pane = async (page, name) => {
  const button = page.locator(".narrow-switch").getByRole("button", { name });
  if (await button.isVisible()) await button.click();
};

// Names, and how to get there from anywhere. What has no picture is looked at only.
export const VIEWS = {
  catalog: { show: (it) => open(it) },
  "catalog-nothing": { show: async (it) => { await open(it, "?q=zebra"); await says(it.page.locator(".empty"), "No module fits"); }, picture: false },
  preview: { show: (it) => openModule(it, "m/webshop/1.4.0") },
  "preview-form": {
    show: async (it) => { await openModule(it, "m/gateway"); await pane(it.page, "Values"); await tab(it.page, "Form"); },
  },
  "preview-yaml": {
    show: async (it) => {
      await openModule(it, "m/wiki");
      await pane(it.page, "Values");
      await writeYaml(it.page, "# our wiki\nsite:\n  title: Our wiki\n  language: de\nreplicas: 3\n");
      await says(it.page.locator(".objects .code"), "replicas: 3");
      await tab(it.page, "Both");
    },
  },
  summary: { show: async (it) => { await openModule(it, "m/sensors?tab=summary"); } },
  releases: { show: async (it) => { await openModule(it, "m/marketplace?tab=releases"); } },
  changes: {
    show: async (it) => {
      await openModule(it, "m/webshop/1.4.0?tab=changes");
      await it.page.locator("label.inline select").first().selectOption({ label: "Version 1.3.0 with your values" });
      await it.page.locator(".diff .hunk").first().waitFor();
    },
  },
  notes: { show: (it) => openModule(it, "m/wiki?tab=notes"), picture: false },
  chart: {
    show: async (it) => {
      await openModule(it, "m/wiki?tab=chart");
      await it.page.locator(".files button", { hasText: "deployment.yaml" }).click();
      await it.page.locator(".file .code pre").first().waitFor();
    },
  },
  readme: { show: (it) => openModule(it, "m/gateway?tab=chart"), picture: false },
  problems: { show: async (it) => { await openModule(it, "m/broken?tab=problems"); await says(it.page.locator(".trouble"), "name is needed"); } },
  stale: {
    show: async (it) => {
      await openModule(it, "m/notebook");
      await pane(it.page, "Values");
      await writeYaml(it.page, "teams: [one, \"two");
      await pane(it.page, "Result");
      await says(it.page.locator(".stale-note"), "Not up to date");
    },
    picture: false,
  },
  platform: {
    show: async (it) => {
      await openModule(it, "m/webshop/1.4.0");
      await it.page.locator("#platform-button").click();
      await it.page.locator(".platform").waitFor();
    },
  },
  menu: {
    show: async (it) => {
      await openModule(it, "m/webshop/1.4.0");
      await it.page.locator("details.menu > summary", { hasText: "Share" }).click();
    },
    picture: false,
  },
  dialog: {
    show: async (it) => {
      await openModule(it, "m/webshop/1.4.0");
      await it.page.locator("details.menu > summary", { hasText: "Saved sets" }).click();
      await it.page.locator("details.menu[open] button", { hasText: "Save as a set" }).click();
      await it.page.locator("dialog[open]").waitFor();
    },
    picture: false,
  },
  shortcuts: { show: async (it) => { await open(it, "about"); await it.page.keyboard.press("?"); await it.page.locator("dialog[open]").waitFor(); }, picture: false },
  opened: {
    show: async (it) => {
      await open(it);
      await dropChart(it.page, "shop-1.0.0.tgz", chart("shop", { "all.yaml": configMap("shop", "a") }));
    },
    picture: false,
  },
  toast: { show: async (it) => { await open(it); await drop(it.page, { "a.txt": "hello" }); await it.page.locator(".toast").waitFor(); }, picture: false },
  missing: { show: async (it) => { await it.page.goto(new URL("m/nothing", it.address).href); await it.page.locator(".trouble").waitFor(); }, picture: false },
  develop: { show: async (it) => { await open(it, "develop"); await checked(it.page); } },
  "develop-yaml": { show: async (it) => { await open(it, "develop"); await checked(it.page); await tab(it.page, "YAML"); }, picture: false },
  "develop-chart": { show: async (it) => { await open(it, "develop"); await checked(it.page); await pane(it.page, "Result"); await tab(it.page, "Chart"); await it.page.locator(".file .code pre").first().waitFor(); }, picture: false },
  "develop-report": {
    show: async (it) => {
      await open(it);
      await drop(it.page, { "compose.yaml": COMPOSE });
      await it.page.waitForURL(/develop/);
      await settled(it.page);
      await pane(it.page, "Result");
      await tab(it.page, "Import report");
    },
  },
  operate: { show: async (it) => { await open(it, "operate"); await it.page.locator("tbody tr").first().waitFor(); } },
  operated: {
    show: async (it) => {
      await open(it, "operate");
      await it.page.locator("tbody a").first().click();
      await says(it.page.locator("h2"), "Conditions");
    },
  },
  about: { show: (it) => open(it, "about"), picture: false },
};

const checked = (page) => page.waitForFunction(() => document.querySelector("#develop-panel") && !document.querySelector("#develop-panel .waiting"));

export { COMPOSE, rendered };
