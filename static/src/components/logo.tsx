import { cn } from "@/lib/utils"

/** The product's mark: a mask with two halves. */
export function LogoMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" fill="none" aria-hidden className={cn("size-7", className)}>
      <path d="M16 3c7.2 0 12 4.6 12 11.4C28 22.6 22.8 29 16 29V3Z" className="fill-primary" />
      <path d="M16 3C8.800 3 4 7.600 4 14.400 4 22.600 9.200 29 16 29V3Z" className="fill-primary/35" />
      <path d="M7.600 14.600c1.100-1.500 3.700-1.500 4.800 0" className="stroke-foreground" strokeWidth="2" strokeLinecap="round" />
      <path d="M19.600 14.600c1.100-1.500 3.700-1.500 4.800 0" className="stroke-primary-foreground" strokeWidth="2" strokeLinecap="round" />
      <path d="M16 22.600c2.100 0 3.700-.8 4.800-2.100" className="stroke-primary-foreground" strokeWidth="2" strokeLinecap="round" />
      <path d="M16 22.600c-2.100 0-3.700-.8-4.800-2.100" className="stroke-foreground" strokeWidth="2" strokeLinecap="round" />
    </svg>
  )
}

/** The mark with the product's name. */
export function Logo({ className }: { className?: string }) {
  return (
    <span className={cn("inline-flex items-center gap-2 text-lg font-semibold tracking-tight", className)}>
      <LogoMark />
      Persona
    </span>
  )
}
