import { ChevronDownIcon } from "lucide-react"
import type { ReactNode } from "react"

import { FieldGroup } from "@/components/ui/field"
import type { CardJson } from "@/lib/wire"

import { AvatarField } from "./avatar-field"
import { GreetingPreview } from "./greeting-preview"
import { Macro, MacroHint } from "./macro-hint"
import { TagsField } from "./tags-field"
import { TextField } from "./text-field"

function Section({ title, hint, children }: { title: string; hint: ReactNode; children: ReactNode }) {
  return (
    <section className="grid gap-x-10 gap-y-6 border-b py-8 last:border-b-0 sm:py-10 lg:grid-cols-[13rem_1fr]">
      <div>
        <h2 className="font-semibold tracking-tight">{title}</h2>
        <p className="mt-1 text-sm text-muted-foreground">{hint}</p>
      </div>
      <FieldGroup>{children}</FieldGroup>
    </section>
  )
}

export function IdentitySection({ onUploading }: { onUploading: (isUploading: boolean) => void }) {
  return (
    <Section title="Identity" hint="Name, picture and tags, for lists.">
      <AvatarField onUploading={onUploading} />
      <TextField name="name" label="Name" isRequired placeholder="Mira" />
      <TextField name="tagline" label="Tagline" placeholder="A lighthouse keeper with too many stories" />
      <TagsField />
    </Section>
  )
}

export function CharacterSection() {
  return (
    <Section title="Character" hint={<MacroHint />}>
      <TextField name="description" label="Description" rows={5} placeholder="{{char}} is…" hint="Looks, past, knowledge, goals." />
      <TextField name="personality" label="Personality" rows={2} placeholder="Dry, patient, curious; swears at the weather" hint="A few words." />
      <TextField name="scenario" label="Scenario" rows={2} placeholder="{{user}} seeks shelter from a storm in the lighthouse." hint="Where and how you meet." />
      <TextField
        name="example_dialogue"
        label="Example dialogue"
        rows={5}
        isMonospaced
        placeholder={"<START>\n{{user}}: Is it always this windy?\n{{char}}: *laughs* This? This is a breeze."}
        hint={
          <>
            Shows how the character talks. Begin each example with <Macro>{"<START>"}</Macro>. Examples are the first to be dropped when a conversation
            grows long.
          </>
        }
      />
    </Section>
  )
}

export function OpeningSection({ card }: { card: CardJson }) {
  return (
    <Section title="Opening" hint="The first message of every new conversation. It sets the tone and length of the replies.">
      <TextField name="greeting" label="Greeting" rows={4} placeholder="*opens the door a crack* You picked a fine night for it, {{user}}." />
      <GreetingPreview card={card} />
    </Section>
  )
}

export function AdvancedSection({ isOpen, onOpenChange }: { isOpen: boolean; onOpenChange: (isOpen: boolean) => void }) {
  return (
    <section className="py-8 sm:py-10">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls="advanced"
        onClick={() => onOpenChange(!isOpen)}
        className="flex items-center gap-2 rounded-md font-semibold tracking-tight outline-none focus-visible:ring-[3px] focus-visible:ring-ring/50"
      >
        Advanced
        <ChevronDownIcon aria-hidden className={`size-4 transition-transform ${isOpen ? "rotate-180" : ""}`} />
      </button>
      {/* Hidden instead of unmounted, so that the fields keep their values. */}
      <div id="advanced" hidden={!isOpen} className="mt-6 grid gap-x-10 gap-y-6 lg:grid-cols-[13rem_1fr]">
        <p className="text-sm text-muted-foreground">
          Instructions to the model. Most personas need none. <Macro>{"{{original}}"}</Macro> inserts the default text.
        </p>
        <FieldGroup>
          <TextField name="system_prompt" label="System prompt" rows={4} isMonospaced placeholder="{{original}}" hint="Sent first, before the character." />
          <TextField
            name="post_history_instructions"
            label="Post-history instructions"
            rows={3}
            isMonospaced
            placeholder="{{original}}"
            hint="Sent last, after the conversation, so it has a strong effect."
          />
        </FieldGroup>
      </div>
    </section>
  )
}
