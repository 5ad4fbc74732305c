// A server for what no proper server serves: missing and broken catalogs, another build of the page, none at all.

import { createServer } from "node:http";
import { existsSync, readFileSync, statSync } from "node:fs";
import { extname, join, normalize } from "node:path";

// As `chartwright serve` has it.
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: https:; connect-src 'self'; " +
  "worker-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'self'";

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

// `folders` are searched in order for a path; `files` come first: paths and contents, statuses for numbers, redirects for
// URLs. With `isMoved`, index.html is redirected to `/`. All may be changed while it runs.
export async function serveFiles(folders, files = {}) {
  const own = { isMoved: false };
  const server = createServer((request, response) => {
    // Some hosts have one address for the page.
    if (own.isMoved && request.url === "/index.html") return response.writeHead(308, { location: "/" }).end();
    // As `chartwright serve` says that it has no API.
    if (request.url === "/api/v1alpha1") return response.writeHead(204).end();
    const path = decodeURIComponent(new URL(request.url, "http://any").pathname).slice(1) || "index.html";
    const page = !extname(path) || /^(m|opened)\//.test(path);
    const found = answers(path) ?? (page ? answers("index.html") : undefined) ?? 404;
    const type = TYPES[extname(page && answers(path) === undefined ? "index.html" : path)] ?? "application/octet-stream";
    const head = { "content-type": type, "cache-control": "no-cache", "content-security-policy": POLICY };
    if (found instanceof URL) response.writeHead(302, { location: found.href }).end();
    else if (typeof found === "number") response.writeHead(found, head).end("no\n");
    else response.writeHead(200, head).end(found);
  });
  const answers = (path) => {
    if (path in files) return files[path];
    if (normalize(path).startsWith("..")) return undefined;
    const file = folders.map((folder) => join(folder, path)).find((file) => existsSync(file) && statSync(file).isFile());
    return file && readFileSync(file);
  };
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return Object.assign(own, { address: `http://127.0.0.1:${server.address().port}/`, folders, files, stop });
}

// The files of a catalog as they are below the page.
export function catalogFiles(folder, files = {}) {
  const catalog = JSON.parse(readFileSync(join(folder, "catalog.json"), "utf8"));
  files["catalog/catalog.json"] = readFileSync(join(folder, "catalog.json"));
  for (const module of catalog.modules) {
    const versions = module.versions.flatMap((version) => [version, ...(version.charts ?? [])]);
    for (const url of [module.icon, ...versions.map(({ url }) => url)]) {
      if (url && existsSync(join(folder, url))) files[`catalog/${url}`] = readFileSync(join(folder, url));
    }
  }
  return files;
}
