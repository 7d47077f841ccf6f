import type { ClerkProviderProps } from "@clerk/react"

import google from "./google.svg"

/** Clerk's prebuilt pages in the product's own tokens; light and dark follow the page by themselves. */
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
  // A persona greets people by name, so sign-up offers to give one.
  options: { logoPlacement: "none", socialButtonsVariant: "blockButton", showOptionalFields: true },
  elements: {
    rootBox: { width: "100%" },
    cardBox: { width: "100%", maxWidth: "26rem", boxShadow: "none", border: "1px solid var(--border)" },
    formButtonPrimary: { "&::after": { display: "none" }, boxShadow: "none", minHeight: "2.5rem" },
    formFieldInput: { minHeight: "2.5rem" },
    socialButtonsBlockButton: { minHeight: "2.5rem" },
    // Clerk's own picture of it comes from another host; signing in should need no more hosts than it must.
    providerIcon__google: { backgroundImage: `url("${google}")` },
  },
}
