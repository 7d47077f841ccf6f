use expect_test::{Expect, expect};
use miniz_oxide::deflate::compress_to_vec_zlib;
use rawzip::{CompressionMethod, ZipArchiveWriter};
use std::io::Write;

use super::{Card, CardError, Content, TEXT_BYTES_MAX, Warning, field, parse, png::SIGNATURE};
use base64::{Engine, engine::general_purpose::STANDARD};

const V2: &str = r#"{"spec":"chara_card_v2","spec_version":"2.0","data":{"name":"Two"}}"#;
const V3: &str = r#"{"spec":"chara_card_v3","spec_version":"3.0","data":{"name":"Three","nickname":"Tri"}}"#;

fn png(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut file = SIGNATURE.to_vec();
    for (kind, data) in chunks.iter().chain([&(b"IEND", Vec::new())]) {
        file.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        file.extend(*kind);
        file.extend(data);
        file.extend([0; 4]);
    }
    file
}

fn keyed(keyword: &str, text: impl AsRef<[u8]>) -> Vec<u8> {
    [keyword.as_bytes(), b"\0", text.as_ref()].concat()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    for (path, data) in files {
        let (mut entry, config) = archive
            .new_file(path)
            .compression_method(CompressionMethod::STORE)
            .start()
            .unwrap();
        let mut writer = config.wrap(&mut entry);
        writer.write_all(data).unwrap();
        let (_, descriptor) = writer.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap();
    bytes
}

fn replaced(bytes: &[u8], from: &[u8; 9], to: &[u8; 9]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for at in 0..bytes.len() - from.len() {
        if bytes[at..].starts_with(from) {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
    }
    bytes
}

fn summary(file: &[u8]) -> String {
    match parse(file) {
        Err(error) => format!("{error}"),
        Ok(parsed) => {
            let name = match &parsed.content {
                Content::Character(card) => {
                    format!(
                        "{:?} {} ({})",
                        parsed.version,
                        card.text(field::NAME),
                        card.char_name()
                    )
                }
                Content::Lorebook(_) => "a lorebook".to_owned(),
            };
            let assets: Vec<&str> = parsed.assets.iter().map(|asset| asset.path.as_str()).collect();
            format!("{name} {assets:?} {:?}", parsed.warnings)
        }
    }
}

fn check(files: &[Vec<u8>], expected: Expect) {
    expected.assert_eq(&files.iter().map(|file| summary(file) + "\n").collect::<String>());
}

#[test]
fn png_chunks_of_all_kinds_are_read() {
    let base64 = STANDARD.encode(V2);
    let wrapped: String = base64
        .as_bytes()
        .chunks(20)
        .map(|line| format!("{}\r\n", str::from_utf8(line).unwrap()))
        .collect();
    check(
        &[
            png(&[(b"tEXt", keyed("chara", &base64))]),
            png(&[(b"tEXt", keyed("Chara", base64.trim_end_matches('=')))]),
            png(&[(b"tEXt", keyed("chara", wrapped))]),
            png(&[(b"tEXt", keyed("chara", V2))]),
            png(&[
                (b"tEXt", keyed("chara", &base64)),
                (b"tEXt", keyed("CCV3", STANDARD.encode(V3))),
            ]),
            png(&[
                (b"tEXt", keyed("ccv3", "????")),
                (b"tEXt", keyed("chara", &base64)),
            ]),
            png(&[(
                b"zTXt",
                keyed(
                    "chara",
                    [b"\0", compress_to_vec_zlib(base64.as_bytes(), 6).as_slice()].concat(),
                ),
            )]),
            png(&[(b"iTXt", keyed("chara", ["\0\0en\0t\0", &base64].concat()))]),
        ],
        expect![[r#"
            V2 Two (Two) [] []
            V2 Two (Two) [] []
            V2 Two (Two) [] []
            V2 Two (Two) [] []
            V3 Three (Tri) [] []
            V2 Two (Two) [] [BrokenV3Chunk]
            V2 Two (Two) [] []
            V2 Two (Two) [] []
        "#]],
    );
}

#[test]
fn broken_and_hostile_pictures_are_rejected() {
    let bomb = compress_to_vec_zlib(&vec![b' '; TEXT_BYTES_MAX * 4], 6);
    let whole = png(&[(b"tEXt", keyed("chara", STANDARD.encode(V2)))]);
    check(
        &[
            png(&[]),
            SIGNATURE.to_vec(),
            whole[..whole.len() - 20].to_vec(),
            png(&[(b"tEXt", b"chara".to_vec())]),
            png(&[(b"tEXt", keyed("chara", "no base64!"))]),
            png(&[(b"tEXt", keyed("chara", STANDARD.encode("[".repeat(40_000))))]),
            png(&[(b"zTXt", keyed("chara", [b"\0", bomb.as_slice()].concat()))]),
            png(&[(b"zTXt", keyed("chara", "\0rubbish"))]),
        ],
        expect![[r#"
            There is no character card in this file.
            The file is damaged: a chunk is cut off.
            The file is damaged: a chunk is cut off.
            There is no character card in this file.
            The file is damaged: the card is not base64.
            The card is nested too deeply.
            The file is too large: more than 8 MiB of text.
            The file is damaged: a text chunk cannot be inflated.
        "#]],
    );
    for length in 0..whole.len() {
        assert!(parse(&whole[..length]).is_err(), "cut at {length}");
    }
}

#[test]
fn assets_of_archives_are_read() {
    let card = br#"{"spec":"chara_card_v3","spec_version":"3.4","data":{"name":"Zip","assets":[
        {"type":"icon","name":"main","ext":"png","uri":"embeded://assets/icon/images/main.png"},
        {"type":"emotion","name":"sad","ext":"png","uri":"embeded://assets/sad.png"},
        {"type":"icon","name":"far","ext":"png","uri":"https://tracker.example/a.png"},
        {"type":"icon","name":"up","ext":"png","uri":"embeded://../up.png"}, 7]}}"#;
    let whole = zip(&[
        ("card.json", card),
        ("assets/icon/images/main.png", b"x"),
        ("__/up.png", b"y"),
    ]);
    // The zip writer would normalize such a path.
    let whole = replaced(&whole, b"__/up.png", b"../up.png");
    let many: Vec<(String, &[u8])> = (0..600)
        .map(|number| (format!("{number}"), b"".as_slice()))
        .collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, data)| (name.as_str(), *data)).collect();
    check(
        &[
            whole.clone(),
            [b"\xff\xd8\xff\xe0 a picture ".as_slice(), &whole].concat(),
            zip(&[("Card.json", card)]),
            zip(&many),
            b"PK\x03\x04 and nothing".to_vec(),
            b"\xff\xd8\xff\xe0 just a picture".to_vec(),
        ],
        expect![[r#"
            V3 Zip (Zip) ["assets/icon/images/main.png"] [NewerVersion("3.4"), UnsafePath("../up.png"), MissingAsset("assets/sad.png"), MissingAsset("../up.png")]
            V3 Zip (Zip) ["assets/icon/images/main.png"] [NewerVersion("3.4"), UnsafePath("../up.png"), MissingAsset("assets/sad.png"), MissingAsset("../up.png")]
            There is no character card in this file.
            The file is too large: more than 512 files.
            There is no character card in this file.
            There is no character card in this file.
        "#]],
    );
    for length in 0..whole.len() {
        assert!(parse(&whole[..length]).is_err(), "cut at {length}");
    }
}

#[test]
fn json_files_of_all_versions_are_read() {
    check(
        &[
            br#"{"name":"One","first_mes":"Hi"}"#.to_vec(),
            format!("\u{feff}{V3}").into_bytes(),
            br#"{"char_name":"Pyg","char_persona":"p"}"#.to_vec(),
            br#"{"name":"Root","spec":"chara_card_v2","data":{"name":"Data"}}"#.to_vec(),
            br#"{"spec":"chara_card_v9","data":{"name":"x"}}"#.to_vec(),
            br#"{"spec":"lorebook_v3","data":{"entries":[]}}"#.to_vec(),
            br#"{"spec":"lorebook_v3"}"#.to_vec(),
            br#"{"name":" "}"#.to_vec(),
            b"[]".to_vec(),
            b"".to_vec(),
            b"\xff\xfe".to_vec(),
        ],
        expect![[r#"
            V1 One (One) [] []
            V3 Three (Tri) [] []
            Pygmalion Pyg (Pyg) [] []
            V2 Data (Data) [] []
            V2 x (x) [] [UnknownSpec("chara_card_v9")]
            a lorebook [] []
            This is not a character card.
            This is not a character card.
            This is not a character card.
            The card's text cannot be read.
            The card's text cannot be read.
        "#]],
    );
}

#[test]
fn fields_of_other_types_are_converted() {
    let data = r#"{"name":7,"description":null,"tags":"a, ,b","alternate_greetings":"one, two","extensions":[],
        "creator":"x\u0000y\ud800","group_only_greetings":["a",1,null],"nickname":null,"creation_date":"soon",
        "vendor":{"keep":[1.0,123456789012345678901234567890]}}"#;
    let (card, unreadable) = Card::read(data).unwrap();
    assert!(unreadable.is_empty());
    expect![[r#"
        {"name":"7","description":"","tags":["a","b"],"alternate_greetings":["one, two"],"extensions":{},
                "creator":"xy\ufffd","group_only_greetings":["a","1"],"nickname":"","creation_date":"soon",
                "vendor":{"keep":[1.0,123456789012345678901234567890]}}"#]]
    .assert_eq(card.as_json());
    let (card, unreadable) =
        Card::read(r#"{"name":{"a":1},"tags":["a",[]],"alternate_greetings":{},"extensions":[1]}"#).unwrap();
    let names: Vec<&str> = unreadable.iter().map(|field| field.name).collect();
    assert_eq!(names, ["name", "alternate_greetings", "tags", "extensions"]);
    assert_eq!(
        card.as_json(),
        r#"{"name":"","tags":["a"],"alternate_greetings":[],"extensions":{}}"#
    );
}

#[test]
fn depth_and_lore_of_a_card_are_limited() {
    let deep = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
    let book = |count: usize| {
        format!(
            r#"{{"character_book":{{"entries":[{}]}}}}"#,
            vec!["{}"; count].join(",")
        )
    };
    let map = |count: usize| {
        let entries: Vec<String> = (0..count).map(|at| format!(r#""{at}":{{}}"#)).collect();
        format!(r#"{{"character_book":{{"entries":{{{}}}}}}}"#, entries.join(","))
    };
    for (json, expected) in [
        (deep(64), None),
        (deep(65), Some(CardError::TooDeep)),
        (book(3_000), None),
        (
            book(3_001),
            Some(CardError::TooLarge("more than 3,000 lore entries")),
        ),
        (
            map(3_001),
            Some(CardError::TooLarge("more than 3,000 lore entries")),
        ),
        ("[]".to_owned(), Some(CardError::NotACard)),
        ("{".to_owned(), Some(CardError::NotJson)),
    ] {
        assert_eq!(Card::read(&json).err(), expected, "{}", json.len());
    }
}

/// Unknown fields at every level, in an odd order and with odd numbers.
const RICH: &str = r#"{ "vendor" : [ [ 1.10, [ ] ] ] , "character_book":{"x_book":1e400,"entries":[{"x_entry":{"b":1,"a":2},"keys":[],
    "id":123456789012345678901234567890,"extensions":{"depth":-0.0}}],"extensions":{"z":null}},
    "extensions":{"talkativeness":0.50,"a/b":{"c":[true]}}, "assets":[{"x_asset":"\u00e9","type":"icon"}],
    "first_mes":"Hi","name":"Mira","2":1,"1":2,"vendor":[ [ 1.10, [ ] ] ] }"#;

#[test]
fn set_leaves_every_other_byte_unchanged() {
    let (mut card, _) = Card::read(RICH).unwrap();
    assert_eq!(card.as_json(), RICH);
    card.set(field::FIRST_MES, &"He said \"no\"".into());
    card.set(field::DESCRIPTION, &"New".into());
    let expected = RICH.replace("\"Hi\"", r#""He said \"no\"""#);
    let expected = format!(
        "{},\"description\":\"New\"}}",
        expected.strip_suffix('}').unwrap()
    );
    assert_eq!(card.as_json(), expected);
}

#[test]
fn an_export_equals_its_import() {
    let file =
        format!(r#"{{"spec":"chara_card_v3","spec_version":"3.0","data":{RICH},"x_root":{{"a":1.0}}}}"#);
    let Content::Character(card) = parse(file.as_bytes()).unwrap().content else {
        panic!("a character")
    };
    let stored = Card::stored(card.as_json()).unwrap();
    let exported = stored.to_file_json();
    assert!(exported.contains(r#""x_entry":{"b":1,"a":2}"#), "{exported}");
    assert!(
        exported.contains(r#""id":123456789012345678901234567890,"#),
        "{exported}"
    );
    assert!(exported.ends_with(r#","x_root":{"a":1.0}}"#), "{exported}");
    // Only required fields are added.
    let data = exported.split_once(r#""data":"#).unwrap().1;
    let added = r#""description":"","personality":"","scenario":"","mes_example":"","creator_notes":"","system_prompt":"","post_history_instructions":"","alternate_greetings":[],"tags":[],"creator":"","character_version":"","group_only_greetings":[]"#;
    assert!(data.contains(added), "{data}");
    let Content::Character(again) = parse(exported.as_bytes()).unwrap().content else {
        panic!("a character")
    };
    assert_eq!(again.to_file_json(), exported, "the export is stable");
}

#[test]
fn a_broken_field_is_emptied_with_a_warning() {
    let parsed = parse(br#"{"spec":"chara_card_v2","data":{"name":"","description":[1]}}"#).unwrap();
    assert_eq!(parsed.warnings, [Warning::UnreadableField("description")]);
}
