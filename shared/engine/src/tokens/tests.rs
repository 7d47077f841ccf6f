use super::{estimate, fit_end, fit_start};

/// Token counts of two tokenizers: Qwen2.5 (vocabulary of 152k, every language) and SmolLM2 (49k,
/// English).
#[rustfmt::skip]
const COUNTED: &[(usize, usize, &str)] = &[
    (47, 45, "The lighthouse at Gull Point had been dark for eleven winters when Mira Quill climbed its stairs again, a lantern in one hand and her grandmother's logbook in the other. She did not expect to find anyone there."),
    (34, 40, "\"You're late,\" she said.\n\n*He shrugged, shaking the rain off his coat.* \"Couldn't be helped. Ferry's down again - third time this week!\""),
    (41, 42, "Persephone Abernathy-Cholmondeley, Xanthippe of Thessaloniki, Zbigniew Wojciechowski and Siobhan Ó Caoimh."),
    (18, 15, "antidisestablishmentarianism incomprehensibilities counterrevolutionaries electroencephalographically"),
    (40, 47, "fn main() {\n    let mut xs: Vec<u32> = (0..10).map(|x| x * 2).collect();\n    println!(\"{:?}\", xs);\n}"),
    (39, 39, "{\"id\": 17, \"tags\": [\"sea\", \"storm\"], \"price\": 12.50, \"ok\": true, \"nested\": {\"a\": null}}"),
    (57, 57, "In 1984 there were 12,345,678 people; 3.14159 is pi; call +1 (415) 555-0123 at 09:30."),
    (36, 43, "# Title\n\n- **bold** item\n- _other_ item\n\n---\n\n> quote\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
    (57, 73, "Der Leuchtturm war seit elf Wintern dunkel, als Mira wieder die Treppe hinaufstieg, eine Laterne in der Hand und das Logbuch ihrer Großmutter unter dem Arm. Überraschenderweise war sie nicht allein."),
    (48, 61, "Le phare était éteint depuis onze hivers lorsque Mira gravit de nouveau l'escalier, une lanterne à la main. Elle ne s'attendait pas à y trouver quelqu'un d'autre."),
    (46, 53, "El faro llevaba once inviernos apagado cuando Mira volvió a subir la escalera, con un farol en la mano. ¿Quién habría imaginado que no estaba sola?"),
    (58, 76, "Latarnia morska była ciemna od jedenastu zim, kiedy Mira znów weszła po schodach, trzymając w ręku lampę. Nie spodziewała się, że kogoś tam zastanie."),
    (29, 83, "Ngọn hải đăng đã tắt suốt mười một mùa đông khi Mira lại bước lên cầu thang, tay cầm chiếc đèn lồng."),
    (45, 58, "Mira elinde bir fenerle merdivenleri tekrar çıktığında deniz feneri on bir kıştır karanlıktı. Kimseyi bulmayı beklemiyordu."),
    (48, 100, "Маяк не горел уже одиннадцать зим, когда Мира снова поднялась по лестнице с фонарём в руке. Она не ожидала кого-нибудь там найти."),
    (86, 83, "Ο φάρος ήταν σβηστός έντεκα χειμώνες όταν η Μίρα ανέβηκε ξανά τη σκάλα με ένα φανάρι στο χέρι."),
    (32, 77, "كانت المنارة مظلمة منذ أحد عشر شتاءً عندما صعدت ميرا السلم مرة أخرى وفي يدها فانوس."),
    (29, 74, "המגדלור היה חשוך אחד עשר חורפים כאשר מירה עלתה שוב במדרגות ופנס בידה."),
    (71, 85, "जब मीरा फिर से सीढ़ियाँ चढ़ी तो प्रकाशस्तंभ ग्यारह सर्दियों से अंधेरे में था।"),
    (40, 115, "ประภาคารมืดมาสิบเอ็ดฤดูหนาวแล้วเมื่อมิราปีนบันไดขึ้นไปอีกครั้ง"),
    (27, 85, "当米拉再次提着灯笼爬上楼梯时,灯塔已经黑暗了十一个冬天。她没想到会在那里遇见任何人。"),
    (39, 97, "ミラがランタンを手に再び階段を上ったとき、灯台は十一の冬のあいだ暗いままだった。誰かがいるとは思わなかった。"),
    (47, 140, "미라가 등불을 들고 다시 계단을 올랐을 때 등대는 열한 번의 겨울 동안 어두웠다. 누군가를 만나리라고는 생각하지 못했다."),
    (29, 41, "Hello 🦊✨ wow 😂😂 👩\u{200d}🚀 ❤\u{fe0f} 🏳\u{fe0f}\u{200d}🌈 → ∞ ≠ ½"),
    (22, 29, "AAAAAAAAAAAAAAAAAAAAAAHHHHHHH!!!!!!!!!! WHYYYYYYYY????? hahahahahahahaha"),
    (11, 14, "a    b        c\n\n\n\nd\t\te                                f"),
    (55, 68, "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="),
    (74, 76, "0192f3a4-7c1e-7b2d-9f3e-5a6b7c8d9e0f https://example.com/personas/0192f3a4?after=2026-11-23T22:12:32Z"),
];

#[test]
fn estimates_are_close_to_real_counts_and_rarely_below() {
    for (large, small, text) in COUNTED {
        let estimate = estimate(text);
        assert!(estimate * 100 >= large * 80, "{estimate} for {large}: {text}");
        assert!(estimate * 100 <= large * 250, "{estimate} for {large}: {text}");
        assert!(
            estimate * 100 >= small * 70,
            "{estimate} for {small} of a small vocabulary: {text}"
        );
    }
    let all = |count: fn(&(usize, usize, &str)) -> usize| COUNTED.iter().map(count).sum::<usize>();
    assert!(
        all(|(_, _, text)| estimate(text)) > all(|(large, ..)| *large),
        "the sum of all estimates is not below the sum of real counts"
    );
}

#[test]
fn only_an_empty_text_has_no_tokens() {
    assert_eq!(estimate(""), 0);
    assert_eq!(estimate(" "), 1);
}

#[test]
fn fit_start_and_fit_end_return_the_longest_part_that_fits() {
    for (_, _, text) in COUNTED {
        for limit in [0, 1, 7, 20, 1_000] {
            let (start, end) = (fit_start(text, limit), fit_end(text, limit));
            assert!(text.starts_with(start) && estimate(start) <= limit);
            assert!(text.ends_with(end) && estimate(end) <= limit);
            assert!(
                start.len() == text.len() || estimate(start) + 4 > limit,
                "{limit}: {start}"
            );
            assert!(
                end.len() == text.len() || estimate(end) + 4 > limit,
                "{limit}: {end}"
            );
        }
    }
}
