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
fn every_macro_in_one_table() {
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
    assert_eq!(of("{{ {{user}} }}"), "{{ char }}", "a value is no macro's name");
    assert_eq!(of("{{// {{user}}}}"), "", "but it may be inside of one");
    let names = Names {
        char: "a,b::c",
        user: "// x",
    };
    let of = |text| expand(text, &names, SEEDS);
    assert_eq!(
        of("{{random:{{char}}}}"),
        "a,b::c",
        "nor are its commas anyone's punctuation"
    );
    assert_eq!(of("{{random::{{char}}::{{char}}}}"), "a,b::c");
    assert_eq!(of("{{<user>}}"), "{{// x}}");
}

#[test]
fn chance_is_seeded_and_reaches_every_side() {
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
fn original_is_inserted_once_and_as_it_is() {
    let text = expand_override(
        "{{ORIGINAL}} Be brief, {{char}}. {{original}}",
        "Base {{char}}.",
        &NAMES,
        SEEDS,
    );
    assert_eq!(text, "Base {{char}}. Be brief, Mira. ");
}

#[test]
fn comments_are_stripped_where_nothing_else_is() {
    assert_eq!(
        strip_comments("x {{// lamp }}{{char}} {{comment:a}}{{{// b}}} {{"),
        "x {{char}} {} {{"
    );
}

#[test]
fn a_hostile_text_costs_time_in_proportion() {
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
