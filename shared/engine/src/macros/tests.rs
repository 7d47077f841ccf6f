use expect_test::expect;

use super::{Names, Seeds, expand, expand_override, strip_comments};

const NAMES: Names<'_> = Names {
    char: "Mira",
    user: "Tan",
};
const SEEDS: Seeds = Seeds { roll: 7, pick: 7 };

fn expanded(text: &str) -> String {
    expand(text, &NAMES, SEEDS)
}

#[test]
fn every_macro_is_expanded() {
    let texts = [
        "{{CHAR}}/{{ User }}/<BOT>/<user>/<Char>",
        "{{reverse:día}} {{reverse:{{char}}}}",
        "a{{// see {{char}} \n}}b{{comment: x}}c{{hidden_key: y}}d",
        "A\n\n{{trim}}\r\n\nB",
        "{{random:A\\,B}} {{random:}}{{random}}|{{pick: one }}",
        "{{roll:0}}{{roll:x}}{{roll:1d}}{{roll:101d6}}{{roll:6-}}|{{roll:1}} {{roll:d1+4}} {{roll 3d1-1}}",
        "{{{char}}} {{char}}} {{{{char}}}} {{ }} {{",
        "{{unknown}} {{unknown: {{char}}}} {{time}} <b> < {{open {{char}}",
        "{{newline}}{{noop}}{{original}}",
    ];
    let lines: String = texts
        .iter()
        .map(|text| format!("{:?}\n", expanded(text)))
        .collect();
    expect![[r#"
        "Mira/Tan/Mira/Tan/Mira"
        "aíd ariM"
        "abcd"
        "AB"
        "A,B |one"
        "|1 5 2"
        "{Mira} Mira} {{Mira}} {{ }} {{"
        "{{unknown}} {{unknown: Mira}} {{time}} <b> < {{open Mira"
        "\n{{original}}"
    "#]]
    .assert_eq(&lines);
}

#[test]
fn values_are_data() {
    let names = Names {
        char: "{{user}}",
        user: "char",
    };
    let of = |text| expand(text, &names, SEEDS);
    assert_eq!(of("{{char}}"), "{{user}}", "a value is not expanded");
    assert_eq!(
        of("{{ {{user}} }}"),
        "{{ char }}",
        "a value is not a macro's name"
    );
    assert_eq!(of("{{// {{user}}}}"), "", "a value may be inside a macro");
    let names = Names {
        char: "a,b::c",
        user: "// x",
    };
    let of = |text| expand(text, &names, SEEDS);
    assert_eq!(
        of("{{random:{{char}}}}"),
        "a,b::c",
        "commas of a value do not separate items"
    );
    assert_eq!(of("{{random::{{char}}::{{char}}}}"), "a,b::c");
    assert_eq!(of("{{<user>}}"), "{{// x}}");
}

#[test]
fn random_macros_are_seeded_and_reach_every_item() {
    let faces = |macro_text: &str| {
        let mut faces: Vec<String> = (0..200)
            .map(|seed| {
                expand(
                    macro_text,
                    &NAMES,
                    Seeds {
                        roll: seed,
                        pick: seed,
                    },
                )
            })
            .collect();
        faces.sort();
        faces.dedup();
        faces.join(" ")
    };
    assert_eq!(faces("{{roll:d6}}"), "1 2 3 4 5 6");
    assert_eq!(faces("{{random:a,b,c}}"), "a b c");
    assert_eq!(faces("{{random::A,1::B}}"), "A,1 B");
    assert_eq!(faces("{{pick:a,b,c}}"), "a b c");
    assert_eq!(expanded("{{roll:1000}}"), expanded("{{roll:1000}}"));
}

#[test]
fn a_pick_ignores_the_roll() {
    let pick = |roll| {
        expand(
            "{{pick:a,b,c,d,e,f,g,h}}{{pick:a,b,c,d,e,f,g,h}}",
            &NAMES,
            Seeds { roll, pick: 3 },
        )
    };
    assert!((1..50).all(|roll| pick(roll) == pick(0)));
}

#[test]
fn original_is_inserted_once_and_verbatim() {
    let text = expand_override(
        "{{ORIGINAL}} Be brief, {{char}}. {{original}}",
        "Base {{char}}.",
        &NAMES,
        SEEDS,
    );
    assert_eq!(text, "Base {{char}}. Be brief, Mira. ");
}

#[test]
fn strip_comments_expands_no_other_macro() {
    assert_eq!(
        strip_comments("x {{// lamp }}{{char}} {{comment:a}}{{{// b}}} {{"),
        "x {{char}} {} {{"
    );
}

#[test]
fn expansion_takes_linear_time() {
    for text in [
        "{{".repeat(50_000),
        "}}".repeat(50_000),
        "{{random:".repeat(20_000),
        "{{// {{".repeat(20_000),
    ] {
        assert!(expanded(&text).len() <= text.len());
        assert!(strip_comments(&text).len() <= text.len());
    }
}
