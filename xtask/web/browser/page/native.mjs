// What the native program prints, for the clock and the randomness of `fixed`.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { NOW, SEED } from "./harness.mjs";

const quiet = { encoding: "utf8", maxBuffer: 1 << 30, stdio: ["ignore", "pipe", "pipe"] };
const world = ["--seed", String(SEED), "--now", NOW];

// A file for values; an empty text is no file.
function valuesFile(folder, values) {
  if (!values) return [];
  const file = join(folder, "typed-values.yaml");
  writeFileSync(file, values);
  return ["--values", file];
}

// The manifests of a chart.
export function template({ chartwright, folder }, release, chart, values = "") {
  const options = [...world, "--include-crds", ...valuesFile(folder, values)];
  return execFileSync(chartwright, ["template", release, chart, ...options], quiet);
}

// The page's demo platform.
const PLATFORM = "registry: registry.example.org\nrepository: marketplace\ndomain: demo.example.org\nusername: demo\ntoken: not-a-real-token\n";

// The manifests of a descriptor, on both levels.
export function render({ chartwright, folder, sources }, descriptor, values = "") {
  const platform = join(folder, "platform.yaml");
  writeFileSync(platform, PLATFORM);
  const options = ["--no-lock", "--offline", "--source", `basecharts=${sources}`, "--platform", platform];
  return execFileSync(chartwright, ["render", descriptor, ...options, ...world, ...valuesFile(folder, values)], quiet);
}
