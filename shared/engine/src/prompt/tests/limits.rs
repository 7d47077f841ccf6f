use super::{MIRA, WIDE, part, persona, shown, user};
use crate::prompt::{Budget, Character, Mode, PartName, PromptRole, assemble};

#[test]
fn a_large_persona_is_cut_and_the_question_is_not() {
    let huge = "lore ".repeat(6_000);
    let character = Character {
        description: huge.into(),
        personality: "dry".into(),
        ..MIRA
    };
    let prompt = assemble(
        &character,
        "Tan",
        &[persona("Hi"), user("What now?")],
        Mode::Reply,
        WIDE,
    );
    assert!(prompt.trace.prompt_tokens <= prompt.trace.budget_tokens);
    assert!(
        prompt.trace.prompt_tokens > prompt.trace.budget_tokens - 20,
        "the budget is used"
    );
    assert_eq!(
        prompt.messages.last().map(|message| message.role),
        Some(PromptRole::System),
        "post-history"
    );
    assert!(
        prompt
            .messages
            .iter()
            .any(|message| message.content == "What now?")
    );
    assert_eq!(part(&prompt, PartName::Description), (1, 0));
    assert_eq!(part(&prompt, PartName::Personality), (0, 1));
    assert_eq!(part(&prompt, PartName::History), (1, 1));
}

#[test]
fn a_large_question_is_cut_in_the_middle_and_the_persona_is_not() {
    let paste = format!("FIRST {}LAST", "word ".repeat(9_000));
    let prompt = assemble(&MIRA, "Tan", &[user(&paste)], Mode::Reply, WIDE);
    assert!(prompt.trace.prompt_tokens <= prompt.trace.budget_tokens);
    let sent = prompt
        .messages
        .iter()
        .find(|message| message.role == PromptRole::User)
        .expect("the question");
    assert!(sent.content.starts_with("FIRST word") && sent.content.ends_with("word LAST"));
    assert!(sent.content.contains("\n[…]\n"));
    let top = &prompt.messages.first().expect("a system message").content;
    assert!(top.contains("Speak like a sailor.") && top.contains("has come in from the storm"));
}

#[test]
fn a_large_reply_is_continued_from_its_end() {
    let (question, partial) = ("q ".repeat(9_000), format!("{}THE END", "word ".repeat(9_000)));
    let history = [user(&question), persona(&partial)];
    let prompt = assemble(&MIRA, "Tan", &history, Mode::Continue, WIDE);
    assert!(prompt.trace.prompt_tokens <= prompt.trace.budget_tokens);
    let roles: Vec<PromptRole> = prompt.messages.iter().map(|message| message.role).collect();
    assert_eq!(
        roles,
        [
            PromptRole::System,
            PromptRole::User,
            PromptRole::Assistant,
            PromptRole::System,
            PromptRole::User
        ]
    );
    assert!(
        prompt
            .messages
            .iter()
            .any(|message| message.content.ends_with("word THE END"))
    );
}

#[test]
fn every_budget_is_respected_and_includes_the_newest_message() {
    let words = "Some words, then more of them: 12345! ".repeat(40);
    let character = Character {
        description: words.as_str().into(),
        ..MIRA
    };
    let history = [user(&words), persona(&words), user(&words)];
    for context_tokens in (0..3_000).step_by(37) {
        let budget = Budget {
            context_tokens,
            reply_tokens: 64,
        };
        let prompt = assemble(&character, "Tan", &history, Mode::Reply, budget);
        assert!(
            prompt.trace.prompt_tokens <= prompt.trace.budget_tokens,
            "{context_tokens}: {}",
            shown(&prompt)
        );
        assert!(
            prompt
                .messages
                .iter()
                .any(|message| message.role == PromptRole::User),
            "{context_tokens}"
        );
    }
}
