// A chart that tries everything: its texts are shown as the texts that they are, and nothing of it runs.

import assert from "node:assert/strict";

import { chart } from "./charts.mjs";
import { test } from "./harness.mjs";
import { catalogFiles, serveFiles } from "./server.mjs";
import { becomes, dropChart, open, openModule, rendered, says, setting, tab, writeYaml } from "./view.mjs";

const EVIL = `</pre></script><script>window.pwned = 1</script><img src=x onerror="window.pwned=2"><svg onload="window.pwned=3">`;
const quoted = JSON.stringify(EVIL);
// As it stands in YAML.
const inYaml = quoted.slice(1, -1);

const README = `# ${EVIL}

[a link](javascript:window.pwned=4) ![picture](x" onerror="window.pwned=5) <iframe srcdoc="<script>parent.pwned=6</script>"></iframe>

[data](data:text/html,<script>window.pwned=7</script>) <a href="//evil.example" onclick="window.pwned=8">out</a>

<style>body { display: none }</style>

![remote](https://evil.example/track.png)
`;

// An icon that is a script where it is not an image.
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" onload="parent.pwned=9"><script>window.pwned = 10; parent.pwned = 11</script><rect width="9" height="9"/></svg>`;

const SCHEMA = JSON.stringify({
  title: EVIL,
  properties: {
    name: { title: `Name ${EVIL}`, description: EVIL, type: "string", default: EVIL, examples: [EVIL] },
    kind: { enum: [EVIL, "other"] },
    shape: { oneOf: [{ title: EVIL, type: "string" }, { title: "other", type: "integer" }] },
  },
});

const bytes = () =>
  chart(
    "evil",
    {
      "all.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${JSON.stringify("<b>bold</b>")}\n  annotations:\n    a: ${quoted}\ndata:\n  value: {{ .Values.name | quote }}\n`,
      "kind.yaml": `apiVersion: "<i>v1</i>"\nkind: "<u>Kind</u>"\nmetadata:\n  name: k\n  namespace: "<s>ns</s>"\n`,
      "NOTES.txt": `Notes: ${EVIL} {{ .Values.name }}`,
      "fail.yaml": `{{ if .Values.fail }}{{ fail ${JSON.stringify(EVIL)} }}{{ end }}`,
    },
    {
      "Chart.yaml": `apiVersion: v2\nname: evil\nversion: 1.0.0\ndescription: ${quoted}\nhome: "javascript:window.pwned=12"\nicon: "data:image/svg+xml;base64,${Buffer.from(SVG).toString("base64")}"\nkeywords: [${quoted}]\nappVersion: ${quoted}\nmaintainers: [{name: ${quoted}, url: "javascript:window.pwned=13"}]\nannotations: {chartwright.dev/title: ${quoted}}\n`,
      "values.yaml": `# ${EVIL}\nname: ${quoted}\nkind: other\nshape: a\n`,
      "values.schema.json": SCHEMA,
      "README.md": README,
    },
  );

// Nothing of it has run, and nothing of it is an element.
async function harmless(page) {
  assert.equal(await page.evaluate(() => window.pwned ?? null), null);
  const elements = await page.evaluate(() =>
    [...document.querySelectorAll("#main script, #main iframe, #main style, #main [onerror], #main [onload], #main [onclick], #main object, #main embed")].map((one) => one.outerHTML),
  );
  assert.deepEqual(elements, []);
  const links = await page.evaluate(() => [...document.querySelectorAll("a[href]")].map((a) => a.href).filter((href) => !/^https?:/.test(href)));
  assert.deepEqual(links, []);
}

export default function register() {
  test("hostile: a chart from a file", async (it) => {
    await open(it);
    assert.ok(await dropChart(it.page, `${"x".repeat(10)}<b>.tgz`, bytes()));
    await says(it.page.locator(".objects"), "<b>bold</b>");
    await says(it.page.locator(".objects .code"), inYaml);
    await harmless(it.page);
    for (const [name, inside] of [["Summary", ""], ["Notes", EVIL], ["Chart", EVIL], ["Changes", ""], ["Problems", ""]]) {
      await tab(it.page, name);
      await says(it.page.locator("#result-panel"), inside);
      await harmless(it.page);
    }
    await says(setting(it.page, "Name .*").locator(".help"), EVIL);
    await tab(it.page, "YAML");
    await it.page.locator("#editor").focus();
    await it.page.keyboard.type("na");
    await it.page.locator(".suggestions").waitFor();
    await it.page.keyboard.press("Escape");
    await tab(it.page, "Manifests");
    await writeYaml(it.page, "fail: true\n");
    await says(it.page.locator(".stale-note"), "window.pwned");
    await tab(it.page, "Problems");
    await says(it.page.locator(".trouble"), EVIL);
    await harmless(it.page);
    await writeYaml(it.page, "name: safe\n");
    assert.ok(await rendered(it.page));
    await tab(it.page, "Changes");
    await says(it.page.locator(".diff"), inYaml);
    await harmless(it.page);
    // Links of the README lead out only by a click, without telling where from.
    await tab(it.page, "Chart");
    const out = await it.page.locator("#result-panel a[href]").evaluateAll((all) => all.filter((a) => a.origin !== location.origin).map((a) => a.rel));
    assert.ok(out.every((rel) => /noopener/.test(rel) && /noreferrer/.test(rel)), out.join());
  });

  for (const [name, text] of [["quotes", ">".repeat(2000)], ["lists", "- ".repeat(2000)], ["stars", "*".repeat(3000)]]) {
    test(`hostile: a README of nested ${name}`, async (it) => {
      await open(it);
      const files = { "all.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n" };
      assert.ok(await dropChart(it.page, "deep.tgz", chart("deep", files, { "README.md": `# Deep\n\n${text} end\n` })));
      await tab(it.page, "Chart");
      await says(it.page.locator("#result-panel"), "Deep");
      await tab(it.page, "Manifests");
      await says(it.page.locator(".objects"), "ConfigMap");
    });
  }

  test("hostile: thousands of objects", async (it) => {
    const template = "{{ range until 5000 }}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c{{ . }}\n{{ end }}\n";
    await open(it);
    assert.ok(await dropChart(it.page, "many.tgz", chart("many", { "all.yaml": template })));
    assert.equal(await it.page.locator(".objects article").count(), 500);
    await says(it.page.locator(".rest"), "4500 objects more");
    await it.page.getByRole("button", { name: "Show 500 more" }).click();
    await becomes(() => it.page.locator(".objects article").count(), 1000);
  });

  test("hostile: a catalog", { expect: [/Content Security Policy/] }, async (it) => {
    const catalog = JSON.parse(catalogFiles(it.folders.catalog)["catalog/catalog.json"]);
    const [module] = catalog.modules.filter(({ id }) => id === "notebook");
    Object.assign(module, { title: EVIL, description: EVIL, category: EVIL, keywords: [EVIL], icon: `data:image/svg+xml,${encodeURIComponent(SVG)}` });
    const other = structuredClone(module);
    Object.assign(other, { id: "../../evil", title: "Other", icon: "javascript:window.pwned=14" });
    catalog.modules.push(other);
    const files = { ...catalogFiles(it.folders.catalog), "catalog/catalog.json": JSON.stringify(catalog) };
    const server = await serveFiles([it.folders.page], files);
    it.origins.add(new URL(server.address).origin);
    it.address = server.address;
    await open(it);
    await says(it.page.locator("#main"), EVIL);
    await harmless(it.page);
    await openModule(it, "m/notebook");
    await says(it.page.locator("h1"), EVIL);
    await harmless(it.page);
    await server.stop();
  });

  test("hostile: the sample that is broken on purpose", async (it) => {
    await openModule(it, "m/broken");
    await says(it.page.locator("h1"), "A chart that <b>fails</b>");
    const title = await it.page.title();
    await writeYaml(it.page, "name: set\n");
    await says(it.page.locator(".objects .code"), "<script>");
    await tab(it.page, "Notes");
    await says(it.page.locator(".notes"), "<script>document.title");
    assert.equal(await it.page.title(), title);
    await harmless(it.page);
  });

  test("hostile: links that carry values", async (it) => {
    for (const hash of ["v=!!!!", `v=${"A".repeat(100_000)}`, "<script>"]) {
      await it.page.goto("about:blank");
      await openModule(it, `m/wiki#${hash}`);
      await says(it.page.locator("h1"), /iki/);
      await harmless(it.page);
    }
  });
}
