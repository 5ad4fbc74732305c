// Cases for worker.mjs: charts, and what the native engine prints of them.
//
// node cases.mjs CHARTWRIGHT CHARTS DESCRIPTOR TO [MOST]

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [chartwright, charts, descriptor, to, most = "50"] = process.argv.slice(2);
const NOW = "2026-01-01T00:00:00Z";
mkdirSync(to, { recursive: true });
copyFileSync(descriptor, join(to, "descriptor.yaml"));
const archives = readdirSync(charts).filter((name) => name.endsWith(".tgz")).sort();
// Every so many, and always the largest that is well known.
const step = Math.max(1, Math.floor(archives.length / Number(most)));
for (const [index, name] of archives.entries()) {
  if (index % step !== 0 && !name.includes("kube-prometheus-stack")) continue;
  const chart = join(charts, name);
  let text;
  try {
    const options = ["--namespace", "shop", "--seed", "7", "--now", NOW, "--include-crds"];
    const most = { maxBuffer: 1 << 30, stdio: ["ignore", "pipe", "ignore"] };
    text = execFileSync(chartwright, ["template", "release-name", chart, ...options], most);
  } catch {
    // What only renders with values is no case.
    continue;
  }
  const folder = join(to, name.replace(/\.tgz$/, ""));
  mkdirSync(folder, { recursive: true });
  copyFileSync(chart, join(folder, "chart.tgz"));
  writeFileSync(join(folder, "want.yaml"), text);
  const world = { seed: 7, now: Date.parse(NOW) / 1000 };
  const input = { release: { name: "release-name", namespace: "shop" }, world, want: { crds: true } };
  writeFileSync(join(folder, "input.json"), JSON.stringify(input));
}
