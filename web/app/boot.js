// Starts the page; where a browser cannot, it says so instead of staying empty.
__wbg_init({ module_or_path: new URL("app.wasm", import.meta.url) }).catch((error) => {
  const main = document.querySelector("main");
  if (!main) return;
  const line = document.createElement("p");
  line.className = "trouble";
  line.textContent = `The page could not start: ${error}. Reload it, or use a browser of the last two years.`;
  main.replaceChildren(line);
});
