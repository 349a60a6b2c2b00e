//! Temporary.
#![allow(missing_docs)]
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::cell::Cell;
use wasm_bindgen::prelude::*;
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
    #[wasm_bindgen(js_namespace = console)]
    fn log(s: &str);
}
static TIMES: Mutex<BTreeMap<(String, u32, &'static str), (u32, f64)>> = Mutex::new(BTreeMap::new());
thread_local! { static OWNER: Cell<bool> = const { Cell::new(false) }; }
pub fn own() { OWNER.set(true); }
pub struct Span(String, u32, &'static str, f64);
impl Span { pub fn new(file: &str, line: u32, kind: &'static str) -> Option<Self> { OWNER.get().then(|| Self(file.rsplit('/').next().unwrap().into(), line, kind, now())) } }
impl Drop for Span { fn drop(&mut self) { let t = now() - self.3; let mut m = TIMES.lock().unwrap(); let e = m.entry((self.0.clone(), self.1, self.2)).or_default(); e.0 += 1; e.1 += t; } }
pub fn report(steps: u32) { let mut m = TIMES.lock().unwrap(); let mut s = String::new(); for ((f, l, k), (n, t)) in m.iter() { s += &format!("{f}:{l} {k}: {:.2}/step {:.1} us\n", *n as f64 / steps as f64, t * 1e3 / steps as f64); } log(&s); m.clear(); }
