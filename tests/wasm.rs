//! The boundary as the page sees it. What lies behind it is tested natively.
#![cfg(target_arch = "wasm32")]

use podscope::view::boundary::LayoutRequest;
use podscope::wasm::Podscope;
use tsify::{Ts, Tsify};
use wasm_bindgen::JsError;
use wasm_bindgen_test::wasm_bindgen_test;

fn request() -> Result<Ts<LayoutRequest>, JsError> {
    let request = LayoutRequest {
        width: 800.0,
        to_us: 60e6,
        char_width: 6.0,
        ..LayoutRequest::default()
    };
    Ok(request.into_ts()?)
}

#[wasm_bindgen_test]
fn an_empty_text_is_answered_everywhere() -> Result<(), JsError> {
    let mut p = Podscope::new();
    p.set_text("", 0.0);
    assert!(p.advance(10_000)?.to_rust()?.done);
    assert_eq!(p.info()?.to_rust()?.version, Podscope::version());
    assert!(p.lanes()?.is_empty() && p.diagnostics()?.is_empty() && p.table(None)?.is_empty());
    assert!(p.entry(0)?.is_none() && p.hit(5.0, 5.0).is_none() && p.step(0.0, 1.0).is_none());
    assert!(p.entries_for(3).is_empty());
    assert_eq!(p.objects()?.len(), 1, "a cluster without a text has its one node");
    assert!(p.svg(800.0, true).starts_with("<svg "));
    Ok(())
}

#[wasm_bindgen_test]
fn a_draw_list_has_a_ruler_and_whole_records() -> Result<(), JsError> {
    let mut p = Podscope::new();
    p.set_text("", 0.0);
    p.advance(10_000)?;
    let list = p.layout(request()?)?;
    assert!(list.ticks()?.len() > 4);
    assert_eq!(list.rects().len() % 6, 0);
    for numbers in [list.marks(), list.texts(), list.links()] {
        assert_eq!(numbers.len() % 5, 0);
    }
    assert!(list.height() >= 0.0 && list.rows().is_empty() && list.strings().is_empty());
    Ok(())
}

#[wasm_bindgen_test]
fn what_is_no_request_is_refused_and_nothing_breaks() -> Result<(), JsError> {
    let mut p = Podscope::new();
    let nonsense = Ts::<LayoutRequest>::new_unchecked("width".into());
    assert!(p.layout(nonsense).is_err());
    assert!(p.layout(request()?).is_ok());
    Ok(())
}
