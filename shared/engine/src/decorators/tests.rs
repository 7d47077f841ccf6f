use expect_test::expect;

use super::Decorated;

#[test]
fn decorators_are_parsed_with_fallbacks() {
    let texts = [
        "@@depth 5\n@@role user\n\nBody",
        "@@depth 1\n@@depth 2\nBody",
        "@@vendor 4\n@@@vendor2\n@@@vendor3\n@@@vendor4\n@@@vendor5\n@@@depth 6\n@@@role user\nBody",
        "@@depth 4\n@@@role user\n@@scan_depth 2\r\nBody",
        "@@nope\n@@@role system\n@@@depth 1",
        "Body\n@@depth 2",
        "@@activate",
        "\n  Body\n",
    ];
    let lines: String = texts
        .iter()
        .map(|text| format!("{:?}\n", Decorated::parse(text)))
        .collect();
    expect![[r#"
        Decorated { decorators: [("depth", "5"), ("role", "user")], content: "Body" }
        Decorated { decorators: [("depth", "1")], content: "Body" }
        Decorated { decorators: [("depth", "6")], content: "Body" }
        Decorated { decorators: [("depth", "4"), ("scan_depth", "2")], content: "Body" }
        Decorated { decorators: [("role", "system")], content: "" }
        Decorated { decorators: [], content: "Body\n@@depth 2" }
        Decorated { decorators: [("activate", "")], content: "" }
        Decorated { decorators: [], content: "\n  Body\n" }
    "#]]
    .assert_eq(&lines);
}
