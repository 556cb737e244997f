// Runs before the first paint, so that a reload does not flash in the wrong scheme.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("weir-color-scheme");
  } catch {
    // Storage may be blocked; the system's scheme then applies.
  }
  const systemIsDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const scheme = chosen === "light" || chosen === "dark" ? chosen : systemIsDark ? "dark" : "light";
  document.documentElement.setAttribute("data-mantine-color-scheme", scheme);
})();
