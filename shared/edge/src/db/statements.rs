//! Every SQL statement, by name. The text is in `sql/`, one statement or one part of a statement per file.

/// A statement of a caller. Every one starts with the admission, the check of the session.
///
/// Its file in `sql/caller/` is a list of steps (common table expressions without `with`). The last one has the name of the
/// file. `$1` is the user, `$3` Clerk's id; a file's own parameters start at `$4`. The result is the rows of the last step.
/// They are left-joined to the admission, so that it is always evaluated, and first.
#[derive(Debug, Clone, Copy)]
pub struct CallerStatement(&'static str);

impl CallerStatement {
    pub(super) fn sql(self) -> &'static str {
        self.0
    }
}

/// A statement without a caller. Its file in `sql/unattended/` is the whole statement.
#[derive(Debug, Clone, Copy)]
pub struct UnattendedStatement(&'static str);

impl UnattendedStatement {
    /// A statement for tests.
    #[doc(hidden)]
    pub const fn of_test(sql: &'static str) -> Self {
        Self(sql)
    }

    pub(super) fn sql(self) -> &'static str {
        self.0
    }
}

macro_rules! caller_statements {
    ($($name:ident = $([$($before:literal),+] then)? $last:literal;)*) => {
        $(
            pub(super) const $name: CallerStatement = CallerStatement(concat!(
                include_str!("sql/admission.sql"),
                $($(include_str!(concat!("sql/caller/", $before, ".sql")), ",\n",)+)?
                include_str!(concat!("sql/caller/", $last, ".sql")),
                "\nselect answer.* from caller\nleft join (select step.*, true as found from ", $last,
                " step) answer on true"
            ));
        )*

        /// Name and text of every statement of a caller, for tests.
        pub const CALLER_STATEMENTS: &[(&str, &str)] = &[$((stringify!($name), $name.0)),*];
    };
}

macro_rules! unattended_statements {
    ($($name:ident = $file:literal;)*) => {
        $(
            pub(super) const $name: UnattendedStatement =
                UnattendedStatement(include_str!(concat!("sql/unattended/", $file, ".sql")));
        )*

        /// Name and text of every statement without a caller, for tests.
        pub const UNATTENDED_STATEMENTS: &[(&str, &str)] = &[$((stringify!($name), $name.0)),*];
    };
}

caller_statements! {
    CONVERSATIONS_DELETE = "conversations_delete";
    CONVERSATIONS_GET = ["conversations_get"] then "conversation";
    CONVERSATIONS_GREETING = "conversations_greeting";
    CONVERSATIONS_INSERT = ["conversations_insert"] then "conversation";
    CONVERSATIONS_OWNED = "conversations_owned";
    CONVERSATIONS_RESTORE = "conversations_restore";
    DASHBOARD = ["users_me", "dashboard_personas", "dashboard_conversations"] then "dashboard";
    DASHBOARD_CONVERSATIONS = "dashboard_conversations";
    DASHBOARD_PERSONAS = "dashboard_personas";
    FILES_INSERT = "files_insert";
    FILES_NAME = "files_name";
    FILES_ROOM = "files_room";
    GENERATIONS_ABANDON = "generations_abandon";
    GENERATIONS_BEGIN = "generations_begin";
    GENERATIONS_FIND = "generations_find";
    PERSONAS_DELETE = "personas_delete";
    PERSONAS_GET = ["personas_get"] then "persona";
    PERSONAS_INSERT = ["personas_insert"] then "persona";
    PERSONAS_RESTORE = ["personas_restore"] then "persona";
    PERSONAS_UPDATE = ["personas_update"] then "persona";
    REPLY_EVENTS_ASK_TO_STOP = "reply_events_ask_to_stop";
    USERS_ME = "users_me";
}

unattended_statements! {
    DELETION_BEGIN = "deletion_begin";
    DELETION_CONVERSATIONS = "deletion_conversations";
    DELETION_FILES = "deletion_files";
    DELETION_FILES_FORGET = "deletion_files_forget";
    DELETION_FINISH = "deletion_finish";
    DELETION_PERSONAS = "deletion_personas";
    DELETION_SWEEP = "deletion_sweep";
    FILES_UNUSED = "files_unused";
    FILES_UNUSED_FORGET = "files_unused_forget";
    GENERATIONS_FLUSH = "generations_flush";
    GENERATIONS_GIVE_UP = "generations_give_up";
    GENERATIONS_SETTLE = "generations_settle";
    REPLY_EVENTS_APPEND = "reply_events_append";
    REPLY_EVENTS_ASKED_TO_STOP = "reply_events_asked_to_stop";
    REPLY_EVENTS_FORGET = "reply_events_forget";
    SESSIONS_REVOKE = "sessions_revoke";
    USERS_UPSERT = "users_upsert";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_the_dashboard_have_the_sizes_of_the_api() {
        let page = |size: usize| format!("limit {}\n)", size.saturating_add(1));
        assert!(DASHBOARD_PERSONAS.0.contains(&page(api::limits::PERSONAS_PAGE)));
        assert!(
            DASHBOARD_CONVERSATIONS
                .0
                .contains(&page(api::limits::CONVERSATIONS_PAGE))
        );
    }

    #[test]
    fn every_statement_of_a_caller_checks_the_session() {
        let admission = include_str!("sql/admission.sql");
        assert!(CALLER_STATEMENTS.len() > 15);
        for (name, sql) in CALLER_STATEMENTS {
            let steps = sql.strip_prefix(admission).expect(name);
            let (_, answer) = steps
                .rsplit_once("\nselect answer.* from caller\nleft join")
                .expect(name);
            assert!(answer.ends_with(" on true"), "{name}");
            assert!(steps.contains("$1"), "{name} uses its user");
        }
    }
}
