//! Data sets of files: every format as its usual library writes it (`data-files/make.py`), and what is refused.

use std::fs;
use std::path::Path;

use latent_lab::Error;
use latent_lab::data::import::{Import, MOST_PICTURES, Options, Summary};
use latent_lab::data::{Images, PIXELS};
use latent_lab::messages::sentence;

/// The bytes of a file of `data-files`.
pub fn file(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/native/data-files").join(name)).unwrap()
}

pub fn import() -> Import {
    Import::new(MOST_PICTURES)
}

/// With these files, and all of their pictures decoded.
fn of(names: &[&str]) -> Import {
    let mut import = import();
    for name in names {
        let pictures = import.add(name, file(name)).unwrap_or_else(|error| panic!("{}", sentence(&error)));
        for index in 0..pictures {
            let picture = image::load_from_memory(&import.picture(index).unwrap()).unwrap().to_rgba8();
            import.take_pixels(index, picture.width() as usize, picture.height() as usize, &picture).unwrap();
        }
    }
    import
}

/// Why a file is refused.
fn refusal(name: &str) -> String {
    sentence(&import().add(name, file(name)).unwrap_err())
}

/// What is refused of files of which something is read.
fn sentences(summary: &Summary) -> Vec<String> {
    summary.refused.iter().map(|refused| sentence(refused)).collect()
}

/// Image `n` of `make.py`.
fn expected(n: usize) -> Vec<u8> {
    let mut image = vec![0; PIXELS];
    image[(4 + 3 * n) * 28 + 5..(4 + 3 * n) * 28 + 20].fill(255);
    image[28 + 2] = 51 * n as u8;
    image
}

fn images(idx: &[u8]) -> Vec<Vec<u8>> {
    let images = Images::parse("x", idx.to_vec()).unwrap();
    images.as_idx()[16..].chunks_exact(PIXELS).map(<[u8]>::to_vec).collect()
}

/// All six images with the labels of `make.py`, four to train and two to test with.
fn is_split_and_labelled(import: &Import) {
    let set = import.finish(&Options::default()).unwrap();
    assert_eq!(set.classes, ["3", "7", "9"]);
    assert_eq!((set.train, set.test, set.test_is_train), (4, 2, false));
    assert_eq!(images(&set.train_images), [0, 1, 2, 3].map(expected));
    assert_eq!(images(&set.test_images), [4, 5].map(expected));
    assert_eq!(set.train_labels.unwrap()[8..], [0, 1, 0, 1]);
    assert_eq!(set.test_labels.unwrap()[8..], [2, 2]);
    assert_eq!(set.sha256.len(), 64);
}

/// The images in the files' order: a share of nothing leaves one image a class for testing, so all are put together again.
fn all_images(import: &Import) -> Vec<Vec<u8>> {
    let set = import.finish(&Options::default()).unwrap();
    let mut all = [images(&set.train_images), images(&set.test_images)].concat();
    all.sort_by_key(|image| (0..28).find(|row| image[row * 28 + 10] == 255));
    all
}

#[test]
fn idx_files_are_paired_by_their_names() {
    let names = [
        "train-images-idx3-ubyte.gz",
        "t10k-labels.idx1-ubyte.gz",
        "train-labels-idx1-ubyte.gz",
        "t10k-images.idx3-ubyte.gz",
    ];
    is_split_and_labelled(&of(&names));
}

#[test]
fn numpy_archives_have_images_and_labels() {
    is_split_and_labelled(&of(&["mnist.npz"]));
    is_split_and_labelled(&of(&["medmnist.npz"]));
    let named = of(&["named.npz"]).summary();
    assert_eq!((named.count, named.labelled, named.train, named.test), (6, true, 0, 0));
    let counts: Vec<_> = named.classes.iter().map(|class| (class.name.as_str(), class.count)).collect();
    assert_eq!(counts, [("3", 2), ("7", 2), ("9", 2)]);
    let single = of(&["positional.npz"]).finish(&Options::default()).unwrap();
    assert_eq!((single.train, single.test, single.test_is_train), (1, 1, true));
    assert_eq!(single.classes, ["3"]);
}

#[test]
fn numpy_arrays_of_every_type_and_order_are_read() {
    for name in
        ["float32", "float64-big-endian", "int16-big-endian-channel", "fortran", "uint16", "colour", "float16-flat"]
    {
        let found = all_images(&of(&[&format!("{name}.npy.gz")]));
        assert_eq!(found.len(), 6, "{name}");
        for (n, image) in found.iter().enumerate() {
            let differs = |(a, b): (&u8, &u8)| a.abs_diff(*b) > 1; // half precision and the luminance round
            assert!(!image.iter().zip(&expected(n)).any(differs), "{name}, image {n}");
        }
    }
    let summary = of(&["bool.npy.gz", "uint16.npy.gz"]).summary();
    assert_eq!(summary.full_ink.iter().map(|it| it.value).collect::<Vec<_>>(), [1.0, 65_535.0]);
    assert_eq!(of(&["single.npy.gz"]).summary().count, 1);
    let tall = all_images(&of(&["56x28.npy.gz"]));
    assert!(tall[0][..28].iter().all(|&pixel| pixel == 0) && tall[0].iter().any(|&pixel| pixel > 100));
}

#[test]
fn what_a_numpy_array_cannot_be_is_refused_by_name() {
    for (name, words) in [
        ("nan", "value 117 is NaN"),
        ("infinite", "value 117 is infinite"),
        ("negative", "from -1 to 1"),
        ("object", "Python objects"),
        ("structured", "the values have the type"),
        ("complex", "<c8"),
        ("shape", "2 × 3 × 4 × 5 × 6"),
    ] {
        let file = format!("{name}.npy.gz");
        let message = refusal(&file);
        assert!(message.starts_with(&file) && message.contains(words), "{message}");
    }
}

#[test]
fn tables_are_read_with_and_without_headers_and_labels() {
    for name in ["label-first-header.csv", "label-first.csv", "label-last.csv", "semicolons.csv"] {
        let import = of(&[&format!("{name}.gz")]);
        let classes: Vec<_> = import.summary().classes.into_iter().map(|class| class.name).collect();
        assert_eq!(classes, ["3", "7", "9"], "{name}");
        assert!(all_images(&import) == [0, 1, 2, 3, 4, 5].map(expected), "{name}");
    }
    for name in ["no-labels.tsv", "pandas-index.csv"] {
        let import = of(&[&format!("{name}.gz")]);
        assert!(!import.summary().labelled, "{name}");
        assert!(all_images(&import) == [0, 1, 2, 3, 4, 5].map(expected), "{name}");
    }
    let text = of(&["text-labels.csv.gz"]).summary();
    assert_eq!(text.classes.iter().map(|class| class.name.as_str()).collect::<Vec<_>>(), ["cat", "dog"]);
}

#[test]
fn what_a_table_cannot_be_is_refused_by_name() {
    for (name, words) in [
        ("ragged", "line 2: the row has 784 cells, the first one 785"),
        ("no-number", "line 2: “oops” is not a number"),
        ("wrong-header", "line 2: the row has 785 cells, the first one 784"),
        ("too-bright", "the values go from 0 to 76500"),
    ] {
        let message = refusal(&format!("{name}.csv.gz"));
        assert!(message.starts_with(&format!("{name}.csv.gz")) && message.contains(words), "{message}");
    }
    let narrow = import().add("few.csv", b"1,2,3\n4,5,6\n".to_vec()).unwrap_err();
    assert!(sentence(&narrow).contains("the rows have 3 cells"));
}

#[test]
fn pictures_in_folders_have_the_class_of_their_folder() {
    let import = of(&["pictures.zip"]);
    let summary = import.summary();
    assert!(summary.refused.is_empty(), "what a Mac adds is skipped: {:?}", sentences(&summary));
    assert_eq!((summary.count, summary.labelled, summary.classes.len()), (6, true, 3));
    assert!(all_images(&import) == [0, 1, 2, 3, 4, 5].map(expected));
    is_split_and_labelled(&of(&["pictures-split.zip"]));
}

#[test]
fn data_files_in_an_archive_are_read_as_if_they_were_added() {
    is_split_and_labelled(&of(&["files.zip"]));
}

#[test]
fn an_entry_that_is_not_read_leaves_the_others() {
    for (name, count, words) in [
        ("nested.zip", 1, vec!["nested.zip: inner.zip: an archive inside an archive"]),
        (
            "climbs.zip",
            1,
            vec!["climbs.zip: ../0.png: this name leads out", "/root.png: this name", "dos.png: this name"],
        ),
        ("lzma.zip", 0, vec!["lzma.zip: a/0.png: the entry is compressed in another way"]),
        ("bomb.zip", 1, vec!["bomb.zip: zeros.npy: the file is damaged"]),
    ] {
        let summary = of(&[name]).summary();
        assert_eq!(summary.count, count, "{name}");
        let sentences = sentences(&summary);
        assert_eq!(sentences.len(), words.len(), "{sentences:?}");
        for (sentence, words) in sentences.iter().zip(words) {
            assert!(sentence.contains(words), "{sentence}");
        }
    }
    let mut import = import();
    let encrypted =
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/archives/info-zip-encrypted.zip")).unwrap();
    import.add("secret.zip", encrypted).unwrap();
    assert!(sentences(&import.summary()).iter().any(|sentence| sentence.contains("is encrypted")));
}

#[test]
fn a_file_cut_anywhere_is_refused_or_the_rest_is_read() {
    for name in ["mnist.npz", "pictures.zip", "float32.npy.gz", "train-images-idx3-ubyte.gz", "label-first.csv.gz"] {
        let whole = file(name);
        for length in 0..whole.len() {
            let mut import = import();
            let error = import.add(name, whole[..length].to_vec()).expect_err("its end is missing");
            assert!(sentence(&error).starts_with(name), "{name}, {length} bytes: {error}");
        }
    }
}

#[test]
fn an_archive_cannot_unpack_to_more_than_it_says() {
    let mut bytes = file("bomb.zip");
    let entry = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    bytes[entry + 24..entry + 28].copy_from_slice(&1000_u32.to_le_bytes());
    let mut import = import();
    import.add("lies.zip", bytes.clone()).unwrap();
    assert!(sentences(&import.summary())[0].contains("lies.zip: zeros.npy: the file is damaged"));
    bytes[entry + 24..entry + 28].copy_from_slice(&3_000_000_000_u32.to_le_bytes());
    let error = import.add("huge.zip", bytes).unwrap_err();
    assert!(sentence(&error).contains("would be larger than 2000 MB"), "{error}");
}

#[test]
fn labels_that_do_not_match_are_refused_with_both_counts() {
    let mut import = of(&["train-images-idx3-ubyte.gz"]);
    import
        .add(
            "train-labels-idx1-ubyte",
            [0x801_u32.to_be_bytes(), 3_u32.to_be_bytes()].concat().into_iter().chain([1, 2, 3]).collect(),
        )
        .unwrap();
    let summary = import.summary();
    assert_eq!((summary.count, summary.labelled), (4, false));
    assert_eq!(sentences(&summary), ["train-labels-idx1-ubyte: 3 labels for 4 images; there must be one for each."]);
}

#[test]
fn labels_alone_and_nothing_at_all_are_refused() {
    let import = of(&["train-labels-idx1-ubyte.gz"]);
    assert!(sentences(&import.summary())[0].contains("no pictures for these 4 labels"));
    assert!(matches!(import.finish(&Options::default()), Err(Error::ImportNothing {})));
    let mut import = self::import();
    for (name, bytes, words) in [
        ("empty.csv", &b""[..], "is empty"),
        ("notes.txt", b"Just a text.\n", "is not read"),
        ("x.pdf", b"%PDF-1.7\n\0", "is not read"),
        ("m.pkl", b"\x80\x04\x95", "Python objects"),
    ] {
        let message = sentence(&import.add(name, bytes.to_vec()).unwrap_err());
        assert!(message.starts_with(name) && message.contains(words), "{message}");
    }
    assert_eq!(import.summary().refused.len(), 4);
}

#[test]
fn a_limit_of_pictures_is_kept() {
    let mut import = Import::new(5);
    for name in ["mnist.npz", "pictures.zip", "named.npz", "label-first.csv.gz", "float32.npy.gz"] {
        match import.add(name, file(name)) {
            Err(error) => assert!(sentence(&error).contains("more than 5 pictures"), "{error}"),
            Ok(_) => {
                assert!(sentences(&import.summary()).iter().any(|it| it.contains("more than 5 pictures")), "{name}")
            }
        }
    }
    assert!(import.summary().count <= 5);
    let mut full = Import::new(4);
    for name in ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"] {
        full.add(name, file(name)).unwrap();
    }
    assert!(full.summary().labelled, "labels do not count");
}

#[test]
fn more_than_62_classes_leave_images_without_labels() {
    let rows: String = (0..63).map(|class| format!("{class}{}\n", ",0".repeat(784))).collect();
    let mut import = import();
    import.add("many.csv", [format!("label{}\n", ",p".repeat(784)), rows].concat().into_bytes()).unwrap();
    let summary = import.summary();
    assert_eq!((summary.count, summary.labelled), (63, false));
    assert!(sentences(&summary)[0].contains("more than 62 classes"));
}

#[test]
fn pictures_without_a_class_give_way_to_those_with_one() {
    let mut import = of(&["pictures.zip"]);
    import.add("cover.png", file("grey16.png")).unwrap();
    import.take_pixels(0, 1, 1, &[0, 0, 0, 255]).unwrap();
    let summary = import.summary();
    assert_eq!((summary.count, summary.labelled), (6, true));
    assert!(sentences(&summary)[0].starts_with("cover.png: 1 of the pictures have no class"));
}

#[test]
fn indices_of_pictures_stay_until_all_are_decoded() {
    let mut import = import();
    assert_eq!(import.add("pictures.zip", file("pictures.zip")).unwrap(), 6);
    assert_eq!(import.picture_name(5).unwrap(), "glyphs/9/5.png");
    import.refuse(0, "no picture").unwrap();
    assert!(import.refuse(0, "twice").is_err() && import.picture(0).is_err() && import.picture(6).is_err());
    assert!(import.take_pixels(1, 2, 2, &[0; 15]).is_err(), "a pixel is missing");
    for index in 1..6 {
        import.take_pixels(index, 1, 1, &[255; 4]).unwrap();
    }
    assert_eq!(import.waiting(), 0);
    assert_eq!(import.add("more/a.png", file("grey16.png")).unwrap(), 1);
    assert_eq!(import.picture_name(0).unwrap(), "more/a.png");
    assert!(sentences(&import.summary())[0].contains("glyphs/3/0.png: the picture cannot be decoded: no picture"));
}

#[test]
fn other_encodings_of_pictures_are_recognised() {
    for name in ["grey16.png", "colour.webp", "small.bmp", "some.gif", "cmyk.jpg"] {
        assert_eq!(import().add(name, file(name)).unwrap(), 1, "{name}");
    }
    let blue = of(&["colour.webp"]).finish(&Options::default()).unwrap();
    let pixels = &images(&blue.train_images)[0];
    assert_eq!((pixels[0], pixels[4 * 28 + 6]), (15, 241), "the luminance of blue and of pale yellow"); // 0.114 * 128, 0.886 * 255 + 0.114 * 128
}
