// Runs before the first paint, so that no page flashes in the wrong theme, and follows the device and other tabs from
// then on, which on the landing page nothing else does.
// A classic script of its own because the page's security policy forbids inline ones.
;(function () {
  var device = matchMedia("(prefers-color-scheme: dark)")
  function apply() {
    var choice = null
    try {
      choice = localStorage.getItem("persona-theme")
    } catch (_) {
      // Storage may be switched off: the system's choice stands.
    }
    var dark = choice === "dark" || (choice !== "light" && device.matches)
    document.documentElement.classList.toggle("dark", dark)
  }
  apply()
  device.addEventListener("change", apply)
  addEventListener("storage", apply)
})()
