//! Data sets of files and drawings for the page. What has images takes them as an IDX file, as bare bytes `[n * 784]` or as numbers in 0..=1, and gives them
//! as it got them, but numbers as bytes; labels are an IDX file or bare bytes likewise.

use js_sys::{Array, Float32Array, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use super::arguments::check_rows;
use super::convert::{floats, record, values_of};
use crate::data::import::{self, MOST_PICTURES};
use crate::data::{self, Augmentation, Classed, Images, PIXELS};
use crate::{Error, Result};

/// A data set that files are added to.
#[wasm_bindgen]
pub struct DataImport {
    import: import::Import,
}

#[wasm_bindgen]
impl DataImport {
    /// Without files.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default, reason = "JavaScript has no default")]
    pub fn new() -> DataImport {
        Self { import: import::Import::new(MOST_PICTURES) }
    }

    /// Adds a file, of whatever kind; of a picture, `name` may be a path whose last folder is the class. `{ pictures }` says how many encoded pictures are in it. Throws
    /// when nothing of it is read; that is among the summary's `refused` as well.
    pub fn add(&mut self, name: &str, bytes: Vec<u8>) -> Result<JsValue> {
        let pictures = self.import.add(name, bytes)?;
        Ok(record([("pictures", number(pictures))]))
    }

    /// How many encoded pictures still wait to be decoded. Each keeps its index until none waits; then indices begin with 0 again.
    pub fn pictures(&self) -> usize {
        self.import.waiting()
    }

    /// The bytes of an encoded picture.
    pub fn picture(&self, index: usize) -> Result<Uint8Array> {
        Ok(Uint8Array::from(self.import.picture(index)?.as_slice()))
    }

    /// Its file.
    pub fn picture_name(&self, index: usize) -> Result<String> {
        self.import.picture_name(index).map(String::from)
    }

    /// Its pixels, decoded: red, green, blue, alpha.
    pub fn take_pixels(&mut self, index: usize, width: usize, height: usize, rgba: &[u8]) -> Result<()> {
        self.import.take_pixels(index, width, height, rgba)
    }

    /// It cannot be decoded.
    pub fn refuse(&mut self, index: usize, reason: &str) -> Result<()> {
        self.import.refuse(index, reason)
    }

    /// What has been read so far: `{ count, train, test, labelled, classes: [{ name, count }], refused: [{ file, kind, values }], full_ink: [{ file, value }], mean,
    /// looks_inverted, looks_transposed, examples, example_classes }`.
    pub fn summary(&self) -> JsValue {
        let summary = self.import.summary();
        let class = |class: &import::Class| record([("name", text(&class.name)), ("count", number(class.count))]);
        let refused = |it: &import::Refused| {
            record([("file", text(&it.file)), ("kind", text(it.kind)), ("values", values_of(it))])
        };
        let full_ink = |it: &import::FullInk| record([("file", text(&it.file)), ("value", it.value.into())]);
        let example = |class: &Option<u8>| class.map_or(JsValue::NULL, JsValue::from);
        record([
            ("count", number(summary.count)),
            ("train", number(summary.train)),
            ("test", number(summary.test)),
            ("labelled", summary.labelled.into()),
            ("classes", list(summary.classes.iter().map(class))),
            ("refused", list(summary.refused.iter().map(refused))),
            ("full_ink", list(summary.full_ink.iter().map(full_ink))),
            ("mean", floats(&summary.mean).into()),
            ("looks_inverted", summary.looks_inverted.into()),
            ("looks_transposed", summary.looks_transposed.into()),
            ("examples", floats(&summary.examples).into()),
            ("example_classes", list(summary.example_classes.iter().map(example))),
        ])
    }

    /// The data set, by `{ name, invert, transpose, test_share, seed, mnist_frame }`: `{ name, classes, train_images, train_labels, test_images, test_labels, sha256, train, test,
    /// test_is_train }` with IDX files; labels are undefined without classes.
    pub fn finish(&self, options: JsValue) -> Result<JsValue> {
        let options = Fields(options);
        let set = self.import.finish(&import::Options {
            name: options.text("name"),
            invert: options.flag("invert"),
            transpose: options.flag("transpose"),
            test_share: options.number("test_share")?,
            seed: options.number("seed")? as u64,
            mnist_frame: options.flag("mnist_frame"),
        })?;
        Ok(record([
            ("name", set.name.into()),
            ("classes", list(set.classes.iter().map(|name| text(name)))),
            ("train_images", bytes(&set.train_images)),
            ("train_labels", optional(set.train_labels.as_deref())),
            ("test_images", bytes(&set.test_images)),
            ("test_labels", optional(set.test_labels.as_deref())),
            ("sha256", set.sha256.into()),
            ("train", number(set.train)),
            ("test", number(set.test)),
            ("test_is_train", set.test_is_train.into()),
        ]))
    }
}

/// The properties of a plain object. Read one by one: what serde makes of them is 10 kB of the module.
struct Fields(JsValue);

impl Fields {
    fn get(&self, key: &str) -> JsValue {
        Reflect::get(&self.0, &key.into()).unwrap_or_default()
    }

    fn number(&self, key: &str) -> Result<f64> {
        let missing = || Error::SettingsUnreadable { detail: format!("{key} is no number").into() };
        self.get(key).as_f64().ok_or_else(missing)
    }

    fn flag(&self, key: &str) -> bool {
        self.get(key).is_truthy()
    }

    fn text(&self, key: &str) -> String {
        self.get(key).as_string().unwrap_or_default()
    }

    /// An array; `None` where there is none.
    fn bytes(&self, key: &str) -> Option<Vec<u8>> {
        let value = self.get(key);
        if value.is_undefined() || value.is_null() {
            return None;
        }
        Some(match value.dyn_ref::<Float32Array>() {
            Some(pixels) => pixels.to_vec().into_iter().map(|ink| (255.0 * ink).round() as u8).collect(),
            None => Uint8Array::new(&value).to_vec(),
        })
    }

    fn classes(&self) -> Vec<String> {
        let value = self.get("classes");
        value
            .dyn_ref::<Array>()
            .map(|names| names.iter().filter_map(|name| name.as_string()).collect())
            .unwrap_or_default()
    }

    /// Images and labels under these names.
    fn taken(&self, images: &str, labels: &str) -> Result<Taken> {
        let given = self.bytes(images).unwrap_or_default();
        let is_idx = given.len() % PIXELS == 16; // bytes of the header
        let images = if is_idx { Images::parse("images", given)?.as_idx()[16..].to_vec() } else { given };
        check_rows("images", PIXELS, images.len())?;
        let count = images.len() / PIXELS;
        let labels = self.bytes(labels);
        let labels =
            labels.map(|given| if given.len() == count { given } else { given[given.len().min(8)..].to_vec() });
        if let Some(labels) = &labels
            && labels.len() != count
        {
            let (found, images) = (labels.len().into(), count.into());
            return Err(Error::DataCount { file: "labels".into(), labels: found, images });
        }
        Ok(Taken { images, labels, classes: self.classes(), is_idx })
    }
}

/// Images and labels as bytes.
struct Taken {
    images: Vec<u8>,
    labels: Option<Vec<u8>>,
    classes: Vec<String>,
    is_idx: bool,
}

impl Taken {
    fn classed(self) -> Classed {
        Classed { images: self.images, labels: self.labels, classes: self.classes }
    }
}

/// `{ images, labels }` as IDX files or bare bytes.
fn images_and_labels(images: &[u8], labels: Option<&[u8]>, is_idx: bool) -> [(&'static str, JsValue); 2] {
    let count = images.len() / PIXELS;
    match is_idx {
        true => [
            ("images", bytes(&import::idx_images(images.chunks_exact(PIXELS), count))),
            ("labels", optional(labels.map(import::idx_labels).as_deref())),
        ],
        false => [("images", bytes(images)), ("labels", optional(labels))],
    }
}

fn bytes(values: &[u8]) -> JsValue {
    Uint8Array::from(values).into()
}

fn number(count: usize) -> JsValue {
    (count as f64).into()
}

fn text(text: &str) -> JsValue {
    text.into()
}

fn list(items: impl Iterator<Item = JsValue>) -> JsValue {
    items.collect::<Array>().into()
}

fn optional(values: Option<&[u8]>) -> JsValue {
    values.map_or(JsValue::UNDEFINED, bytes)
}

/// `{ images, labels, copies, shift, rotation, scale, seed }` -> `{ images, labels }`: the images and then `copies` of each, shifted by up to `shift` pixels,
/// rotated by up to `rotation` degrees and scaled by up to the share `scale`.
#[wasm_bindgen]
pub fn augment(options: JsValue) -> Result<JsValue> {
    let options = Fields(options);
    let by = Augmentation {
        copies: options.number("copies")? as usize,
        shift: options.number("shift")?,
        rotation: options.number("rotation")?,
        scale: options.number("scale")?,
    };
    let Taken { images, labels, is_idx, .. } = options.taken("images", "labels")?;
    let images = data::augment(&images, &by, options.number("seed")? as u64, MOST_PICTURES)?;
    let labels = labels.map(|labels| labels.repeat(by.copies + 1));
    Ok(record(images_and_labels(&images, labels.as_deref(), is_idx)))
}

/// `{ own: { images, labels, classes }, other: { images, labels, classes }, share, seed }` -> `{ images, labels, classes }`, as IDX files where `own` is one.
#[wasm_bindgen]
pub fn mix(options: JsValue) -> Result<JsValue> {
    let options = Fields(options);
    let [own, other] = ["own", "other"].map(|side| Fields(options.get(side)).taken("images", "labels"));
    let own = own?;
    let is_idx = own.is_idx;
    let (share, seed) = (options.number("share")?, options.number("seed")? as u64);
    let Classed { images, labels, classes } = data::mix(&own.classed(), &other?.classed(), share, seed)?;
    let [images, labels] = images_and_labels(&images, labels.as_deref(), is_idx);
    Ok(record([images, labels, ("classes", list(classes.iter().map(|name| text(name))))]))
}

/// `{ count, seed }` -> `{ images, labels, factors, classes }`: IDX files, and five factors of each image: shape, x, y, scale, angle.
#[wasm_bindgen]
pub fn sprites(options: JsValue) -> Result<JsValue> {
    let options = Fields(options);
    let (count, seed) = (options.number("count")? as usize, options.number("seed")?);
    Error::check_quantity("sprites", count, 1..=MOST_PICTURES)?;
    let drawn = data::sprites(count, seed as u64);
    let [images, labels] = images_and_labels(&drawn.images, Some(&drawn.labels), true);
    Ok(record([
        images,
        labels,
        ("factors", floats(&drawn.factors).into()),
        ("classes", list(data::SHAPES.iter().map(|name| text(name)))),
    ]))
}

/// `{ images, labels, share, seed }` -> `{ train_images, train_labels, test_images, test_labels, train, test, test_is_train }`.
#[wasm_bindgen]
pub fn split_off(options: JsValue) -> Result<JsValue> {
    let options = Fields(options);
    let (share, seed) = (options.number("share")?, options.number("seed")? as u64);
    let Taken { images, labels, is_idx, .. } = options.taken("images", "labels")?;
    let halves = data::split_off(images.len() / PIXELS, labels.as_deref(), share, seed);
    let part = |of: &[usize]| {
        let pixels: Vec<u8> = of.iter().flat_map(|&at| &images[at * PIXELS..(at + 1) * PIXELS]).copied().collect();
        let labels = labels.as_ref().map(|labels| of.iter().map(|&at| labels[at]).collect::<Vec<_>>());
        images_and_labels(&pixels, labels.as_deref(), is_idx).map(|(_, values)| values)
    };
    let ([train_images, train_labels], [test_images, test_labels]) = (part(&halves.train), part(&halves.test));
    Ok(record([
        ("train_images", train_images),
        ("train_labels", train_labels),
        ("test_images", test_images),
        ("test_labels", test_labels),
        ("train", number(halves.train.len())),
        ("test", number(halves.test.len())),
        ("test_is_train", halves.test_is_train.into()),
    ]))
}

/// `{ train_images, train_labels, test_images, test_labels, classes, test_is_train }` -> a ZIP archive of PNG files, `train/CLASS/00001.png` and so on, which [`DataImport`] reads again.
#[wasm_bindgen]
pub fn export_zip(set: JsValue) -> Result<Uint8Array> {
    let set = Fields(set);
    let train = set.taken("train_images", "train_labels")?;
    let has_test = !set.flag("test_is_train") && set.get("test_images").is_truthy();
    let test = if has_test { Some(set.taken("test_images", "test_labels")?) } else { None };
    let mut parts = vec![("train", train.images.as_slice(), train.labels.as_deref())];
    parts.extend(test.as_ref().map(|test| ("test", test.images.as_slice(), test.labels.as_deref())));
    Ok(Uint8Array::from(import::pictures_zip(&parts, &train.classes).as_slice()))
}
