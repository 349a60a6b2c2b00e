//! Files that are no safetensors files, recognised by their content.

use std::io::Write;
use std::process::Command;

use flate2::{Compression, write::GzEncoder};
use latent_lab::error::InCatalogue;
use latent_lab::weights::Loaded;

use crate::foreign_samples::{refusal, saved_again, shipped, tensors};

/// A zip archive of stored entries without content, with its central directory.
fn zip(names: &[&str]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for name in names {
        let at = bytes.len() as u32;
        let length = (name.len() as u16).to_le_bytes();
        bytes.extend([b"PK\x03\x04".as_slice(), &[0; 22], &length, &[0; 2], name.as_bytes()].concat());
        let entry = [b"PK\x01\x02".as_slice(), &[0; 24], &length, &[0; 12], &at.to_le_bytes(), name.as_bytes()];
        directory.extend(entry.concat());
    }
    let start = (bytes.len() as u32).to_le_bytes();
    let size = (directory.len() as u32).to_le_bytes();
    [bytes, directory, [b"PK\x05\x06".as_slice(), &[0; 8], &size, &start, &[0; 2]].concat()].concat()
}

fn kind(bytes: &[u8]) -> &'static str {
    Loaded::from_bytes(bytes, None).unwrap_err().kind()
}

#[test]
fn zip_archives_are_told_apart_by_their_entries() {
    assert_eq!(kind(&zip(&["archive/data.pkl", "archive/version"])), "weights_pytorch");
    assert_eq!(kind(&zip(&["vae/version", "vae/constants.pkl", "vae/data.pkl"])), "weights_pytorch");
    assert_eq!(kind(&zip(&["arr_0.npy"])), "weights_numpy");
    assert_eq!(kind(&zip(&["metadata.json", "config.json", "model.weights.h5"])), "weights_keras");
    assert!(refusal(&zip(&["README.md", "vae/model.safetensors"])).contains("(with vae/model.safetensors)"));
    assert!(refusal(&zip(&["[Content_Types].xml"])).contains("[Content_Types].xml"));
    assert_eq!(kind(&zip(&[])), "weights_zip");
    let whole = zip(&["archive/data.pkl", "archive/version"]);
    assert_eq!(kind(&whole[..60]), "weights_pytorch", "truncated: its first entry decides");
}

#[test]
fn a_pytorch_checkpoint_is_refused_with_what_converts_it() {
    for bytes in [zip(&["archive/data.pkl"]), b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.".to_vec()] {
        let message = refusal(&bytes);
        assert_eq!(message.lines().count(), 4, "a sentence and three lines of Python: {message}");
        assert!(["torch.load", "state_dict", "save_file"].iter().all(|word| message.contains(word)), "{message}");
    }
}

#[test]
fn other_files_are_recognised_by_their_content() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&shipped("pca")).unwrap();
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0000\nsize 1307000\n";
    let mut tar = vec![0; 1024];
    tar[..5].copy_from_slice(b"a.txt");
    tar[257..262].copy_from_slice(b"ustar");
    for (bytes, expected) in [
        (pointer.as_bytes().to_vec(), "weights_lfs_pointer"),
        (gzip.finish().unwrap(), "weights_packed"),
        (tar, "weights_packed"),
        (b"\x80\x04\x95\x10\0\0\0".to_vec(), "weights_pickle"),
        (b"\x93NUMPY\x01\0v\0".to_vec(), "weights_numpy"),
        (b"\x89HDF\r\n\x1a\n\0\0\0".to_vec(), "weights_keras"),
        (b"\x08\x08\x12\x07pytorch\x1a\x05".to_vec(), "weights_other_format"),
        (b"\x1c\0\0\0TFL3".to_vec(), "weights_other_format"),
        (b"GGUF\x03\0\0\0".to_vec(), "weights_other_format"),
        (b"<!doctype html><title>404</title>".to_vec(), "weights_html"),
        (b"\xef\xbb\xbf\n  <HTML><body>".to_vec(), "weights_html"),
        (b"<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>".to_vec(), "weights_html"),
        (b"{\"error\": \"Repository not found\"}".to_vec(), "weights_json"),
        (b"[1, 2, 3]".to_vec(), "weights_json"),
        (b"\x89PNG\r\n\x1a\n\0\0".to_vec(), "weights_image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF".to_vec(), "weights_image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "weights_image"),
        (vec![0; 5000], "weights_zeros"),
        (vec![], "file_empty"),
        (b"Dear model, ...".to_vec(), "weights_not_safetensors"),
        (b"\x10\0\0".to_vec(), "weights_not_safetensors"),
    ] {
        assert_eq!(kind(&bytes), expected, "{}", refusal(&bytes));
    }
}

#[test]
fn a_cut_or_longer_file_is_told_with_both_lengths() {
    let whole = shipped("pca");
    assert!(refusal(&whole[..100]).contains("the whole file only 100"));
    assert!(refusal(&whole[..9]).contains("the whole file only 9"));
    let short = refusal(&whole[..whole.len() - 1]);
    let length = whole.len();
    assert!(short.contains(&format!("announces {length} bytes, but the file has {}", length - 1)), "{short}");
    assert!(refusal(&[whole.clone(), vec![0]].concat()).contains(&format!("but the file has {}", length + 1)));
    for length in [1, 7, 8] {
        assert_eq!(kind(&whole[..length]), "weights_not_safetensors");
    }
}

#[test]
fn the_command_line_asks_for_the_likelihood_and_takes_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vae.safetensors");
    let out = folder.path().join("export");
    std::fs::write(&file, saved_again(&tensors(&shipped("vae-z20")))).unwrap();
    let export = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_latent-lab"));
        let output = command.arg("export").arg(&file).arg("--out").arg(&out).args(arguments).output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    let (done, message) = export(&[]);
    assert!(!done && message.contains("Add --likelihood bernoulli or --likelihood unit-gaussian."), "{message}");
    let (done, message) = export(&["--likelihood", "bernoulli"]);
    assert!(done && message.contains("inferred from the names and shapes"), "{message}");
    assert!(!export(&["--likelihood", "guess"]).0);
}
