use std::borrow::Cow;

use expect_test::{Expect, expect};

use super::{
    Budget, Character, FIELD_BYTES_MAX, Mode, PartName, Prompt, Turn, TurnRole, assemble, persona_tokens,
};
use crate::{
    card::{Card, field},
    macros::Seeds,
    tokens,
};

mod limits;

const MIRA: Character<'_> = Character {
    name: Cow::Borrowed("Mira Quill"),
    description: Cow::Borrowed("{{char}} keeps the lighthouse at Gull Point."),
    personality: Cow::Borrowed("dry, patient"),
    scenario: Cow::Borrowed("<USER> has come in from the storm."),
    example_dialogue: Cow::Borrowed(
        "<START>\n{{user}}: Lonely?\n{{char}}: Ask the gulls.\n<start>\n{{user}}: Cold?\n{{char}}: Always.",
    ),
    system_prompt: Cow::Borrowed("{{original}} Speak like a sailor."),
    post_history_instructions: Cow::Borrowed("Keep it under three sentences, {{char}}."),
};
const WIDE: Budget = Budget {
    context_tokens: 4_096,
    reply_tokens: 512,
};

fn user(content: &str) -> Turn<'_> {
    Turn {
        role: TurnRole::User,
        content,
    }
}

fn persona(content: &str) -> Turn<'_> {
    Turn {
        role: TurnRole::Assistant,
        content,
    }
}

fn shown(prompt: &Prompt) -> String {
    let messages = prompt
        .messages
        .iter()
        .map(|message| format!("[{:?}]\n{}\n", message.role, message.content));
    let parts = prompt.trace.parts.iter().map(|part| {
        let sent = format!("{:?}: {} tokens in {}", part.part, part.tokens, part.items);
        if part.cut_tokens == 0 {
            sent + "\n"
        } else {
            format!("{sent}, cut {} in {}\n", part.cut_tokens, part.cut_items)
        }
    });
    let trace = &prompt.trace;
    messages.chain(parts).collect::<String>()
        + &format!("{} of {} tokens\n", trace.prompt_tokens, trace.budget_tokens)
}

fn check(prompt: &Prompt, expected: Expect) {
    expected.assert_eq(&shown(prompt));
    assert!(
        prompt.trace.prompt_tokens <= prompt.trace.budget_tokens,
        "within the budget"
    );
}

fn part(prompt: &Prompt, name: PartName) -> (usize, usize) {
    let found = prompt.trace.parts.iter().find(|part| part.part == name);
    found.map_or((0, 0), |part| (part.items, part.cut_items))
}

#[test]
fn parts_are_in_order() {
    let history = [persona("Shut the door, Tan."), user("Who are you? {{char}}?")];
    check(
        &assemble(&MIRA, "Tan", &history, Mode::Reply, WIDE),
        expect![[r#"
        [System]
        You are Mira Quill, in a conversation with Tan. Stay in character: think, speak and act as Mira Quill would, knowing only what Mira Quill knows. Answer Tan's last message directly, in your own words and at a natural length, and keep to what was said before. Write only Mira Quill's next message; never write Tan's words, thoughts or actions. Speak like a sailor.

        Mira Quill keeps the lighthouse at Gull Point.

        Mira Quill's personality: dry, patient

        The scenario: Tan has come in from the storm.

        Examples of how Mira Quill writes. They are not part of this conversation.

        Tan: Lonely?
        Mira Quill: Ask the gulls.

        Tan: Cold?
        Mira Quill: Always.
        [Assistant]
        Shut the door, Tan.
        [User]
        Who are you? {{char}}?
        [System]
        Keep it under three sentences, Mira Quill.
        System: 113 tokens in 1
        Description: 18 tokens in 1
        Personality: 17 tokens in 1
        Scenario: 19 tokens in 1
        Examples: 36 tokens in 2
        History: 26 tokens in 2
        PostHistory: 17 tokens in 1
        254 of 3584 tokens
    "#]],
    );
}

#[test]
fn a_persona_with_only_a_name_gets_the_default_prompt() {
    let bare = Character {
        name: "Bo".into(),
        ..Character::default()
    };
    check(
        &assemble(&bare, " ", &[user("Hi")], Mode::Reply, WIDE),
        expect![[r#"
        [System]
        You are Bo, in a conversation with User. Stay in character: think, speak and act as Bo would, knowing only what Bo knows. Answer User's last message directly, in your own words and at a natural length, and keep to what was said before. Write only Bo's next message; never write User's words, thoughts or actions.
        [User]
        Hi
        System: 99 tokens in 1
        History: 6 tokens in 1
        108 of 3584 tokens
    "#]],
    );
}

#[test]
fn continue_ends_with_an_instruction() {
    let bare = Character {
        name: "Bo".into(),
        system_prompt: "S".into(),
        post_history_instructions: "P".into(),
        ..Character::default()
    };
    let history = [user("Tell me a tale"), persona("Once upon a")];
    check(
        &assemble(&bare, "Tan", &history, Mode::Continue, WIDE),
        expect![[r#"
        [System]
        S
        [User]
        Tell me a tale
        [Assistant]
        Once upon a
        [System]
        P
        [User]
        [Your last message was cut off. Write only what comes next, starting exactly where it stopped. Do not repeat any of it, do not start over and do not mention this note.]
        System: 6 tokens in 1
        History: 17 tokens in 2
        PostHistory: 6 tokens in 1
        Nudge: 57 tokens in 1
        89 of 3584 tokens
    "#]],
    );
}

#[test]
fn blank_messages_are_skipped_and_adjacent_ones_joined() {
    let bare = Character {
        name: "Bo".into(),
        system_prompt: "S".into(),
        ..Character::default()
    };
    let history = [user("one"), persona(" \n"), user("two")];
    check(
        &assemble(&bare, "Tan", &history, Mode::Reply, WIDE),
        expect![[r#"
        [System]
        S
        [User]
        one

        two
        System: 6 tokens in 1
        History: 12 tokens in 2
        17 of 3584 tokens
    "#]],
    );
}

#[test]
fn examples_are_dropped_before_history_and_old_messages_first() {
    let long = "word ".repeat(60);
    let mut history = Vec::new();
    for _ in 0..6 {
        history.extend([user(&long), persona(&long)]);
    }
    history.push(user("newest"));
    let sent = |context_tokens| {
        let budget = Budget {
            context_tokens,
            reply_tokens: 100,
        };
        let prompt = assemble(&MIRA, "Tan", &history, Mode::Reply, budget);
        assert!(
            prompt.trace.prompt_tokens <= prompt.trace.budget_tokens,
            "{}",
            shown(&prompt)
        );
        (
            part(&prompt, PartName::Examples),
            part(&prompt, PartName::History),
        )
    };
    let all: String = (400..1_600)
        .step_by(100)
        .map(|context| format!("{context}: {:?}\n", sent(context)))
        .collect();
    expect![[r#"
        400: ((0, 2), (2, 11))
        500: ((1, 1), (3, 10))
        600: ((2, 0), (4, 9))
        700: ((0, 2), (6, 7))
        800: ((0, 2), (7, 6))
        900: ((1, 1), (8, 5))
        1000: ((2, 0), (9, 4))
        1100: ((0, 2), (11, 2))
        1200: ((0, 2), (12, 1))
        1300: ((1, 1), (13, 0))
        1400: ((2, 0), (13, 0))
        1500: ((2, 0), (13, 0))
    "#]]
    .assert_eq(&all);
}

#[test]
fn the_system_message_does_not_change_during_a_conversation() {
    let dice = Character {
        description: "{{random:a,b,c,d,e,f,g}}{{roll:1000000}}".into(),
        ..MIRA
    };
    let mut history = vec![user("one")];
    let first = assemble(&dice, "Tan", &history, Mode::Reply, WIDE);
    history.extend([persona("two"), user("three")]);
    let second = assemble(&dice, "Tan", &history, Mode::Reply, WIDE);
    assert_eq!(first.messages.first(), second.messages.first());
}

#[test]
fn an_empty_conversation_is_a_system_message() {
    let prompt = assemble(&MIRA, "Tan", &[], Mode::Reply, WIDE);
    assert_eq!(part(&prompt, PartName::History), (0, 0));
    assert_eq!(prompt.messages.len(), 1);
}

#[test]
fn persona_tokens_match_the_prompt() {
    let weight = persona_tokens(&MIRA);
    expect![[r#"
        PersonaTokens {
            fixed: 184,
            prunable: 37,
        }
    "#]]
    .assert_debug_eq(&weight);
    let grown = Character {
        description: "word ".repeat(100).into(),
        ..MIRA
    };
    let more = persona_tokens(&grown).fixed - weight.fixed;
    let expected = tokens::estimate(grown.description.trim())
        - tokens::estimate("Mira Quill keeps the lighthouse at Gull Point.");
    assert_eq!(more, expected);
    assert_eq!(
        persona_tokens(&Character {
            example_dialogue: "".into(),
            ..MIRA
        })
        .prunable,
        0
    );
}

#[test]
fn the_prompt_contains_the_fields_of_a_card() {
    let card = r#"{"nickname":" Mira ","name":"Mira Quill","description":"Keeps\na \"light\".","personality":"dry",
        "scenario":"here","mes_example":"<START>\nA","system_prompt":"S","post_history_instructions":"P",
        "first_mes":"I am {{char}}, {{user}}. {{random:a,b}}","creator_notes":"for people"}"#;
    let card = Card::stored(card).unwrap();
    check(
        &assemble(&Character::of(&card), "Tan", &[user("Hi")], Mode::Reply, WIDE),
        expect![[r#"
            [System]
            S

            Keeps
            a "light".

            Mira's personality: dry

            The scenario: here

            Examples of how Mira writes. They are not part of this conversation.

            A
            [User]
            Hi
            [System]
            P
            System: 6 tokens in 1
            Description: 12 tokens in 1
            Personality: 11 tokens in 1
            Scenario: 11 tokens in 1
            Examples: 6 tokens in 1
            History: 6 tokens in 1
            PostHistory: 6 tokens in 1
            68 of 3584 tokens
        "#]],
    );
    let greeting = |bytes_max| super::greeting(&card, "Tan", Seeds::default(), bytes_max);
    assert_eq!(greeting(14), "I am Mira, Tan");
    assert!(greeting(100).starts_with("I am Mira, Tan. "));
}

#[test]
fn the_expansion_of_macros_is_limited() {
    let mut card = Card::stored("{}").unwrap();
    card.set(field::NAME, &"🗼".repeat(1_000).into());
    card.set(field::DESCRIPTION, &"<bot>".repeat(200_000).into());
    assert_eq!(card.char_name().chars().count(), 120);
    let character = Character::of(&card);
    assert!(character.description.len() <= FIELD_BYTES_MAX);
    let prompt = assemble(&character, "Tan", &[user("Hi")], Mode::Reply, WIDE);
    assert!(prompt.trace.prompt_tokens <= prompt.trace.budget_tokens);
}
