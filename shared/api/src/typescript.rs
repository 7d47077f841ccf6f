//! Writes `static/src/lib/wire.ts`. The test fails when the file and the types differ;
//! `UPDATE_EXPECT=1 cargo test -p persona-api` writes it anew.

use ts_rs::TS;

use crate::{limits, *};

#[test]
fn the_typescript_types_are_those_of_this_crate() {
    let mut out = String::from("// Generated from shared/api by its test; do not edit.\n");
    macro_rules! types {
        ($($name:ty),* $(,)?) => { $( out.push_str(&declaration(&<$name as TS>::decl())); )* };
    }
    types![
        Problem,
        FieldError,
        Me,
        Dashboard,
        PersonaPage,
        ConversationPage,
        StoredFile,
        PersonaInput,
        Persona,
        PersonaSummary,
        ConversationInput,
        Conversation,
        ConversationPersona,
        ConversationSummary,
        Role,
        MessageStatus,
        Message,
        RunningGeneration,
        GenerationKind,
        GenerationInput,
        MessageInput,
        StopInput,
        DeltaEvent,
        EndEvent,
    ];
    out.push('\n');
    macro_rules! limits {
        ($($name:ident),* $(,)?) => { $( out.push_str(&format!("export const {} = {}\n", stringify!($name), limits::$name)); )* };
    }
    limits![
        NAME_CHARS_MAX,
        TAGLINE_CHARS_MAX,
        DEFINITION_CHARS_MAX,
        GREETING_CHARS_MAX,
        TAGS_MAX,
        TAG_CHARS_MAX,
        MESSAGE_CHARS_MAX,
        AVATAR_BYTES_MAX,
        AVATAR_SIDE_PX_MAX,
    ];
    expect_test::expect_file!["../../../static/src/lib/wire.ts"].assert_eq(&out);
}

/// One declaration as a person would lay it out: a field a line, its comment above it.
fn declaration(generated: &str) -> String {
    let mut out = String::from("\nexport ");
    let mut comment: Option<Vec<String>> = None;
    for line in generated.lines().map(str::trim) {
        match (&mut comment, line) {
            (None, "/**") => comment = Some(Vec::new()),
            (Some(lines), "*/") => {
                out.push_str(&documentation(lines));
                comment = None;
            }
            (Some(lines), text) => lines.push(text.trim_start_matches('*').trim().replace("crate::", "")),
            (None, code) if code.starts_with("type ") => {
                out.push_str(&format!("{}\n", code.trim_end_matches(';')))
            }
            (None, code) => {
                let (field, end) = code.strip_suffix("};").map_or((code, ""), |field| (field, "}\n"));
                out.push_str(&format!("  {}\n{end}", field.trim().trim_end_matches(',')));
            }
        }
    }
    out
}

fn documentation(lines: &[String]) -> String {
    match lines {
        [line] => format!("  /** {line} */\n"),
        lines => format!(
            "  /**\n{}   */\n",
            lines
                .iter()
                .map(|line| format!("   * {line}\n"))
                .collect::<String>()
        ),
    }
}
