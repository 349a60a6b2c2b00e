//! What the name of a file or an array says: for training or for testing, and which files belong together.

/// The part of a data set that a file belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// Images to train on.
    Train,
    /// Images to test with.
    Test,
    /// The name does not say it.
    Unknown,
}

impl Split {
    /// What the last word that says it says; images for validation are for training.
    pub fn of(path: &str) -> Self {
        let known = |word: &String| match word.as_str() {
            "train" | "training" | "val" | "valid" | "validation" => Some(Self::Train),
            "test" | "testing" | "t10k" => Some(Self::Test),
            _ => None,
        };
        words(path).iter().rev().find_map(known).unwrap_or(Self::Unknown)
    }
}

/// What images and their labels have in common: the words that say neither which of the two they are, nor the format.
pub fn stem(path: &str) -> String {
    const ROLES: [&str; 24] = [
        "images", "image", "labels", "label", "x", "y", "data", "target", "targets", "pixels", "classes", "arr", "0",
        "1", "idx1", "idx3", "ubyte", "gz", "npy", "npz", "csv", "txt", "tsv", "zip",
    ];
    words(path).into_iter().filter(|word| !ROLES.contains(&word.as_str())).collect::<Vec<_>>().join(" ")
}

/// Words in small letters.
fn words(path: &str) -> Vec<String> {
    let split = path.split(|letter: char| letter.is_ascii() && !letter.is_ascii_alphanumeric());
    split.filter(|word| !word.is_empty()).map(str::to_ascii_lowercase).collect()
}

/// The class that a picture's folder names, and what the folders say about its split.
pub fn class_of(path: &str) -> (Option<&str>, Split) {
    let Some((folders, _)) = path.rsplit_once('/') else { return (None, Split::Unknown) };
    let last = folders.rsplit('/').next().unwrap_or(folders);
    let is_class = !last.is_empty() && Split::of(last) == Split::Unknown;
    (
        is_class.then_some(last),
        folders.rsplit('/').map(Split::of).find(|it| *it != Split::Unknown).unwrap_or(Split::Unknown),
    )
}

/// Whether a system has left a file beside the others: it is no part of the data set.
pub fn is_clutter(path: &str) -> bool {
    path.split('/').any(|part| {
        part == "__MACOSX" || (part.starts_with('.') && part != "..") || part == "Thumbs.db" || part == "desktop.ini"
    }) || path.ends_with('/')
}

/// Whether a name is a relative path that leads nowhere else, in any system.
pub fn is_harmless(path: &str) -> bool {
    let is_absolute = path.starts_with(['/', '\\']) || path.as_bytes().get(1) == Some(&b':');
    !is_absolute && !path.contains('\0') && path.split(['/', '\\']).all(|part| part != "..")
}
