//! Writes the JavaScript bindings of a wasm module, as `wasm-bindgen --target web` does: `bindgen MODULE.wasm FOLDER`.
//!
//! wasm-bindgen's own command line brings a web server, TLS and a test runner, and takes three times as long to compile.

use std::{env::args_os, error::Error};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths = args_os().skip(1);
    let (Some(module), Some(folder)) = (paths.next(), paths.next()) else {
        return Err("usage: bindgen MODULE.wasm FOLDER".into());
    };
    Bindgen::new()
        .input_path(module)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)?;
    Ok(())
}
