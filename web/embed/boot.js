// What the element's script ends with: the build puts it behind the glue that wasm-bindgen makes. It defines
// <chartwright-preview>.

const STYLES = [
  "styles/tokens.css", "styles/base.css", "styles/pages.css", "styles/preview.css", "styles/code.css", "styles/form.css",
  "embed.css",
];

// Styles and module, once for all elements. What failed is fetched again by the next element.
let loaded;
function load() {
  loaded ??= Promise.all([styles(), __wbg_init({ module_or_path: new URL("embed.wasm", import.meta.url) })])
    .then(([sheets]) => sheets)
    .catch((error) => {
      loaded = undefined;
      throw error;
    });
  return loaded;
}

function styles() {
  return Promise.all(STYLES.map(async (name) => {
    const url = new URL(name, import.meta.url);
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
    const sheet = new CSSStyleSheet();
    // The size that counts is the element's, not the window's.
    const text = (await response.text()).replaceAll("@media (max-width:", "@container embedded (max-width:");
    await sheet.replace(text.replaceAll(/(\d)d?vh\b/g, "$1cqh"));
    return sheet;
  }));
}

// Why it cannot work here at all, or nothing.
function obstacle() {
  const { origin } = new URL(import.meta.url);
  if (origin !== location.origin) {
    return (
      `The preview comes from ${origin}, and browsers start workers only from a page's own origin (${location.origin}). ` +
      "Serve its files from there, or use the frame: embed.html."
    );
  }
  if (!("adoptedStyleSheets" in Document.prototype) || !("WebAssembly" in globalThis)) {
    return "This browser is too old for the preview: it needs WebAssembly and constructed style sheets.";
  }
}

class ChartwrightPreview extends HTMLElement {
  static observedAttributes = ["src", "chart", "version", "values", "installable"];

  #root = this.attachShadow({ mode: "open" });
  #place;
  #handle;
  #starting = false;
  #changed = false;

  connectedCallback() {
    if (!this.#handle) this.#start();
  }

  // An element that is only moved is connected again before the microtask runs, and keeps what was typed.
  disconnectedCallback() {
    queueMicrotask(() => {
      if (!this.isConnected) this.#stop();
    });
  }

  // Several attributes that change together are one change.
  attributeChangedCallback() {
    if (!this.#handle || this.#changed) return;
    this.#changed = true;
    queueMicrotask(() => {
      this.#changed = false;
      this.#handle?.update(this.#settings());
    });
  }

  async #start() {
    if (this.#starting) return;
    this.#starting = true;
    this.#say("status", "Loading the preview");
    try {
      const why = obstacle();
      if (why) throw new Error(why);
      const sheets = await load();
      // It may have gone meanwhile.
      if (!this.isConnected) return;
      this.#root.adoptedStyleSheets = sheets;
      this.#place = document.createElement("div");
      this.#place.className = "place";
      this.#root.replaceChildren(this.#place);
      this.#handle = mount(this.#place, this.#settings(), (name, detail) => this.#tell(name, detail));
    } catch (error) {
      const message = `The preview cannot be loaded. ${error.message}`;
      this.#say("alert", message);
      this.#tell("error", { message });
    } finally {
      this.#starting = false;
    }
  }

  #stop() {
    this.#handle?.destroy();
    this.#handle = undefined;
    this.#root.replaceChildren();
  }

  #settings() {
    const text = (name) => this.getAttribute(name) ?? "";
    const src = text("src").trim();
    let address = src;
    try {
      if (src) address = new URL(src, this.baseURI).href;
    } catch {
      // What is no address is reported by what fetches it.
    }
    const installable = this.hasAttribute("installable");
    return { src: address, chart: text("chart").trim(), version: text("version").trim(), values: text("values"), installable };
  }

  #say(role, text) {
    const note = document.createElement("p");
    note.setAttribute("role", role);
    note.textContent = text;
    this.#root.replaceChildren(note);
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

if (!customElements.get("chartwright-preview")) customElements.define("chartwright-preview", ChartwrightPreview);
