// The theme toggle of the landing page. The application has a menu with all themes.

const root = document.documentElement
root.dataset.script = ""

document.querySelector("[data-theme-toggle]")?.addEventListener("click", () => {
  const isDark = root.classList.toggle("dark")
  try {
    localStorage.setItem("persona-theme", isDark ? "dark" : "light")
  } catch {
    // Storage is disabled: the choice applies to this page only.
  }
})
