// The engines in a real browser: what they render is what the native engine renders, and whatever breaks them leaves a
// message, and a worker that goes on.
//
// node worker.mjs ADDRESS CASES CHROMIUM
// CASES is a folder with a folder for each case: chart.tgz or files of a chart, input.json (a RenderInput without its
// subject), and want.yaml (what the native engine prints).

import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [address, cases, executablePath] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
const page = await browser.newPage();
const foreign = [];
const complaints = [];
page.on("request", (request) => {
  if (!request.url().startsWith(address)) foreign.push(request.url());
});
page.on("console", (message) => complaints.push(message.text()));
page.on("pageerror", (error) => complaints.push(String(error)));
// The quick build has one engine, which does all.
const assets = await (await fetch(new URL("assets.json", address))).json();
const hasSmallEngine = assets.some(({ url }) => url.startsWith("charts-"));
if (!hasSmallEngine) console.log("SKIPPED: that the small engine hands over to the large one (this build has one engine)");
await page.goto(new URL("probe.html", address).href);
await page.waitForFunction(() => document.title === "ready");

// In the page: asks a bridge. Parts go over as base64, and come back as text.
await page.evaluate(() => {
  globalThis.probes = { usual: new Probe(60000), hasty: new Probe(1000), hastiest: new Probe(40), small: new Probe(60000) };
  const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  globalThis.ask = async (probe, lane, head, parts) => {
    const start = performance.now();
    const { op, ...fields } = head;
    const request = Object.keys(fields).length > 0 ? { [op]: fields } : op;
    const [said, ...answer] = await probes[probe].ask(lane, JSON.stringify(request), parts.map(bytes));
    const [kind, body] = typeof said === "string" ? [said, {}] : Object.entries(said)[0];
    const reply = { reply: kind, ...body };
    const text = (part) => new TextDecoder().decode(part);
    return { reply, parts: answer.map(text), took: performance.now() - start };
  };
});
const base64 = (part) => Buffer.from(part).toString("base64");
const ask = (head, parts = [], { probe = "usual", lane } = {}) =>
  page.evaluate(([...all]) => ask(...all), [probe, lane, head, parts.map(base64)]);

const chartFiles = (template, more = {}) => ({
  "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
  "values.yaml": "",
  "templates/all.yaml": template,
  ...more,
});
const load = async (files, options) => {
  const { reply } = await ask({ op: "load", name: "shop", files: Object.keys(files) }, Object.values(files), options);
  assert.equal(reply.reply, "loaded", JSON.stringify(reply));
  return reply.digest;
};
const input = (digest, more = {}) =>
  JSON.stringify({ apiVersion: "chartwright.dev/engine/v1alpha1", subject: { chart: { digest } }, ...more });
const render = (digest, more, options) => ask({ op: "render" }, [input(digest, more)], options);

const tests = {
  async "a folder is loaded and rendered"() {
    const digest = await load(chartFiles("kind: ConfigMap\nmetadata:\n  name: {{ .Values.a }}\n"));
    const { reply, parts } = await render(digest, { values: { set: ["a=web"] } });
    assert.equal(reply.reply, "rendered", JSON.stringify(reply));
    assert.equal(parts[0], "---\n# Source: shop/templates/all.yaml\nkind: ConfigMap\nmetadata:\n  name: web\n");
    const [head] = reply.objects;
    assert.equal(parts[0].slice(head.start, head.end), "kind: ConfigMap\nmetadata:\n  name: web\n");
    assert.equal(head.key, "1|||ConfigMap|default|web");
  },

  async "results are compared"() {
    const digest = await load(chartFiles("kind: ConfigMap\nmetadata:\n  name: web\ndata:\n  a: {{ .Values.a }}\n"));
    const before = await render(digest, { values: { set: ["a=1"] } });
    const after = await render(digest, { values: { set: ["a=2"] } });
    const { reply } = await ask({ op: "changes", before: before.reply.digest, after: after.reply.digest });
    assert.deepEqual(reply.objects.map(({ key, change, added, removed }) => [key, change, added, removed]), [
      ["1|||ConfigMap|default|web", "modified", 1, 1],
    ]);
  },

  async "what fails says where"() {
    const digest = await load(chartFiles('a: {{ required "give a" .Values.a }}'));
    const { reply } = await render(digest);
    assert.equal(reply.reply, "failed");
    assert.equal(reply.kind, "fail");
    assert.equal(reply.line, 1);
  },

  async "of those that wait only the newest is rendered"() {
    const digest = await load(chartFiles("a: {{ .Values.a }}"));
    const answers = await page.evaluate(
      ([digest, json]) =>
        Promise.all([1, 2, 3, 4].map((a) => ask("usual", 7, { op: "render" }, [btoa(json.replace("VALUE", `a=${a}`))]))),
      [digest, input(digest, { values: { set: ["VALUE"] } })],
    );
    assert.deepEqual(answers.map(({ reply }) => reply.reply), ["rendered", "superseded", "superseded", "rendered"]);
    assert.match(answers[3].parts[0], /a: 4/);
  },

  async "an endless template ends within the limit, and the next render works"() {
    const endless = await load(chartFiles("{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}"), {
      probe: "hasty",
    });
    const fine = await load(chartFiles("a: b"), { probe: "hasty" });
    const { reply, took } = await render(endless, {}, { probe: "hasty" });
    assert.equal(reply.kind, "limit/time", JSON.stringify(reply));
    assert.ok(took < 1500, `it took ${took} ms`);
    const next = await render(fine, {}, { probe: "hasty" });
    assert.equal(next.parts[0], "---\n# Source: shop/templates/all.yaml\na: b\n");
  },

  async "a worker that does not answer is replaced, and has its charts again"() {
    const probe = "hastiest";
    const fine = await load(chartFiles("a: c"), { probe });
    // One function that takes longer than the watchdog waits: the engine looks at its clock between functions only.
    const slow = await load(chartFiles('{{ derivePassword 1 "long" "a" "b" "c" }}'), { probe });
    const { reply } = await render(slow, {}, { probe });
    assert.equal(reply.message, "it took longer than 0.04 s, and was stopped", JSON.stringify(reply));
    const next = await render(fine, {}, { probe });
    assert.equal(next.parts[0], "---\n# Source: shop/templates/all.yaml\na: c\n");
  },

  async "recursion without an end is an error"() {
    const digest = await load(chartFiles('{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}'));
    const { reply } = await render(digest);
    assert.equal(reply.reply, "failed");
    const fine = await load(chartFiles("a: d"));
    assert.match((await render(fine)).parts[0], /a: d/);
  },

  async "too much output is an error"() {
    const digest = await load(chartFiles('{{ range until 4000 }}{{ repeat 1000000 "x" }}{{ end }}'));
    const { reply } = await render(digest);
    assert.match(reply.kind, /^limit\//, JSON.stringify(reply));
    const fine = await load(chartFiles("a: e"));
    assert.match((await render(fine)).parts[0], /a: e/);
  },

  async "a trap is an error, and the next render works"() {
    const much = '{{ $l := list }}{{ range until 90 }}{{ $l = append $l (print (repeat 40000000 "x") .) }}{{ end }}';
    const digest = await load(chartFiles(much));
    // No limit but the memory that the module may have at all.
    const { reply } = await render(digest, { limits: { memory: 4294967295, output: 4294967295, steps: 1e15 } });
    assert.equal(reply.kind, "limit/memory", JSON.stringify(reply));
    assert.match(reply.message, /1 GiB/);
    const fine = await load(chartFiles("a: g"));
    assert.match((await render(fine)).parts[0], /a: g/);
  },

  async "what is cancelled is answered"() {
    const digest = await load(chartFiles("{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}"));
    const { reply } = await page.evaluate(
      ([json]) => {
        const answer = ask("usual", undefined, { op: "render" }, [btoa(json)]);
        probes.usual.cancel();
        return answer;
      },
      [input(digest)],
    );
    assert.equal(reply.kind, "cancelled");
  },

  async "descriptors get the large engine, and charts stay known"() {
    const chart = await load(chartFiles("a: f"));
    const descriptor = readFileSync(join(cases, "descriptor.yaml"), "utf8");
    const call = { apiVersion: "chartwright.dev/engine/v1alpha1", descriptors: [{ name: "d.yaml", text: descriptor }] };
    const { reply, parts } = await ask({ op: "call", call: "check" }, [JSON.stringify(call)]);
    assert.equal(reply.reply, "answer", JSON.stringify(reply));
    assert.equal(JSON.parse(parts[0]).result.descriptors, 1);
    assert.match((await render(chart)).parts[0], /a: f/);
  },

  async "keys and secrets get the large engine, and nothing is shown that must be hidden"() {
    const kit = (probe) => page.evaluate((probe) => probes[probe].kit(), probe);
    for (const [probe, template, world] of [
      ["keys", '{{ $ca := genCA "shop" 1 }}a: {{ $ca.Cert | trunc 27 | quote }}', { seed: 1 }],
      ["text", 'a: {{ genPrivateKey "ed25519" | trunc 27 | quote }}', { seed: 1 }],
      ["hidden", 'a: {{ (lookup "v1" "Secret" "icekube" "idtsecret").data.token | b64dec }}', { platform: { token: "hush-hush" } }],
    ]) {
      await page.evaluate((probe) => (probes[probe] = new Probe(60000)), probe);
      const digest = await load(chartFiles(template), { probe });
      assert.equal(await kit(probe), "Charts");
      const { reply, parts } = await render(digest, { world }, { probe });
      assert.equal(reply.reply, "rendered", JSON.stringify(reply));
      assert.match(parts[0], /-----BEGIN (CERTIFICATE|PRIVATE KEY)-|a: REDACTED/);
      if (hasSmallEngine) assert.equal(await kit(probe), "Modules");
    }
  },

  async "a compose file becomes a descriptor"() {
    const compose = "services:\n  web:\n    image: nginx:1.27\n    ports: ['8080:80']\n    environment: {A: '${A}'}\n";
    const { reply, parts } = await ask({ op: "import", files: ["shop/compose.yaml", "shop/.env"] }, [compose, "A=hello\n"]);
    assert.equal(reply.reply, "imported", JSON.stringify(reply));
    assert.match(parts[0], /kind: HelmChartDescriptor/);
    assert.match(parts[0], /hello/);
  },
};

// The small engine first; above, a descriptor has brought the large one to the usual bridge.
const folders = readdirSync(cases).sort().filter((name) => statSync(join(cases, name)).isDirectory());
for (const [probe, name] of ["small", "usual"].flatMap((probe) => folders.map((name) => [probe, name]))) {
  const folder = join(cases, name);
  tests[`${name} has the bytes of the native engine (${probe})`] = async () => {
    const archive = readFileSync(join(folder, "chart.tgz"));
    const loaded = await ask({ op: "load", name: "chart.tgz", files: [] }, [archive], { probe });
    assert.equal(loaded.reply.reply, "loaded", JSON.stringify(loaded.reply));
    const more = JSON.parse(readFileSync(join(folder, "input.json"), "utf8"));
    const { reply, parts } = await render(loaded.reply.digest, more, { probe });
    assert.equal(reply.reply, "rendered", JSON.stringify(reply));
    const kit = await page.evaluate((probe) => probes[probe].kit(), probe);
    const text = Buffer.from(parts[0]).subarray(0, reply.printed).toString();
    assert.equal(text, readFileSync(join(folder, "want.yaml"), "utf8"));
    console.log(`${name}, ${kit}: ${reply.objects.length} objects, ${text.length} letters, ${reply.took.toFixed(1)} ms`);
  };
}

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  try {
    await test();
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n${error.stack}`);
  }
}
await browser.close();
if (foreign.length > 0) console.log("requests to others:", foreign);
if (complaints.length > 0) console.log("in the console:", complaints);
process.exit(failed + foreign.length > 0 ? 1 : 0);
