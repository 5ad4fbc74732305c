// axe-core finds nothing on any view, in both themes, on a desk and on a phone.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

import { test } from "./harness.mjs";
import { VIEWS } from "./views.mjs";

const SIZES = [
  { width: 1440, height: 900 },
  { width: 360, height: 740 },
];

export default function register() {
  const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  for (const viewport of SIZES) {
    for (const colorScheme of ["light", "dark"]) {
      // Colours that move are no colours to measure.
      test(`axe: ${viewport.width} px, ${colorScheme}`, { viewport, colorScheme, reducedMotion: "reduce", expect: [/Failed to load/] }, async (it) => {
        const found = [];
        let checks = 0;
        for (const [name, { show }] of Object.entries(VIEWS)) {
          await it.page.goto("about:blank");
          await show(it);
          await it.page.evaluate(source);
          const { violations, passes } = await it.page.evaluate(() => axe.run(document));
          checks += passes.length;
          for (const { id, nodes } of violations) {
            for (const node of nodes.slice(0, 3)) found.push(`${name}: ${id}: ${node.html.slice(0, 200)} ${node.failureSummary.replaceAll("\n", " ").slice(0, 300)}`);
          }
        }
        assert.ok(checks > 20 * Object.keys(VIEWS).length, `${checks} rules held`);
        assert.deepEqual(found, []);
      });
    }
  }
}
