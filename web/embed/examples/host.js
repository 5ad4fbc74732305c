const preview = document.querySelector("chartwright-preview");
const state = document.querySelector("#state");

preview.addEventListener("rendered", ({ detail }) => {
  state.textContent = `${detail.objects} objects, ${detail.problems} problems`;
});
preview.addEventListener("error", ({ detail }) => {
  state.textContent = detail.message;
});
preview.addEventListener("install-request", ({ detail }) => {
  // Send detail.chart, detail.version and detail.values to what installs.
  state.textContent = `Installing ${detail.chart} ${detail.version}`;
});
