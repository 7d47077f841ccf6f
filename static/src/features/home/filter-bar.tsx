import { SearchIcon, XIcon } from "lucide-react"

import { Button } from "@/components/ui/button"
import { Input } from "@/components/ui/input"
import { cn } from "@/lib/utils"

import type { Filter } from "./filter"

export function FilterBar({
  filter,
  onChange,
  tags,
}: {
  filter: Filter
  onChange: (filter: Filter) => void
  tags: string[]
}) {
  return (
    <search className="mt-8 flex flex-col gap-3 lg:flex-row lg:items-center">
      <div className="relative w-full lg:max-w-xs">
        <SearchIcon
          aria-hidden
          className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted-foreground"
        />
        <Input
          type="search"
          aria-label="Search by name, tag or words"
          placeholder="Search"
          value={filter.text}
          onChange={(event) => onChange({ ...filter, text: event.target.value })}
          className="h-10 bg-card pr-9 pl-9 [&::-webkit-search-cancel-button]:hidden"
        />
        {filter.text && (
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label="Clear the search"
            onClick={() => onChange({ ...filter, text: "" })}
            className="absolute top-1/2 right-1 -translate-y-1/2"
          >
            <XIcon />
          </Button>
        )}
      </div>
      {tags.length > 0 && (
        <div role="group" aria-label="Filter by tag" className="-mx-1 flex flex-wrap gap-1.5 px-1">
          {tags.map((tag) => {
            const isOn = filter.tag === tag
            return (
              <button
                key={tag}
                type="button"
                aria-pressed={isOn}
                onClick={() => onChange({ ...filter, tag: isOn ? null : tag })}
                className={cn(
                  "max-w-48 truncate rounded-full border px-3 py-1.5 text-[0.8125rem] leading-none transition-colors outline-none focus-visible:ring-[3px] focus-visible:ring-ring/50",
                  isOn
                    ? "border-primary bg-primary text-primary-foreground"
                    : "bg-card text-muted-foreground hover:border-input hover:text-foreground",
                )}
              >
                {tag}
              </button>
            )
          })}
        </div>
      )}
    </search>
  )
}
