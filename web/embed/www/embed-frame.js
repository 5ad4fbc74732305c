// The frame for pages of other origins: the query has the element's attributes. With `origin`, that page gets the
// element's events as messages, and may change attributes by messages; nobody else does.

const ATTRIBUTES = ["src", "chart", "version", "values", "theme", "lang", "installable"];
const EVENTS = ["valueschange", "rendered", "error", "install-request"];

const query = new URLSearchParams(location.search);
const preview = document.createElement("chartwright-preview");
const set = (name, value) => {
  if (value === null || value === undefined) preview.removeAttribute(name);
  else if (["string", "number", "boolean"].includes(typeof value)) preview.setAttribute(name, value);
};
for (const name of ATTRIBUTES) set(name, query.get(name));

// An origin as browsers write it; anything else, also `*`, is nobody.
function originOf(text) {
  const url = text && URL.canParse(text) ? new URL(text) : undefined;
  return url?.origin === text && /^https?:$/.test(url.protocol) ? text : undefined;
}

const origin = originOf(query.get("origin"));
if (origin && parent !== window) {
  for (const name of EVENTS) {
    preview.addEventListener(name, ({ detail }) => parent.postMessage({ chartwright: name, detail }, origin));
  }
  addEventListener("message", ({ data, origin: from, source }) => {
    if (source !== parent || from !== origin || !data?.chartwright) return;
    for (const name of ATTRIBUTES) if (name in data) set(name, data[name]);
  });
}
document.body.append(preview);
