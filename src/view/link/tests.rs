//! Links are read as they were written, for ever, and hostile ones do no harm.

use proptest::prelude::*;

use super::*;

/// FNV-1a, enough to notice a change.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, b| {
        (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3)
    })
}

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  labels:\n    app: web\nspec:\n  containers:\n  \
                   - name: web\n    image: nginx\n    ports:\n    - containerPort: 80\n    readinessProbe:\n      \
                   httpGet:\n        path: /\n        port: 80\n      periodSeconds: 5\n";

#[test]
fn the_dictionary_of_scheme_1_is_frozen() {
    assert!(DICTIONARY.len() <= 8 << 10);
    assert_eq!((DICTIONARY.len(), hash(DICTIONARY)), (8190, 0xcf53_89ff_4cf4_7892));
}

#[test]
fn links_of_scheme_1_are_read_for_ever() {
    // Written once by this program; never to be changed.
    let old = "#s=1.I8EI9DUA0CBDHmHC3hZBm4VCeA5l3htbisM1loI0-4JSPqHUbUgFAsYADgA";
    assert_eq!(decode(old).map(|d| d.text), Ok(POD.to_owned()));
}

#[test]
fn a_link_gives_back_its_text() {
    for text in ["", "x", POD, "a: \"é𝄞\"\r\n\u{feff}\0", &POD.repeat(2000)] {
        let link = encode(text);
        assert!(link.starts_with("#s=1."));
        assert_eq!(decode(&link).map(|d| d.text).as_deref(), Ok(text));
    }
    let link = encode(POD);
    assert!(link.len() < 120, "{}", link.len());
    for form in [
        link.trim_start_matches('#').to_owned(),
        format!("https://example.org/x/{link}\n"),
        format!("{link}=="),
    ] {
        assert_eq!(decode(&form).map(|d| d.text).as_deref(), Ok(POD), "{form}");
    }
}

#[test]
fn parameters_follow_the_text() {
    let link = encode_with("x", &[("t", "41.2s"), ("sel", "pod/web & co"), ("view", "")]);
    assert!(link.ends_with("&t=41.2s&sel=pod/web%20%26%20co"), "{link}");
    let params = decode(&link).unwrap().params;
    let want = [("t", "41.2s"), ("sel", "pod/web & co")].map(|(k, v)| (k.to_owned(), v.to_owned()));
    assert_eq!(params, want);
    assert_eq!(percent_decode("%zz%4"), "%zz%4");
}

#[test]
fn bad_links_are_told_apart() {
    assert_eq!(decode(""), Err(LinkError::NotALink));
    assert_eq!(decode("#t=3"), Err(LinkError::NotALink));
    assert_eq!(decode("#s=9.abc"), Err(LinkError::UnknownScheme("9".to_owned())));
    assert_eq!(decode("#s=1.!!"), Err(LinkError::Damaged));
    let link = encode(POD);
    assert_eq!(decode(&link[..link.len() - 6]), Err(LinkError::Damaged));
    assert_eq!(
        decode(&format!("#s=1.{}", "A".repeat(MAX_PAYLOAD + 4))),
        Err(LinkError::TooLong)
    );
    // A megabyte and one byte, in a few characters.
    let bomb = encode(&"a".repeat(MAX_TEXT + 1));
    assert!(bomb.len() < 3000);
    assert_eq!(decode(&bomb), Err(LinkError::TooLong));
    assert!(decode(&encode(&"a".repeat(MAX_TEXT))).is_ok());
}

proptest! {
    #[test]
    fn any_text_survives(text in "\\PC{0,400}") {
        prop_assert_eq!(decode(&encode(&text)).unwrap().text, text);
    }

    #[test]
    fn any_link_is_harmless(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let link = format!("#s=1.{}", URL_SAFE_NO_PAD.encode(&bytes));
        if let Ok(decoded) = decode(&link) {
            prop_assert!(decoded.text.len() <= MAX_TEXT);
        }
    }

    #[test]
    fn any_fragment_is_harmless(fragment in "\\PC{0,80}") {
        let _ = decode(&fragment);
    }

    #[test]
    fn a_changed_link_is_harmless(at in 0usize..80, byte in any::<u8>()) {
        let mut link = encode(POD).into_bytes();
        if let Some(b) = link.get_mut(at) {
            *b = byte & 0x7f;
        }
        let _ = decode(&String::from_utf8_lossy(&link));
    }
}
