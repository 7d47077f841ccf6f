// Applies the theme before the first paint, and follows changes of the device and of other tabs.
// An external classic script, because the content security policy forbids inline scripts.
;(function () {
  var device = matchMedia("(prefers-color-scheme: dark)")
  function apply() {
    var choice = null
    try {
      choice = localStorage.getItem("persona-theme")
    } catch (_) {
      // Storage is disabled: use the system's theme.
    }
    var dark = choice === "dark" || (choice !== "light" && device.matches)
    document.documentElement.classList.toggle("dark", dark)
  }
  apply()
  device.addEventListener("change", apply)
  addEventListener("storage", apply)
})()
