// Charts that tests make: archives, honest ones and others.

import { gzipSync } from "node:zlib";

// One file of a tar archive. `kind` 0 is a file, 2 a symbolic link to `link`.
function entry(path, content, { kind = "0", link = "", size } = {}) {
  const body = Buffer.from(content);
  const head = Buffer.alloc(512);
  head.write(path, 0);
  head.write("0000644\0", 100);
  head.write("0000000\0", 108);
  head.write("0000000\0", 116);
  head.write((size ?? body.length).toString(8).padStart(11, "0") + "\0", 124);
  head.write("00000000000\0", 136);
  head.write("        ", 148);
  head.write(kind, 156);
  head.write(link, 157);
  head.write("ustar\0" + "00", 257);
  const sum = head.reduce((sum, byte) => sum + byte, 0);
  head.write(sum.toString(8).padStart(6, "0") + "\0 ", 148);
  const rest = (512 - (body.length % 512)) % 512;
  return Buffer.concat([head, body, Buffer.alloc(rest)]);
}

// An archive of files: paths below the chart's folder and contents. `links` are paths and where they lead.
export function archive(name, files, links = {}) {
  const entries = Object.entries(files).map(([path, content]) => entry(`${name}/${path}`, content));
  for (const [path, link] of Object.entries(links)) entries.push(entry(`${name}/${path}`, "", { kind: "2", link }));
  return gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)]), { level: 9 });
}

// A chart from its templates.
export function chart(name, templates, more = {}) {
  const files = { "Chart.yaml": `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`, "values.yaml": "", ...more };
  for (const [file, text] of Object.entries(templates)) files[`templates/${file}`] = text;
  return archive(name, files);
}

// A ConfigMap with one value.
export const configMap = (name, value) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  value: ${value}\n`;
