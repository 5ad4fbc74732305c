// Public charts, dropped on the page: what it copies and downloads are the bytes of the native program.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";

import { fixed, skip, test } from "./harness.mjs";
import { template } from "./native.mjs";
import { copied, downloaded, dropChart, open, patiently, rendered, says, writeYaml } from "./view.mjs";

const MOST = 50;
const EACH = 10;

// Values that many charts know; the first that changes what a chart deploys is typed.
const TYPED = [
  "fullnameOverride: typed # by hand\nreplicaCount: 3\n",
  "nameOverride: typed\n",
  "replicas: 4\n",
  "service:\n  type: NodePort\n",
  "image:\n  tag: typed\n",
  "global:\n  imageRegistry: registry.example.org\n",
  "serviceAccount:\n  name: typed\n",
];

export default function register(setting) {
  const archives = existsSync(setting.charts) ? readdirSync(setting.charts).filter((name) => name.endsWith(".tgz")).sort() : [];
  if (archives.length === 0) return skip("public charts", `there are none in ${setting.charts}`);
  const charts = those(setting, archives);
  for (let first = 0; first < MOST; first += EACH) {
    test(`public charts ${first + 1} to ${first + EACH} have the native bytes`, async (it) => {
      await fixed(it.page);
      await open(it);
      let done = 0;
      let changed = 0;
      while (done < EACH) {
        const { value: found } = charts.next();
        assert.ok(found, "there are enough charts that render without values");
        const shown = await dropChart(it.page, basename(found.file), readFileSync(found.file));
        await patiently(it.page, shown, found.file);
        assert.equal(await copied(it.page, "Share", "Copy all manifests"), found.before, found.file);
        await writeYaml(it.page, found.typed);
        await says(it.page.locator("footer.status"), /\d changes?/);
        await patiently(it.page, await rendered(it.page), found.file);
        const { bytes } = await downloaded(it.page, "Share", "Download manifests");
        assert.equal(bytes.toString(), found.after, found.file);
        done += 1;
        changed += Number(found.after !== found.before);
      }
      console.log(`        ${changed} of ${done} with values that change something`);
      assert.ok(changed >= EACH / 2, "most values change something");
    });
  }
}

// Charts of all makers that the native program renders without values, each once.
function* those(setting, archives) {
  const step = 97;
  for (let index = 0; index < archives.length; index += 1) {
    const found = natively(setting, join(setting.charts, archives[(index * step) % archives.length]));
    if (found) yield found;
  }
}

// What the native program makes of a chart, without values and with some; nothing where it needs values.
function natively(setting, file) {
  const { release, parts } = names(file);
  const attempt = (values) => {
    try {
      return template(setting, release, file, values);
    } catch {
      return undefined;
    }
  };
  const before = attempt("");
  if (!before) return undefined;
  const ofParts = parts.map((part) => `${part}:\n  fullnameOverride: typed\n  replicaCount: 3\n`);
  for (const typed of [...TYPED, ...ofParts]) {
    const after = attempt(typed);
    if (after && after !== before) return { file, typed, before, after };
  }
  const typed = "typed: nothing reads this\n";
  return { file, typed, before, after: attempt(typed) ?? before };
}

// The name that the page gives the release, which is that of the chart's folder, and the charts that it consists of.
function names(file) {
  const tar = gunzipSync(readFileSync(file));
  const paths = [];
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    paths.push(tar.toString("utf8", at, at + 100).split("\0")[0].replace(/^\.\//, "").split("/"));
    at += 512 + 512 * Math.ceil(Number.parseInt(tar.toString("latin1", at + 124, at + 136), 8) / 512);
  }
  const parts = paths.filter((path) => path[1] === "charts" && path[3] === "Chart.yaml").map((path) => path[2]);
  const release = paths[0][0].toLowerCase().replace(/[^a-z0-9]/g, "-").slice(0, 53).replace(/^-+|-+$/g, "");
  return { release, parts };
}
