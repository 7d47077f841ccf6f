// Generated from shared/api by its test; do not edit.

export type Problem = {
  /** `urn:persona:problem:<slug>`. Slugs are the contract; the texts are not. */
  type: string
  /** What kind of thing went wrong, the same for every occurrence. */
  title: string
  /** The HTTP status, repeated for readers that only see the body. */
  status: number
  /** A sentence for the person in front of the screen. */
  detail: string
  /** `urn:uuid:<request id>`, the same id as in the log. */
  instance: string
  /** What is wrong with which field, all at once. */
  errors?: Array<FieldError>
  /** When the same request may pass, where a limit resets by time. */
  resets_at?: string
}

export type FieldError = {
  /** The field's name as it stands in the JSON sent, e.g. `name` or `tags.3`. */
  field: string
  /** Stable: `required`, `too_long`, `too_many`, `invalid`, `unknown`. */
  code: string
  /** A sentence for the person in front of the screen. */
  message: string
}

export type Me = {
  /** Clerk's id, `user_…`. */
  id: string
  /** What personas call this person; empty until known. */
  name: string
  /** The primary e-mail address, where there is one. */
  email: string | null
  /** The account's picture, as Clerk serves it. */
  picture_url: string | null
}

export type Dashboard = {
  /** Who is signed in. */
  me: Me
  /** The person's personas, newest change first, at most 100. */
  personas: PersonaPage
  /** Conversations, newest message first, at most 30. */
  conversations: ConversationPage
}

export type PersonaPage = {
  /** Newest change first. */
  items: Array<PersonaSummary>
  /** Pass as `after` for the next page; absent on the last one. */
  next: string | null
}

export type ConversationPage = {
  /** Newest message first. */
  items: Array<ConversationSummary>
  /** Pass as `after` for the next page; absent on the last one. */
  next: string | null
}

export type StoredFile = {
  /** Goes into [`PersonaInput::avatar_id`]. */
  id: string
  /** Where anyone who knows it may read it: `/api/files/<id>`, immutable. */
  url: string
  /** `image/png`, `image/jpeg` or `image/webp`, by content. */
  mime: string
  /** Size in bytes. */
  bytes: number
  /** Pixels. */
  width: number
  /** Pixels. */
  height: number
}

export type PersonaInput = {
  /** Chosen by the client (UUIDv7), so that a repeated POST is the same POST. Ignored by PUT. */
  id?: string
  /** PUT only: the revision that was edited. A newer one is stored: 409 `stale`. Absent: overwrite. */
  revision?: number
  /** The only required field. */
  name: string
  /** One line under the name; never sent to the model. */
  tagline: string
  /** Who the persona is. */
  description: string
  /** How the persona is. */
  personality: string
  /** Where the conversation takes place. */
  scenario: string
  /** The persona's first message; `{{char}}` and `{{user}}` are filled in. */
  greeting: string
  /** Example exchanges, blocks separated by `<START>`. */
  example_dialogue: string
  /** Replaces the product's system prompt; `{{original}}` inserts it. */
  system_prompt: string
  /** Sent after the history; `{{original}}` inserts the product's own. */
  post_history_instructions: string
  /** Lower-cased and trimmed when accepted; repeated ones are dropped. */
  tags: Array<string>
  /** A file that this person uploaded. */
  avatar_id: string | null
}

export type Persona = {
  /** UUIDv7. */
  id: string
  /** Goes up by one with every edit. */
  revision: number
  /** See [`PersonaInput`] for the texts. */
  name: string
  /** See [`PersonaInput`]. */
  tagline: string
  /** See [`PersonaInput`]. */
  description: string
  /** See [`PersonaInput`]. */
  personality: string
  /** See [`PersonaInput`]. */
  scenario: string
  /** See [`PersonaInput`]. */
  greeting: string
  /** See [`PersonaInput`]. */
  example_dialogue: string
  /** See [`PersonaInput`]. */
  system_prompt: string
  /** See [`PersonaInput`]. */
  post_history_instructions: string
  /** See [`PersonaInput`]. */
  tags: Array<string>
  /** The picture's file, readable at `/api/files/<id>`. */
  avatar_id: string | null
  /** When it was made. */
  created_at: string
  /** When it was last edited. */
  updated_at: string
}

export type PersonaSummary = {
  /** UUIDv7. */
  id: string
  /** The name. */
  name: string
  /** One line, possibly empty. */
  tagline: string
  /** Lower-case tags. */
  tags: Array<string>
  /** Readable at `/api/files/<id>`. */
  avatar_id: string | null
  /** How many conversations this person has with it. */
  conversations: number
  /** When it was last edited. */
  updated_at: string
}

export type ConversationInput = {
  /** Chosen by the client (UUIDv7), so that a repeated POST is the same POST. */
  id: string
  /** Whom to talk to. */
  persona_id: string
}

export type Conversation = {
  /** UUIDv7. */
  id: string
  /** Whom it is with. The conversation outlives the persona. */
  persona: ConversationPersona
  /** When it was opened. */
  created_at: string
  /** At most 50, oldest first, along the shown branch. */
  messages: Array<Message>
  /** Whether older messages exist: ask with `?before=<id of the first message here>`. */
  has_earlier: boolean
  /** The reply being written right now, if any: follow it at `/api/generations/{id}/events`. */
  running: RunningGeneration | null
}

export type ConversationPersona = {
  /** UUIDv7. */
  id: string
  /** The name, also of a deleted persona. */
  name: string
  /** One line, possibly empty. */
  tagline: string
  /** Readable at `/api/files/<id>`. */
  avatar_id: string | null
  /** A deleted persona can be read, not talked to. */
  deleted: boolean
}

export type ConversationSummary = {
  /** UUIDv7. */
  id: string
  /** Whom it is with. */
  persona: ConversationPersona
  /** The beginning of the newest message, at most 160 characters; empty when there is none. */
  preview: string
  /** Messages on every branch. */
  messages: number
  /** When somebody last spoke. */
  last_message_at: string
}

export type Role = "user" | "assistant"

export type MessageStatus = "streaming" | "done" | "stopped" | "interrupted" | "refused"

export type Message = {
  /** UUIDv7. */
  id: string
  /** Who speaks. */
  role: Role
  /** How it stands. */
  status: MessageStatus
  /** Markdown; never HTML. */
  content: string
  /** When it was begun. */
  created_at: string
}

export type RunningGeneration = {
  /** For `/api/generations/{id}/events` and `/stop`. */
  id: string
  /** The message it is writing. */
  message_id: string
}

export type GenerationKind = "send" | "retry" | "continue"

export type GenerationInput = {
  /** Chosen by the client (UUIDv7): a repeated POST joins the same reply. */
  id: string
  /** What to do. */
  kind: GenerationKind
  /**
   * The newest message that the client shows; another one is stored: 409 `stale`.
   * Absent in a conversation with no message.
   */
  after: string | null
  /** `send` only: the person's message. */
  message?: MessageInput
  /** The reply's message id (UUIDv7); for `continue` the id of the message to write on. */
  reply_id: string
}

export type MessageInput = {
  /** UUIDv7. */
  id: string
  /** What was typed, kept as it is. */
  content: string
}

export type StopInput = {
  /** How much of the message the reader had seen, in Unicode code points, from its beginning: the rest is dropped. */
  seen_chars: number
}

export type DeltaEvent = {
  /** Goes behind what is there. */
  text: string
}

export type EndEvent = {
  /** How the reply ended; never `streaming`. */
  status: MessageStatus
  /** The message that was written. */
  message_id: string
  /** The whole text of the message as stored. */
  content: string
}

export const NAME_CHARS_MAX = 120
export const TAGLINE_CHARS_MAX = 160
export const DEFINITION_CHARS_MAX = 32000
export const GREETING_CHARS_MAX = 8000
export const TAGS_MAX = 24
export const TAG_CHARS_MAX = 40
export const MESSAGE_CHARS_MAX = 16000
export const AVATAR_BYTES_MAX = 5242880
export const AVATAR_SIDE_PX_MAX = 8192
