import type { ClerkProviderProps } from "@clerk/react"

import google from "./google.svg"

/** Maps the product's design tokens to Clerk's UI, for both themes. */
export const appearance: NonNullable<ClerkProviderProps["appearance"]> = {
  variables: {
    colorPrimary: "var(--primary)",
    colorPrimaryForeground: "var(--primary-foreground)",
    colorBackground: "var(--card)",
    colorForeground: "var(--card-foreground)",
    colorMuted: "var(--muted)",
    colorMutedForeground: "var(--muted-foreground)",
    colorInput: "var(--background)",
    colorInputForeground: "var(--foreground)",
    colorNeutral: "var(--foreground)",
    colorDanger: "var(--destructive)",
    colorRing: "var(--ring)",
    colorModalBackdrop: "rgb(0 0 0 / 0.5)",
    fontFamily: "var(--font-sans)",
    fontSize: "0.875rem",
    borderRadius: "0.625rem",
  },
  // Personas use the first name, so sign-up asks for it.
  options: { logoPlacement: "none", socialButtonsVariant: "blockButton", showOptionalFields: true },
  elements: {
    rootBox: { width: "100%" },
    cardBox: { width: "100%", maxWidth: "26rem", boxShadow: "none", border: "1px solid var(--border)" },
    formButtonPrimary: { "&::after": { display: "none" }, boxShadow: "none", minHeight: "2.5rem" },
    formFieldInput: { minHeight: "2.5rem" },
    socialButtonsBlockButton: { minHeight: "2.5rem" },
    // Clerk's default icon is loaded from another host.
    providerIcon__google: { backgroundImage: `url("${google}")` },
  },
}
