// Runs before the first paint, so that no page flashes in the wrong theme.
// A classic script of its own because the page's security policy forbids inline ones.
;(function () {
  var choice = null
  try {
    choice = localStorage.getItem("persona-theme")
  } catch (_) {
    // Storage may be switched off: the system's choice stands.
  }
  var dark =
    choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches)
  document.documentElement.classList.toggle("dark", dark)
})()
