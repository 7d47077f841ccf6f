use expect_test::{Expect, expect};
use miniz_oxide::deflate::compress_to_vec_zlib;
use rawzip::{CompressionMethod, ZipArchiveWriter};
use std::io::Write;

use super::{Content, TEXT_BYTES_MAX, parse, png::SIGNATURE};
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

fn said(file: &[u8]) -> String {
    match parse(file) {
        Err(error) => format!("{error}"),
        Ok(parsed) => {
            let name = match &parsed.content {
                Content::Character(card) => {
                    format!("{:?} {} ({})", card.version, card.name, card.char_name())
                }
                Content::Lorebook(_) => "a lorebook".to_owned(),
            };
            let assets: Vec<&str> = parsed.assets.iter().map(|asset| asset.path.as_str()).collect();
            format!("{name} {assets:?} {:?}", parsed.warnings)
        }
    }
}

fn check(files: &[Vec<u8>], expected: Expect) {
    expected.assert_eq(&files.iter().map(|file| said(file) + "\n").collect::<String>());
}

#[test]
fn pictures_of_every_make() {
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
fn broken_and_hostile_pictures_are_refused() {
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
            The card's text cannot be read.
            The file is too large: more than 8 MiB of text.
            The file is damaged: a text chunk cannot be inflated.
        "#]],
    );
    for length in 0..whole.len() {
        assert!(parse(&whole[..length]).is_err(), "cut at {length}");
    }
}

#[test]
fn archives_give_the_files_that_the_card_names() {
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
    // The writer would mend such a path.
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
fn json_of_every_generation() {
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
fn odd_fields_are_read_as_they_were_meant_and_the_source_is_kept() {
    let source = r#"{"spec":"chara_card_v2","data":{"name":7,"description":null,"tags":"a, ,b",
        "alternate_greetings":"one, two","extensions":null,"creator":"x\u0000y","vendor":{"keep":[1.0]}}}"#;
    let parsed = parse(source.as_bytes()).unwrap();
    assert_eq!(parsed.source, source);
    let Content::Character(card) = parsed.content else {
        panic!("a character")
    };
    expect![[r#"
        (
            "7",
            "",
            [
                "a",
                "b",
            ],
            [
                "one, two",
            ],
            "xy",
        )
    "#]]
    .assert_debug_eq(&(
        &card.name,
        &card.description,
        &card.tags,
        &card.alternate_greetings,
        &card.creator,
    ));
}
