// A form for each operation of openapi.json.
const get = (id) => document.getElementById(id);
const operations = [];
let api;
let stream;

const DESCRIPTOR = `apiVersion: chartwright.dev/v1alpha1
kind: HelmChartDescriptor
metadata: {name: shop, namespace: shop}
spec:
  module: {version: 1.0.0}
  template: {chart: modulebase, sourceRef: {kind: GitRepository, name: basecharts, namespace: marketplace}}
  components:
    - name: web
      values: {image: {name: web, tag: 1.0.0}}
`;
const FILE = { name: "shop.yaml", text: DESCRIPTOR };
const ENGINE = "chartwright.dev/engine/v1alpha1";
const EXAMPLES = {
  createDescriptor: { text: DESCRIPTOR },
  replaceDescriptor: { text: DESCRIPTOR },
  rollback: { generation: 1 },
  check: { apiVersion: ENGINE, descriptors: [FILE] },
  expand: { apiVersion: ENGINE, descriptor: FILE, want: { archive: false, files: true } },
  preview: { apiVersion: ENGINE, subject: { descriptor: FILE } },
  previewStored: {},
  difference: { descriptor: FILE },
};

function show() {
  const { id, about, parameters, hasBody } = operations[get("operation").selectedIndex];
  get("about").textContent = about;
  const fields = get("fields");
  fields.replaceChildren(fields.querySelector("legend"));
  fields.hidden = parameters.length === 0;
  for (const parameter of parameters) {
    const label = document.createElement("label");
    label.append(`${parameter.name}${parameter.required ? "" : " (optional)"}`);
    const input = document.createElement("input");
    input.required = Boolean(parameter.required);
    input.dataset.place = parameter.in;
    input.name = parameter.name;
    label.append(input);
    if (parameter.description) {
      const about = document.createElement("small");
      about.textContent = parameter.description;
      label.append(about);
    }
    fields.append(label);
  }
  get("with-body").hidden = !hasBody;
  get("body").value = hasBody ? JSON.stringify(EXAMPLES[id] ?? {}, null, 2) : "";
}

async function send(event) {
  event.preventDefault();
  stream?.abort();
  stream = new AbortController();
  const { path, method, hasBody } = operations[get("operation").selectedIndex];
  let address = path;
  const query = new URLSearchParams();
  const headers = {};
  for (const input of get("fields").querySelectorAll("input")) {
    if (input.dataset.place === "path") address = address.replace(`{${input.name}}`, encodeURIComponent(input.value));
    else if (input.value === "") continue;
    else if (input.dataset.place === "query") query.set(input.name, input.value);
    else headers[input.name] = input.value;
  }
  if (query.size > 0) address += `?${query}`;
  if (hasBody) headers["Content-Type"] = "application/json";
  if (get("token").value !== "") headers.Authorization = `Bearer ${get("token").value}`;
  const answer = get("answer");
  answer.textContent = "";
  get("headers").textContent = "";
  get("status").textContent = `${method} ${address} …`;
  const started = performance.now();
  try {
    const body = hasBody ? get("body").value : undefined;
    const response = await fetch(address, { method, headers, body, signal: stream.signal });
    const time = Math.round(performance.now() - started);
    get("status").textContent = `${response.status} ${response.statusText}, ${time} ms`;
    get("headers").textContent = [...response.headers].map((header) => header.join(": ")).join("\n");
    const type = response.headers.get("content-type") ?? "";
    if (type.startsWith("text/event-stream")) {
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) answer.append(part.value);
    } else {
      const text = await response.text();
      answer.textContent = type.includes("json") ? JSON.stringify(JSON.parse(text), null, 2) : text;
    }
  } catch (error) {
    if (error.name !== "AbortError") get("status").textContent = String(error);
  }
}

async function start() {
  api = await (await fetch("openapi.json")).json();
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      operations.push({
        id: operation.operationId,
        path,
        method: method.toUpperCase(),
        about: operation.summary ?? operation.description ?? "",
        parameters: operation.parameters ?? [],
        hasBody: "requestBody" in operation,
      });
      get("operation").append(new Option(`${method.toUpperCase()} ${path}`));
    }
  }
  get("operation").addEventListener("change", show);
  get("request").addEventListener("submit", send);
  show();
}

start();
