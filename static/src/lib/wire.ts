// Generated from shared/api/openapi.json by `cargo xtask types`; do not edit.

export type paths = {
    "/api/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Opens a conversation with the persona's greeting
         * @description Idempotent by `id`.
         */
        post: operations["openConversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A conversation with its newest messages, or those before `before` */
        get: operations["getConversation"];
        put?: never;
        post?: never;
        /** Deletes a conversation */
        delete: operations["deleteConversation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/{id}/generations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Starts a reply, streamed as `text/event-stream`
         * @description A repeated POST joins the same reply.
         */
        post: operations["beginGeneration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restores a deleted conversation */
        post: operations["restoreConversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dashboard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The data of the first page */
        get: operations["getDashboard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dashboard/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The next page of conversations */
        get: operations["listConversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dashboard/personas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The next page of personas */
        get: operations["listPersonas"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stores a picture
         * @description The body is the picture. Its type is detected from the content.
         */
        post: operations["uploadFile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/files/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A picture
         * @description It needs no session, because an `<img>` cannot send a token. The id is the secret.
         */
        get: operations["getFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/generations/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Follows a reply from `Last-Event-ID` on, on any device */
        get: operations["followGeneration"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/generations/{id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stops a reply at the seen text
         * @description Stopping an ended reply is not an error.
         */
        post: operations["stopGeneration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The signed-in user */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["getDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/personas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Creates a persona
         * @description Idempotent by `id`. Another user's id is not found.
         */
        post: operations["createPersona"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/personas/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One persona with its card */
        get: operations["getPersona"];
        /** Stores a new version of a persona */
        put: operations["updatePersona"];
        post?: never;
        /**
         * Deletes a persona
         * @description Its conversations stay readable.
         */
        delete: operations["deletePersona"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/personas/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restores a deleted persona */
        post: operations["restorePersona"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
};
export type webhooks = Record<string, never>;
export type components = {
    schemas: {
        /** @description The `data` of a character card V3. Unknown fields at every level, the order of keys and the digits of numbers are preserved. */
        CardJson: {
            /** @description Other first messages. */
            alternate_greetings?: string[];
            /** @description Pictures and other files, by URL. */
            assets?: unknown;
            /** @description A lorebook. */
            character_book?: unknown;
            /** @description For people; never sent to a model. */
            character_version?: string;
            /** @description Seconds since 1970; 0 is unknown. */
            creation_date?: unknown;
            /** @description For people; never sent to a model. */
            creator?: string;
            /** @description For people; never sent to a model. */
            creator_notes?: string;
            /** @description `creator_notes` by language. */
            creator_notes_multilingual?: unknown;
            /** @description The character's description. */
            description?: string;
            /** @description Data of programs, each under its own key. */
            extensions?: {
                [key: string]: unknown;
            };
            /** @description The first message. Macros such as `{{char}}` and `{{user}}` are expanded. */
            first_mes?: string;
            /** @description First messages for groups only. */
            group_only_greetings?: string[];
            /** @description Example exchanges, blocks separated by `<START>`. */
            mes_example?: string;
            /** @description Seconds since 1970; 0 is unknown. */
            modification_date?: unknown;
            /** @description The character's name. `{{char}}` if there is no nickname. */
            name?: string;
            /** @description Replaces the name as `{{char}}`. */
            nickname?: string;
            /** @description The character's personality. */
            personality?: string;
            /** @description Sent after the history; `{{original}}` inserts the default. */
            post_history_instructions?: string;
            /** @description The setting of the conversation. */
            scenario?: string;
            /** @description Where the card comes from. */
            source?: unknown;
            /** @description Replaces the default system prompt; `{{original}}` inserts it. */
            system_prompt?: string;
            /** @description For people; never sent to a model. */
            tags?: string[];
        } & {
            [key: string]: unknown;
        };
        /**
         * @description A conversation with its newest messages.
         *     `GET /api/conversations/{id}` and, for older messages, `?before=<message id>`.
         */
        Conversation: {
            /**
             * Format: date-time
             * @description When it was opened.
             */
            created_at: string;
            /** @description Whether older messages exist: request them with `?before=<id of the first message>`. */
            has_earlier: boolean;
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @description At most 50 messages and 2 MiB of text, but at least one message; oldest first, along the current branch. */
            messages: components["schemas"]["Message"][];
            /** @description The persona, which can be deleted. */
            persona: components["schemas"]["ConversationPersona"];
            /** @description The running reply, if there is one: follow it at `/api/generations/{id}/events`. */
            running: components["schemas"]["RunningGeneration"] | null;
        };
        /** @description The body of `POST /api/conversations`. */
        ConversationInput: {
            /**
             * Format: uuid
             * @description Chosen by the client (UUIDv7), which makes POST idempotent.
             */
            id: string;
            /**
             * Format: uuid
             * @description The persona.
             */
            persona_id: string;
        };
        /** @description A page of conversations. `GET /api/dashboard/conversations?after=<cursor>&persona_id=<id>`. */
        ConversationPage: {
            /** @description Newest message first. */
            items: components["schemas"]["ConversationSummary"][];
            /** @description Pass as `after` for the next page; null on the last one. */
            next: string | null;
        };
        /** @description The persona of a conversation. */
        ConversationPersona: {
            /**
             * Format: uuid
             * @description Readable at `/api/files/<id>`.
             */
            avatar_id: string | null;
            /** @description Whether the persona is deleted. Its conversations are read-only. */
            deleted: boolean;
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @description The name, also of a deleted persona. */
            name: string;
            /** @description One line, possibly empty. */
            tagline: string;
        };
        /** @description A conversation in lists. */
        ConversationSummary: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /**
             * Format: date-time
             * @description The time of the newest message.
             */
            last_message_at: string;
            /** @description The number of messages on all branches. */
            messages: number;
            /** @description The persona. */
            persona: components["schemas"]["ConversationPersona"];
            /** @description The beginning of the newest message, at most 160 characters; empty when there is none. */
            preview: string;
        };
        /** @description `GET /api/dashboard`: the data of the first page. */
        Dashboard: {
            /** @description Conversations, newest message first, at most 30. */
            conversations: components["schemas"]["ConversationPage"];
            /** @description The signed-in user. */
            me: components["schemas"]["Me"];
            /** @description The user's personas, newest change first, at most 100. */
            personas: components["schemas"]["PersonaPage"];
        };
        /** @description `event: delta` of a reply's stream. `id` counts from 1 without gaps. */
        DeltaEvent: {
            /** @description To be appended. */
            text: string;
        };
        /** @description `event: end`, the last event of every stream. Also the response of `/stop`. */
        EndEvent: {
            /** @description The stored text of the message. */
            content: string;
            /**
             * Format: uuid
             * @description The reply's message.
             */
            message_id: string;
            /** @description The status, never `streaming`. */
            status: components["schemas"]["MessageStatus"];
        };
        /** @description An invalid field. */
        FieldError: {
            /**
             * @description The kind of error. Stable.
             * @enum {string}
             */
            code: "required" | "too_long" | "too_many" | "invalid" | "unknown";
            /** @description The field's path in the request, e.g. `tagline` or `card.tags`. */
            field: string;
            /** @description A message for the user. */
            message: string;
        };
        /** @description The body of `POST /api/conversations/{id}/generations`, answered by `text/event-stream`. */
        GenerationInput: {
            /**
             * Format: uuid
             * @description The newest message that the client shows. If it is not the newest stored one: 409 `stale`.
             *     Absent in an empty conversation.
             * @default null
             */
            after?: string | null;
            /**
             * Format: uuid
             * @description Chosen by the client (UUIDv7). A repeated POST joins the same reply.
             */
            id: string;
            /** @description The kind. */
            kind: components["schemas"]["GenerationKind"];
            /**
             * @description `send` only: the user's message.
             * @default null
             */
            message?: components["schemas"]["MessageInput"] | null;
            /**
             * Format: uuid
             * @description The reply's message id (UUIDv7); for `continue` the id of the message to continue.
             */
            reply_id: string;
        };
        /**
         * @description The kind of a reply.
         *
         *     - `send`: Appends the user's message and a reply to it.
         *     - `retry`: Replies to the newest message of the user again, on a new branch.
         *     - `continue`: Continues the newest reply.
         * @enum {string}
         */
        GenerationKind: "send" | "retry" | "continue";
        /** @description The signed-in user. `GET /api/me`. */
        Me: {
            /** @description The primary e-mail address, if there is one. */
            email: string | null;
            /** @description Clerk's id, `user_…`. */
            id: string;
            /** @description The name that personas use, possibly empty. */
            name: string;
            /** @description The URL of the account's picture at Clerk. */
            picture_url: string | null;
        };
        /** @description One message. */
        Message: {
            /** @description Markdown; never HTML. */
            content: string;
            /**
             * Format: date-time
             * @description When it was created.
             */
            created_at: string;
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @description The author. */
            role: components["schemas"]["Role"];
            /** @description The status. */
            status: components["schemas"]["MessageStatus"];
        };
        /** @description A message of the user. */
        MessageInput: {
            /** @description The text, stored unchanged. */
            content: string;
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
        };
        /**
         * @description The status of a message.
         *
         *     - `streaming`: The reply is running: see `Conversation::running`.
         *     - `done`: Complete.
         *     - `stopped`: Stopped by the user. The seen text is kept.
         *     - `interrupted`: Interrupted by a failure. The partial text is kept.
         *     - `refused`: The model declined (`finish_reason: content_filter`).
         * @enum {string}
         */
        MessageStatus: "streaming" | "done" | "stopped" | "interrupted" | "refused";
        /** @description A stored persona. `GET /api/personas/{id}`. */
        Persona: {
            /**
             * Format: uuid
             * @description The picture's file, readable at `/api/files/<id>`.
             */
            avatar_id: string | null;
            /** @description The card, as it was stored. */
            card: components["schemas"]["CardJson"];
            /**
             * Format: date-time
             * @description When it was created.
             */
            created_at: string;
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @description Incremented by every edit. */
            revision: number;
            /** @description One line under the name, possibly empty. */
            tagline: string;
            /**
             * Format: date-time
             * @description When it was last edited.
             */
            updated_at: string;
        };
        /** @description A persona to be stored: the body of `POST /api/personas` and `PUT /api/personas/{id}`. */
        PersonaInput: {
            /**
             * Format: uuid
             * @description A file of the same user.
             * @default null
             */
            avatar_id?: string | null;
            /**
             * @description The card. Only its `name` is required. It replaces the stored card.
             * @default {}
             */
            card?: components["schemas"]["CardJson"];
            /**
             * Format: uuid
             * @description Chosen by the client (UUIDv7), which makes POST idempotent. Ignored by PUT.
             * @default null
             */
            id?: string | null;
            /**
             * @description PUT only: the edited revision. If a newer one is stored: 409 `stale`. Absent: overwrite.
             * @default null
             */
            revision?: number | null;
            /**
             * @description One line under the name; never sent to the model.
             * @default
             */
            tagline?: string;
        };
        /** @description A page of personas. `GET /api/dashboard/personas?after=<cursor>`. */
        PersonaPage: {
            /** @description Newest change first. */
            items: components["schemas"]["PersonaSummary"][];
            /** @description Pass as `after` for the next page; null on the last one. */
            next: string | null;
        };
        /** @description A persona in lists. */
        PersonaSummary: {
            /**
             * Format: uuid
             * @description Readable at `/api/files/<id>`.
             */
            avatar_id: string | null;
            /** @description The number of the user's conversations with it. */
            conversations: number;
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @description The card's name, truncated to `NAME_CHARS_MAX` characters. */
            name: string;
            /** @description One line, possibly empty. */
            tagline: string;
            /** @description The card's tags: lower-case, at most `TAGS_MAX`, each at most `TAG_CHARS_MAX` characters. */
            tags: string[];
            /**
             * Format: date-time
             * @description When it was last edited.
             */
            updated_at: string;
        };
        /** @description An `application/problem+json` body. */
        Problem: {
            /** @description A message for the user. */
            detail: string;
            /** @description All invalid fields. */
            errors?: components["schemas"]["FieldError"][];
            /** @description `urn:uuid:<request id>`, which is also in the log. */
            instance: string;
            /**
             * Format: date-time
             * @description When the rate limit resets.
             */
            resets_at?: string | null;
            /** @description The HTTP status. */
            status: number;
            /** @description The title of the kind. */
            title: string;
            /** @description The kind of the problem. The slug at its end is stable; the texts are not. */
            type: components["schemas"]["ProblemType"];
        };
        /**
         * @description Which kind of problem this is. Stable.
         * @enum {string}
         */
        ProblemType: "urn:persona:problem:unauthenticated" | "urn:persona:problem:not-found" | "urn:persona:problem:method-not-allowed" | "urn:persona:problem:malformed" | "urn:persona:problem:invalid" | "urn:persona:problem:too-large" | "urn:persona:problem:too-slow" | "urn:persona:problem:unsupported-media-type" | "urn:persona:problem:conflict" | "urn:persona:problem:stale" | "urn:persona:problem:busy" | "urn:persona:problem:gone" | "urn:persona:problem:limit-reached" | "urn:persona:problem:too-many" | "urn:persona:problem:unavailable" | "urn:persona:problem:internal" | "urn:persona:problem:model-busy" | "urn:persona:problem:model-rejected" | "urn:persona:problem:model-unavailable" | "urn:persona:problem:model-interrupted" | "urn:persona:problem:reply-too-long";
        /** @description The `data` of the events of a reply's stream, by `event`. `id` counts events from 1. */
        ReplyEvents: {
            /** @description Text to append to the reply. */
            delta: components["schemas"]["DeltaEvent"];
            /** @description The last event. */
            end: components["schemas"]["EndEvent"];
            /** @description A failure. The end follows. */
            error: components["schemas"]["Problem"];
            /** @description Text to append to the model's reasoning. */
            reasoning: components["schemas"]["DeltaEvent"];
        };
        /**
         * @description The author of a message.
         *
         *     - `user`: The user.
         *     - `assistant`: The persona.
         * @enum {string}
         */
        Role: "user" | "assistant";
        /** @description A running reply. */
        RunningGeneration: {
            /**
             * Format: uuid
             * @description For `/api/generations/{id}/events` and `/stop`.
             */
            id: string;
            /**
             * Format: uuid
             * @description Its message.
             */
            message_id: string;
            /**
             * @description The number of the last event in the message's `content`, 0 for none. Send it as `Last-Event-ID` to follow the
             *     reply, and append the deltas.
             */
            seq: number;
        };
        /** @description The body of `POST /api/generations/{id}/stop`. */
        StopInput: {
            /** @description The number of Unicode code points of the message that the reader has seen. The rest is dropped. */
            seen_chars: number;
        };
        /** @description The response of `POST /api/files`, whose body is the picture. */
        StoredFile: {
            /** @description Size in bytes. */
            bytes: number;
            /** @description Pixels. */
            height: number;
            /**
             * Format: uuid
             * @description For `PersonaInput::avatar_id`.
             */
            id: string;
            /**
             * @description `image/png`, `image/jpeg` or `image/webp`, detected from the content.
             * @enum {string}
             */
            mime: "image/png" | "image/jpeg" | "image/webp";
            /** @description `/api/files/<id>`, which needs no session. The file is immutable. */
            url: string;
            /** @description Pixels. */
            width: number;
        };
    };
    responses: {
        /** @description Busy. */
        Busy: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    type?: "urn:persona:problem:busy";
                };
            };
        };
        /** @description Conflict. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    type?: "urn:persona:problem:conflict";
                };
            };
        };
        /** @description Gone. */
        Gone: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 410;
                    /** @enum {unknown} */
                    type?: "urn:persona:problem:gone";
                };
            };
        };
        /** @description Internal error. */
        Internal: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 500;
                    /** @enum {unknown} */
                    type?: "urn:persona:problem:internal";
                };
            };
        };
        /** @description Invalid fields. */
        Invalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 422;
                    /** @enum {unknown} */
                    type?: "urn:persona:problem:invalid";
                };
            };
        };
        /** @description Limit reached. */
        LimitReached: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 402;
                    /** @enum {unknown} */
                    type?: "urn:persona:problem:limit-reached";
                };
            };
        };
        /** @description Malformed request. */
        Malformed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 400;
                    /** @enum {unknown} */
                    type?: "urn:persona:problem:malformed";
                };
            };
        };
        /** @description Not found. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    type?: "urn:persona:problem:not-found";
                };
            };
        };
        /** @description Changed elsewhere. */
        Stale: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    type?: "urn:persona:problem:stale";
                };
            };
        };
        /** @description Too large. */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 413;
                    /** @enum {unknown} */
                    type?: "urn:persona:problem:too-large";
                };
            };
        };
        /** @description Too many requests. */
        TooMany: {
            headers: {
                /** @description Seconds until a retry. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 429;
                    /** @enum {unknown} */
                    type?: "urn:persona:problem:too-many";
                };
            };
        };
        /** @description Request timeout. */
        TooSlow: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 408;
                    /** @enum {unknown} */
                    type?: "urn:persona:problem:too-slow";
                };
            };
        };
        /** @description Not signed in. */
        Unauthenticated: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 401;
                    /** @enum {unknown} */
                    type?: "urn:persona:problem:unauthenticated";
                };
            };
        };
        /** @description Briefly unavailable. */
        Unavailable: {
            headers: {
                /** @description Seconds until a retry. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 503;
                    /** @enum {unknown} */
                    type?: "urn:persona:problem:unavailable";
                };
            };
        };
        /** @description Unsupported media type. */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 415;
                    /** @enum {unknown} */
                    type?: "urn:persona:problem:unsupported-media-type";
                };
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
};
export type CardJson = components['schemas']['CardJson'];
export type Conversation = components['schemas']['Conversation'];
export type ConversationInput = components['schemas']['ConversationInput'];
export type ConversationPage = components['schemas']['ConversationPage'];
export type ConversationPersona = components['schemas']['ConversationPersona'];
export type ConversationSummary = components['schemas']['ConversationSummary'];
export type Dashboard = components['schemas']['Dashboard'];
export type DeltaEvent = components['schemas']['DeltaEvent'];
export type EndEvent = components['schemas']['EndEvent'];
export type FieldError = components['schemas']['FieldError'];
export type GenerationInput = components['schemas']['GenerationInput'];
export type GenerationKind = components['schemas']['GenerationKind'];
export type Me = components['schemas']['Me'];
export type Message = components['schemas']['Message'];
export type MessageInput = components['schemas']['MessageInput'];
export type MessageStatus = components['schemas']['MessageStatus'];
export type Persona = components['schemas']['Persona'];
export type PersonaInput = components['schemas']['PersonaInput'];
export type PersonaPage = components['schemas']['PersonaPage'];
export type PersonaSummary = components['schemas']['PersonaSummary'];
export type Problem = components['schemas']['Problem'];
export type ProblemType = components['schemas']['ProblemType'];
export type ReplyEvents = components['schemas']['ReplyEvents'];
export type Role = components['schemas']['Role'];
export type RunningGeneration = components['schemas']['RunningGeneration'];
export type StopInput = components['schemas']['StopInput'];
export type StoredFile = components['schemas']['StoredFile'];
export type ResponseBusy = components['responses']['Busy'];
export type ResponseConflict = components['responses']['Conflict'];
export type ResponseGone = components['responses']['Gone'];
export type ResponseInternal = components['responses']['Internal'];
export type ResponseInvalid = components['responses']['Invalid'];
export type ResponseLimitReached = components['responses']['LimitReached'];
export type ResponseMalformed = components['responses']['Malformed'];
export type ResponseNotFound = components['responses']['NotFound'];
export type ResponseStale = components['responses']['Stale'];
export type ResponseTooLarge = components['responses']['TooLarge'];
export type ResponseTooMany = components['responses']['TooMany'];
export type ResponseTooSlow = components['responses']['TooSlow'];
export type ResponseUnauthenticated = components['responses']['Unauthenticated'];
export type ResponseUnavailable = components['responses']['Unavailable'];
export type ResponseUnsupportedMediaType = components['responses']['UnsupportedMediaType'];
export type $defs = Record<string, never>;
export interface operations {
    openConversation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConversationInput"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["LimitReached"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["TooSlow"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getConversation: {
        parameters: {
            query?: {
                /** @description Only messages older than this one. */
                before?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteConversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    beginGeneration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GenerationInput"];
            };
        };
        responses: {
            /** @description The events of the reply. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["TooSlow"];
            /** @description Conflict, or: Changed elsewhere, or: Busy. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {unknown} */
                        type?: "urn:persona:problem:conflict" | "urn:persona:problem:stale" | "urn:persona:problem:busy";
                    };
                };
            };
            410: components["responses"]["Gone"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    restoreConversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["LimitReached"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getDashboard: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dashboard"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listConversations: {
        parameters: {
            query?: {
                /** @description The `next` of the previous page. */
                after?: string;
                /** @description Only the conversations with this persona. */
                persona_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationPage"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listPersonas: {
        parameters: {
            query?: {
                /** @description The `next` of the previous page. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonaPage"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    uploadFile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/jpeg": unknown;
                "image/png": unknown;
                "image/webp": unknown;
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredFile"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["LimitReached"];
            408: components["responses"]["TooSlow"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getFile: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the client's copy. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": unknown;
                    "image/png": unknown;
                    "image/webp": unknown;
                };
            };
            /** @description The client's copy is current. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    followGeneration: {
        parameters: {
            query?: never;
            header?: {
                /** @description The number of the last received event. Absent: from the start. */
                "Last-Event-ID"?: number;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events of the reply. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    stopGeneration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StopInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndEvent"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["TooSlow"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getDocument: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the client's copy. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The client's copy is current. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    createPersona: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PersonaInput"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Persona"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["LimitReached"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["TooSlow"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getPersona: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Persona"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    updatePersona: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PersonaInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Persona"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["TooSlow"];
            409: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    deletePersona: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    restorePersona: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Persona"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["LimitReached"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
}

export const PROBLEM_TYPES: readonly ProblemType[] = [
  "urn:persona:problem:unauthenticated",
  "urn:persona:problem:not-found",
  "urn:persona:problem:method-not-allowed",
  "urn:persona:problem:malformed",
  "urn:persona:problem:invalid",
  "urn:persona:problem:too-large",
  "urn:persona:problem:too-slow",
  "urn:persona:problem:unsupported-media-type",
  "urn:persona:problem:conflict",
  "urn:persona:problem:stale",
  "urn:persona:problem:busy",
  "urn:persona:problem:gone",
  "urn:persona:problem:limit-reached",
  "urn:persona:problem:too-many",
  "urn:persona:problem:unavailable",
  "urn:persona:problem:internal",
  "urn:persona:problem:model-busy",
  "urn:persona:problem:model-rejected",
  "urn:persona:problem:model-unavailable",
  "urn:persona:problem:model-interrupted",
  "urn:persona:problem:reply-too-long"
]

export const AVATAR_BYTES_MAX = 5242880

export const AVATAR_SIDE_PX_MAX = 8192

export const CARD_DEPTH_MAX = 64

export const CARD_JSON_BYTES_MAX = 1048576

export const CONVERSATIONS_MAX = 10000

export const DEFINITION_CHARS_MAX = 32000

export const FILES_BYTES_MAX = 209715200

export const GREETING_CHARS_MAX = 8000

export const LORE_ENTRIES_MAX = 3000

export const MESSAGE_CHARS_MAX = 16000

export const NAME_CHARS_MAX = 120

export const PERSONAS_MAX = 5000

export const REPLIES_AT_ONCE_MAX = 32

export const TAGLINE_CHARS_MAX = 160

export const TAGS_MAX = 24

export const TAG_CHARS_MAX = 40

export const UPLOADS_A_DAY_MAX = 100
