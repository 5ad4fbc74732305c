// Every sample module: what the page shows, copies and downloads are the bytes that the native program prints.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { fixed, test } from "./harness.mjs";
import { render, template } from "./native.mjs";
import { copied, downloaded, openModule, rendered, says, shownText, writeYaml } from "./view.mjs";

// Values for each module that change what it deploys.
const TYPED = {
  broken: "name: typed\n",
  datashare: "datasharebackend:\n  config:\n    KEEP_DAYS: \"7\"\n",
  gateway: "logLevel: debug # loud\nreplicas:\n  min: 2\n  max: 4\n",
  marketplace: "portal:\n  replicas: 5\n",
  notebook: "teams: [one, two, three]\n",
  sensors: "store:\n  size: 21Gi\n",
  webshop: "webshopfrontend:\n  replicas: 5\n",
  wiki: "site:\n  title: Ünïcode “wiki”\n",
};

export default function register(setting) {
  const catalog = JSON.parse(readFileSync(join(setting.catalog, "catalog.json"), "utf8"));
  for (const module of catalog.modules) {
    for (const version of module.versions) {
      const file = join(setting.catalog, version.url);
      const isChart = version.kind === "chart";
      const native = (values) => (isChart ? template(setting, module.id, file, values) : render(setting, file, values));
      test(`sample ${module.id} ${version.version} has the native bytes`, async (it) => {
        if (isChart) await fixed(it.page);
        await openModule(it, `m/${module.id}/${version.version}`);
        const typed = TYPED[module.id];
        assert.ok(typed, "there are values for each sample");
        const before = module.example ? "" : native("");
        if (!module.example) assert.equal(await copied(it.page, "Share", "Copy all manifests"), before);
        await writeYaml(it.page, typed);
        await says(it.page.locator("footer.status"), /\d change/);
        assert.ok(await rendered(it.page), "it renders with the values");
        const wanted = native(typed);
        assert.notEqual(wanted, before, "the values change something");
        assert.equal(await copied(it.page, "Share", "Copy all manifests"), wanted);
        const { name, bytes } = await downloaded(it.page, "Share", "Download manifests");
        assert.match(name, /-manifests\.yaml$/);
        // What to know of them stands first.
        assert.equal(bytes.toString().replace(/^(?:# (?:There are two levels|The platform's token).*\n)*/, ""), wanted);
        // Each object as it stands on the page is a part of what is printed.
        if (!isChart) await it.page.getByRole("group", { name: "Objects" }).getByRole("button", { name: "All" }).click();
        const shown = await shownText(it.page);
        const lines = new Set(wanted.split("\n"));
        const odd = shown.split("\n").filter((line) => !lines.has(line));
        assert.deepEqual(odd, []);
        assert.equal(shown.split("\nkind: ").length, wanted.split("\nkind: ").length, "as many kinds");
      });
    }
  }
}
