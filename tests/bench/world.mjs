// Test data: users with sessions, personas, and conversations with a history.

import postgres from "postgres";
import { v5 as uuidv5, v7 as uuidv7 } from "uuid";

/** Enough users to stay below the limits per user. */
const PEOPLE = 16;
const PERSONAS_EACH = 40;
const CONVERSATIONS_EACH = 40;
/** Conversations with a history, per user. Replies are requested in these. */
const TALKS_EACH = 5;
const HISTORY_MESSAGES = 40;
/** Longer than any run, in seconds. */
const TOKEN_LIFE_S = 6 * 3_600;
/** Users' ids are UUIDv5 of Clerk's in this namespace, as in `edge`. */
export const USERS_NAMESPACE = "6b1f0c4e-5a52-5d1b-9d5c-2f860f6e7c11";
/** The name of personas that the benchmark creates. */
const MADE = "Grace Hopper";

const CARD = {
  name: "Mira",
  description: "A cartographer who has seen every coast but her own. ".repeat(12),
  personality: "dry",
  scenario: "a ship",
  first_mes: "Hello.",
  mes_example: "",
  system_prompt: "",
  post_history_instructions: "",
  tags: [],
  alternate_greetings: [],
  group_only_greetings: [],
  extensions: {},
};

/** The data of a run. Its methods build requests. */
export class World {
  #origin;
  #sql;
  #turn = 0;
  #made = 0;

  static async make({ origin, emulator, database }) {
    const world = new World();
    world.#origin = origin;
    world.#sql = postgres(database, { max: 1, onnotice: () => {} });
    const control = async (path, body) => {
      const answer = await fetch(`${emulator}/_emulator/${path}`, {
        method: body ? "POST" : "GET",
        headers: { "content-type": "application/json" },
        body: body && JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`the Clerk emulator answers ${answer.status} to ${path}: ${await answer.text()}`);
      return answer.json();
    };
    world.publicKey = (await control("keys")).public_pem;
    world.people = [];
    for (let number = 0; number < PEOPLE; number += 1) {
      const email = `bench${number}.${Date.now()}+clerk_test@example.com`;
      const { id: clerkId } = await control("users", { email, first_name: "Ada", last_name: `B${number}` });
      const { session_id, cookies } = await control("sessions", { user_id: clerkId, origin });
      const { jwt } = await control("tokens", { session_id, origin, ttl_s: TOKEN_LIFE_S });
      world.people.push({ id: uuidv5(clerkId, USERS_NAMESPACE), clerkId, token: jwt, cookies: cookieLine(cookies, jwt) });
    }
    await world.fill();
    return world;
  }

  /** Deletes all rows and creates them again with new ids. */
  async fill() {
    const sql = this.#sql;
    await sql`truncate users cascade`;
    for (const { id, clerkId } of this.people) {
      await sql`insert into users (id, clerk_id, display_name) values (${id}, ${clerkId}, 'Ada B')`;
    }
    await sql`insert into personas (id, owner_id, name, tagline, tags)
      select gen_random_uuid(), u.id, 'Persona ' || n, 'says ' || n, array['a', 'b']
      from users u, generate_series(1, ${PERSONAS_EACH}::int) n`;
    await sql`insert into persona_versions (persona_id, version_no, card) select id, 1, ${sql.json(CARD)} from personas`;
    await sql`insert into conversations (id, user_id, persona_id, message_count, preview)
      select gen_random_uuid(), owner_id, id, ${HISTORY_MESSAGES}::int, 'a talk about maps and the sea' from (
        select id, owner_id, row_number() over (partition by owner_id) as n from personas) p
      where n <= ${CONVERSATIONS_EACH}`;
    await this.#history();
    await sql`vacuum analyze`;
  }

  async #history() {
    const sql = this.#sql;
    await sql`with recursive chosen as (
        select id, user_id from (select id, user_id, row_number() over (partition by user_id) as n from conversations) c
        where n <= ${TALKS_EACH}
      ), talk as (
        select id as conversation, user_id, gen_random_uuid() as id, null::uuid as parent, 1 as n from chosen
        union all
        select conversation, user_id, gen_random_uuid(), id, n + 1 from talk where n < ${HISTORY_MESSAGES}
      ), inserted as (
        insert into messages (conversation_id, id, parent_id, user_id, role, content)
        select conversation, id, parent, user_id, case when n % 2 = 1 then 'assistant' else 'user' end,
          'Message number ' || n || ' of a talk about maps and the sea, as long as such messages usually are.'
        from talk
      )
      update conversations c set head_id = t.id from talk t where t.conversation = c.id and t.n = ${HISTORY_MESSAGES}`;
    const rows = await sql`select c.id, c.head_id, c.user_id from conversations c where head_id is not null
      order by row_number() over (partition by c.user_id), c.user_id`;
    const people = new Map(this.people.map((person) => [person.id, person]));
    this.conversations = rows.map(
      (row) => new Conversation(row.id, row.head_id, this.headers(people.get(row.user_id))),
    );
  }

  headers(person) {
    return { host: new URL(this.#origin).host, authorization: `Bearer ${person.token}` };
  }

  /** Users in turn. */
  #next() {
    this.#turn = (this.#turn + 1) % this.people.length;
    return this.people[this.#turn];
  }

  /** `GET /api/dashboard` of the next user. */
  dashboard = () => ({ method: "GET", path: "/api/dashboard", headers: this.headers(this.#next()) });

  /** `POST /api/personas` of the next user. */
  create = () => {
    this.#made += 1;
    return {
      method: "POST",
      path: "/api/personas",
      headers: { ...this.headers(this.#next()), "content-type": "application/json" },
      body: JSON.stringify({
        id: uuidv7(),
        tagline: "finds the bug",
        card: { ...CARD, name: MADE, description: "Wrote the first compiler. ".repeat(16), tags: ["navy", "cobol"] },
      }),
    };
  };

  /** Deletes the personas of `create`. */
  async clear() {
    await this.#sql`delete from personas where name = ${MADE}`;
    await this.#sql`vacuum analyze personas, persona_versions, messages, generations, conversations`;
  }

  async end() {
    await this.#sql.end();
  }
}

class Conversation {
  #id;
  #head;
  #headers;

  constructor(id, head, headers) {
    this.#id = id;
    this.#head = head;
    this.#headers = headers;
  }

  /** A request for a reply, and a callback for its end. */
  ask() {
    const [id, question, answer] = [uuidv7(), uuidv7(), uuidv7()];
    const message = { id: question, content: "Tell me about the weather today, please." };
    const body = { id, kind: "send", after: this.#head, message, reply_id: answer };
    const path = `/api/conversations/${this.#id}/generations`;
    const request = { method: "POST", path, headers: this.#headers, body: JSON.stringify(body) };
    return { request, done: () => (this.#head = answer) };
  }
}

function cookieLine(cookies, token) {
  const pairs = Object.entries(cookies).map(([name, value]) => `${name}=${name.startsWith("__session") ? token : value}`);
  return pairs.join("; ");
}
