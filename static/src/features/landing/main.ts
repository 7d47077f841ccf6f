import "./session-hint"
import "./theme-toggle"
