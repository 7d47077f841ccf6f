// The landing page's one button: the other theme. The application has the full choice.

const root = document.documentElement
root.dataset.script = ""

document.querySelector("[data-theme-toggle]")?.addEventListener("click", () => {
  const isDark = root.classList.toggle("dark")
  try {
    localStorage.setItem("persona-theme", isDark ? "dark" : "light")
  } catch {
    // Storage is switched off: the choice holds for this page.
  }
})
