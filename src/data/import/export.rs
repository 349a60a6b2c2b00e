//! A data set as a ZIP archive of pictures, one folder a class.

use crate::archive::{Writer, grey_png};
use crate::data::{PIXELS, SIDE};

/// A folder of an archive: images `[n * 784]` and, where they are known, labels.
pub type Folder<'a> = (&'a str, &'a [u8], Option<&'a [u8]>);

/// The archive of these folders, such as `train/CLASS/00001.png`. Pictures hold the pixels as they are: ink is white.
pub fn pictures_zip(parts: &[Folder], classes: &[String]) -> Vec<u8> {
    let mut writer = Writer::default();
    let mut archive = Vec::new();
    let folders: Vec<String> = classes.iter().map(|class| folder(class)).collect();
    for &(split, images, labels) in parts {
        for (index, image) in images.chunks_exact(PIXELS).enumerate() {
            let class = labels.and_then(|labels| folders.get(usize::from(labels[index])));
            let class = class.map(|folder| format!("{folder}/")).unwrap_or_default();
            let png = grey_png(SIDE, image.chunks_exact(SIDE).map(<[u8]>::to_vec));
            archive.extend(writer.header(&format!("{split}/{class}{:05}.png", index + 1), &png));
            archive.extend(png);
        }
    }
    archive.extend(writer.finish());
    archive
}

/// A class as the name of a folder in any system.
fn folder(class: &str) -> String {
    let odd = |letter: char| letter.is_control() || r#"/\:*?"<>|"#.contains(letter);
    let name: String = class.chars().map(|letter| if odd(letter) { '_' } else { letter }).collect();
    if name.trim_matches(['.', ' ']).is_empty() { format!("_{name}") } else { name }
}
