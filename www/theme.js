// Colours the page before its first paint; the page itself comes later.
try {
  const theme = localStorage.getItem("chartwright:theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Without storage the page is coloured as the system is.
}
