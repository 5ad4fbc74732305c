// What breaks the engine: a message in place, what was there stays, and a good edit renders again.

import assert from "node:assert/strict";

import { chart, configMap } from "./charts.mjs";
import { test } from "./harness.mjs";
import { dropChart, open, rendered, says, tab, writeYaml, yaml } from "./view.mjs";

const TRAPS = [
  {
    name: "an endless template",
    value: "endless",
    template: "{{ if .Values.endless }}{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}{{ end }}",
    says: /took longer|time|limit/i,
  },
  {
    name: "one function that never returns",
    value: "slow",
    template: '{{ if .Values.slow }}{{ range until 4000 }}{{ derivePassword 1 "long" (print .) "b" "c" }}{{ end }}{{ end }}',
    says: /took longer|time|limit/i,
  },
  {
    name: "recursion without an end",
    value: "deep",
    template: '{{ define "a" }}{{ include "a" . }}{{ end }}{{ if .Values.deep }}{{ include "a" . }}{{ end }}',
    says: /./,
  },
  {
    name: "too much output",
    value: "loud",
    template: '{{ if .Values.loud }}{{ range until 4000 }}{{ repeat 1000000 "x" }}{{ end }}{{ end }}',
    says: /limit|larger|output|memory|took longer/i,
  },
  {
    name: "too much memory",
    value: "huge",
    template:
      '{{ if .Values.huge }}{{ $l := list }}{{ range until 900 }}{{ $l = append $l (print (repeat 4000000 "x") .) }}{{ end }}{{ end }}',
    says: /memory|limit|took longer/i,
  },
];

export default function register() {
  for (const trap of TRAPS) {
    test(`limits: ${trap.name}`, async (it) => {
      await open(it);
      const text = `${trap.template}\n${configMap("shop", "{{ .Values.name | default \"first\" }}")}`;
      assert.ok(await dropChart(it.page, "shop-1.0.0.tgz", chart("shop", { "all.yaml": text })));
      await says(it.page.locator(".objects .code"), "value: first");
      await writeYaml(it.page, `${trap.value}: true\n`);
      await says(it.page.locator(".stale-note"), "Not up to date");
      assert.equal(await rendered(it.page), false);
      await says(it.page.locator(".stale-note"), trap.says);
      await says(it.page.locator(".objects .code"), "value: first");
      await tab(it.page, "Problems");
      await says(it.page.locator(".trouble"), trap.says);
      assert.equal(await yaml(it.page), `${trap.value}: true\n`);
      await writeYaml(it.page, "name: second\n");
      await tab(it.page, "Manifests");
      await says(it.page.locator(".objects .code"), "value: second");
      assert.ok(await rendered(it.page));
    });
  }

  test("limits: a worker that is gone", async (it) => {
    await open(it);
    const bytes = chart("shop", { "all.yaml": configMap("shop", "{{ .Values.name | default \"first\" }}") });
    assert.ok(await dropChart(it.page, "shop-1.0.0.tgz", bytes));
    const workers = it.page.workers();
    assert.equal(workers.length, 1);
    await workers[0].evaluate(() => self.close());
    await writeYaml(it.page, "name: lost\n");
    await says(it.page.locator(".stale-note"), /took longer|stopped|answer/);
    await says(it.page.locator(".objects .code"), "value: first");
    await writeYaml(it.page, "name: found\n");
    await says(it.page.locator(".objects .code"), "value: found");
  });

  test("limits: a worker that throws", { expect: [/thrown out of the blue/] }, async (it) => {
    await open(it);
    const bytes = chart("shop", { "all.yaml": configMap("shop", "{{ .Values.name | default \"first\" }}") });
    assert.ok(await dropChart(it.page, "shop-1.0.0.tgz", bytes));
    await it.page.workers()[0].evaluate(() => void setTimeout(() => { throw new Error("thrown out of the blue"); }, 0));
    await writeYaml(it.page, "name: found\n");
    await says(it.page.locator(".objects .code"), "value: found");
    assert.ok(await rendered(it.page));
  });
}
