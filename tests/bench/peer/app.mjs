// The peer: three routes of the product in Hono, @clerk/backend and postgres.js.
//
// It implements `GET /api/dashboard`, `POST /api/personas` and `POST /api/conversations/{id}/generations` on the product's
// schema. Like most such services it does not check for ended sessions, ends a reply with its client, and stores nothing
// while a reply runs. Its statements in sql/ are independent of the product's and change only with the schema.

import { verifyToken } from "@clerk/backend";
import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { HTTPException } from "hono/http-exception";
import { streamSSE } from "hono/streaming";
import postgres from "postgres";
import { v5 as uuidv5 } from "uuid";
import { z } from "zod";

import CONVERSATIONS from "./sql/conversations.sql";
import GENERATION_BEGIN from "./sql/generation_begin.sql";
import GENERATION_END from "./sql/generation_end.sql";
import ME from "./sql/me.sql";
import PERSONA_GET from "./sql/persona_get.sql";
import PERSONA_INSERT from "./sql/persona_insert.sql";
import PERSONAS from "./sql/personas.sql";

/** The limit of messages in a prompt. */
const HISTORY_MESSAGES_MAX = 200;

// As in Cloudflare's guide for Hyperdrive, but with unnamed statements, because the pooler works in transaction mode.
const connect = (env) => postgres(env.DB.connectionString, { max: 5, fetch_types: false, prepare: false });

const text = z.string().default("");
const personaInput = z.object({
  id: z.uuid(),
  tagline: text,
  avatar_id: z.uuid().nullable().default(null),
  card: z.looseObject({
    name: z.string().trim().min(1),
    description: text,
    personality: text,
    scenario: text,
    first_mes: text,
    mes_example: text,
    system_prompt: text,
    post_history_instructions: text,
    tags: z.array(z.string()).default([]),
  }),
});
const generationInput = z.object({
  id: z.uuid(),
  kind: z.literal("send"),
  after: z.uuid().nullable().default(null),
  message: z.object({ id: z.uuid(), content: z.string().min(1).max(20_000) }),
  reply_id: z.uuid(),
});

const authenticate = createMiddleware(async (c, next) => {
  const token = c.req.header("authorization")?.replace(/^Bearer /, "");
  if (!token) throw new HTTPException(401, { message: "unauthenticated" });
  const authorizedParties = c.env.CLERK_AUTHORIZED_PARTIES.split(",");
  try {
    const claims = await verifyToken(token, { jwtKey: c.env.CLERK_JWT_KEY, authorizedParties });
    c.set("clerk", claims.sub);
    c.set("user", uuidv5(claims.sub, c.env.USERS_NAMESPACE));
  } catch {
    throw new HTTPException(401, { message: "unauthenticated" });
  }
  await next();
});

const app = new Hono().use("/api/*", authenticate);

app.get("/api/dashboard", async (c) => {
  const sql = connect(c.env);
  const user = c.get("user");
  try {
    const [[[me]], [[personas]], [[conversations]]] = await Promise.all([
      sql.unsafe(ME, [user, c.get("clerk")]).values(),
      sql.unsafe(PERSONAS, [user, null, null, 100]).values(),
      sql.unsafe(CONVERSATIONS, [user, null, null, 30, null]).values(),
    ]);
    return c.json({
      me: JSON.parse(me),
      personas: JSON.parse(personas),
      conversations: JSON.parse(conversations),
    });
  } finally {
    c.executionCtx.waitUntil(sql.end());
  }
});

app.post("/api/personas", zValidator("json", personaInput), async (c) => {
  const sql = connect(c.env);
  const user = c.get("user");
  const { id, tagline, avatar_id, card } = c.req.valid("json");
  const tags = `{${card.tags.map((tag) => JSON.stringify(tag)).join(",")}}`;
  try {
    const values = [user, c.get("clerk"), id, card.name, tagline, tags, avatar_id, JSON.stringify(card)];
    await sql.unsafe(PERSONA_INSERT, values);
    const [[persona]] = await sql.unsafe(PERSONA_GET, [user, id]).values();
    return c.json(JSON.parse(persona), 201);
  } finally {
    c.executionCtx.waitUntil(sql.end());
  }
});

app.post("/api/conversations/:id/generations", zValidator("json", generationInput), async (c) => {
  const sql = connect(c.env);
  const user = c.get("user");
  const input = c.req.valid("json");
  let upstream;
  try {
    const { id: question, content } = input.message;
    const values = [user, c.req.param("id"), input.id, "send", input.after, question, content, input.reply_id];
    const [begun] = await sql.unsafe(GENERATION_BEGIN, [...values, c.env.MODEL_NAME, HISTORY_MESSAGES_MAX]);
    if (begun?.verdict !== "ok") throw new HTTPException(409, { message: begun?.verdict ?? "missing" });
    upstream = await ask(c.env, messagesOf(begun, content));
  } catch (error) {
    c.executionCtx.waitUntil(sql.end());
    throw error;
  }
  return streamSSE(c, async (stream) => {
    let content = "";
    let seq = 0;
    let status = "interrupted";
    try {
      for await (const delta of deltas(upstream)) {
        content += delta;
        await stream.writeSSE({ id: String(++seq), event: "delta", data: JSON.stringify({ text: delta }) });
      }
      status = "done";
    } finally {
      await sql.unsafe(GENERATION_END, [user, input.id, status, content, seq, null, null, null]);
      c.executionCtx.waitUntil(sql.end());
    }
    const data = JSON.stringify({ status, message_id: input.reply_id, content });
    await stream.writeSSE({ id: String(++seq), event: "end", data });
  });
});

function messagesOf(begun, question) {
  const card = JSON.parse(begun.card);
  const parts = [`You are ${begun.name}.`, card.description, card.personality, card.scenario, card.mes_example];
  return [
    { role: "system", content: parts.filter(Boolean).join("\n\n") },
    ...(JSON.parse(begun.history ?? "[]") ?? []),
    { role: "user", content: question },
  ];
}

async function ask(env, messages) {
  const answer = await fetch(`${env.MODEL_BASE_URL}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${env.MODEL_API_KEY}` },
    body: JSON.stringify({
      model: env.MODEL_NAME,
      stream: true,
      stream_options: { include_usage: true },
      messages,
    }),
  });
  if (!answer.ok || !answer.body) throw new HTTPException(502, { message: "upstream" });
  return answer.body;
}

/** The texts in a stream of chat completion chunks. */
async function* deltas(body) {
  let rest = "";
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (!line.startsWith("data: ")) continue;
      const data = line.slice("data: ".length);
      if (data === "[DONE]") return;
      const delta = JSON.parse(data).choices[0]?.delta?.content;
      if (delta) yield delta;
    }
  }
}

export default app;
