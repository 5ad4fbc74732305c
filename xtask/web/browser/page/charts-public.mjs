// Public charts, dropped on the page: what it copies and downloads are the bytes of the native program.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";

import { fixed, skip, test } from "./harness.mjs";
import { template } from "./native.mjs";
import { copied, downloaded, dropChart, open, rendered, says, writeYaml } from "./view.mjs";

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
  // Each so manyth, and what stands next to it where that needs values or is a library.
  const step = archives.length / MOST;
  const starts = Array.from({ length: MOST }, (_, index) => Math.floor(index * step));
  for (let first = 0; first < MOST; first += EACH) {
    test(`public charts ${first + 1} to ${first + EACH} have the native bytes`, async (it) => {
      await fixed(it.page);
      await open(it);
      let done = 0;
      let changed = 0;
      for (const start of starts.slice(first, first + EACH)) {
        const end = Math.floor(start + step);
        const found = archives.slice(start, end).map((name) => natively(it, join(setting.charts, name))).find(Boolean);
        if (!found) continue;
        assert.ok(await dropChart(it.page, basename(found.file), readFileSync(found.file)), `${found.file} renders`);
        assert.equal(await copied(it.page, "Share", "Copy all manifests"), found.before);
        await writeYaml(it.page, found.typed);
        await says(it.page.locator("footer.status"), /\d changes?/);
        assert.ok(await rendered(it.page), `${found.file} renders with values`);
        const { bytes } = await downloaded(it.page, "Share", "Download manifests");
        assert.equal(bytes.toString(), found.after);
        done += 1;
        changed += Number(found.after !== found.before);
      }
      console.log(`        ${done} charts, ${changed} of them with values that change something`);
      assert.ok(done >= EACH - 3 && changed >= EACH / 2, "most charts can be compared");
    });
  }
}

// What the native program makes of a chart, without values and with some; nothing where it needs values.
function natively(it, file) {
  const release = releaseName(file);
  const attempt = (values) => {
    try {
      return template(it, release, file, values);
    } catch {
      return undefined;
    }
  };
  const before = attempt("");
  if (!before) return undefined;
  for (const typed of TYPED) {
    const after = attempt(typed);
    if (after && after !== before) return { file, typed, before, after };
  }
  return { file, typed: "typed: nothing reads this\n", before, after: attempt("typed: nothing reads this\n") ?? before };
}

// The name that the page gives the release: that of the chart, which is the folder's in the archive.
function releaseName(file) {
  const tar = gunzipSync(readFileSync(file));
  const folder = tar.subarray(0, 100).toString().split("\0")[0].replace(/^\.\//, "").split("/")[0];
  return folder.toLowerCase().replace(/[^a-z0-9]/g, "-").slice(0, 53).replace(/^-+|-+$/g, "");
}
