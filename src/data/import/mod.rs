//! Data sets of files: IDX, `.npy`, `.npz`, CSV, pictures, ZIP archives of all of these, each of them gzipped or not. One parser for the page and for the command line.
//!
//! What a file is, its content says. One that is damaged or not understood is refused by its name, and everything else is kept. Nothing is unpacked
//! before its size is known to be within limits, and memory is taken for what is there, not for what a header says.

mod column;
mod decimal;
mod export;
mod finish;
mod format;
mod found;
mod gather;
mod gunzip;
mod idx_file;
mod name;
mod npy;
mod npy_layout;
mod part;
mod picture;
mod reference;
mod scale;
mod source;
mod summary;
mod table;
mod zip_file;

pub use export::{Folder, pictures_zip};
pub use finish::{Finished, Options, idx_images, idx_labels};
pub use summary::{Class, FullInk, Refused, Summary};

use self::format::Format;
use self::gather::{Origin, Pictures};
use self::part::Part;
use self::source::{LARGEST_PICTURE, Source};
use self::zip_file::Packed;
use crate::error::Value;
use crate::{Error, Result};

/// The largest number of pictures of the page.
pub const MOST_PICTURES: usize = 100_000;

/// A data set that files are added to.
pub struct Import {
    most: usize,
    parts: Vec<Part>,
    pictures: Pictures,
    waiting: Vec<Option<Waiting>>,
    /// How many of those there are.
    undecoded: usize,
    /// Archives with pictures among those that wait.
    archives: Vec<Vec<u8>>,
    refused: Vec<Refused>,
}

/// A picture that is not decoded yet.
struct Waiting {
    file: String,
    place: Place,
}

enum Place {
    Bytes(Vec<u8>),
    Entry { archive: usize, entry: Packed },
}

impl Import {
    /// Without files; for at most so many pictures.
    pub fn new(most: usize) -> Self {
        Self {
            most,
            parts: Vec::new(),
            pictures: Pictures::default(),
            waiting: Vec::new(),
            undecoded: 0,
            archives: Vec::new(),
            refused: Vec::new(),
        }
    }

    /// Adds a file, whose name may be a path: then the last folder is the class of a picture. Returns how many encoded pictures there are in it, which are to be
    /// decoded and given to [`Self::take_pixels`].
    ///
    /// # Errors
    /// When nothing of the file is read; the error is also among those of the summary. What is refused of an archive is only there.
    pub fn add(&mut self, name: &str, bytes: Vec<u8>) -> Result<usize> {
        if name::is_clutter(name) {
            return Ok(0);
        }
        let before = self.waiting();
        match self.read(name, bytes) {
            Ok(()) => Ok(self.waiting() - before),
            Err(error) => {
                self.refused.push(Refused::new(&error));
                Err(error)
            }
        }
    }

    fn read(&mut self, name: &str, bytes: Vec<u8>) -> Result<()> {
        let mut source = Source::bytes(name, &bytes);
        let format = Format::of(&source.head()?);
        match format {
            Format::Zip | Format::Picture if source.is_gzipped() => Err(Error::ImportNested { file: name.into() }),
            Format::Zip => self.read_archive(name, bytes),
            Format::Picture => {
                self.check_count(name, 1)?;
                self.wait_for([Waiting { file: name.into(), place: Place::Bytes(bytes) }]);
                Ok(())
            }
            format => {
                let part = self.part(&source, format)?;
                self.parts.push(part);
                Ok(())
            }
        }
    }

    fn read_archive(&mut self, name: &str, bytes: Vec<u8>) -> Result<()> {
        let archive = self.archives.len();
        let mut pictures = Vec::new();
        let mut parts = Vec::new();
        let entries = zip_file::entries(name, &bytes)?;
        if entries.is_empty() {
            return Err(Error::ImportEmpty { file: name.into() });
        }
        for entry in entries {
            let read = entry.and_then(|(path, entry)| {
                let mut source = Source::entry(format!("{name}: {path}"), &bytes, entry);
                match Format::of(&source.head()?) {
                    Format::Zip => Err(Error::ImportNested { file: source.name.into() }),
                    Format::Picture => {
                        pictures.push(Waiting { file: path, place: Place::Entry { archive, entry } });
                        Ok(())
                    }
                    format => {
                        parts.push(self.part(&source, format)?);
                        Ok(())
                    }
                }
            });
            self.refused.extend(read.err().map(|error| Refused::new(&error)));
        }
        self.check_count(name, pictures.len() + parts.iter().map(Part::count).sum::<usize>())?;
        self.parts.append(&mut parts);
        if !pictures.is_empty() {
            self.wait_for(pictures);
            self.archives.push(bytes);
        }
        Ok(())
    }

    fn wait_for(&mut self, pictures: impl IntoIterator<Item = Waiting>) {
        let before = self.waiting.len();
        self.waiting.extend(pictures.into_iter().map(Some));
        self.undecoded += self.waiting.len() - before;
    }

    /// What a file with numbers holds.
    fn part(&self, source: &Source, format: Format) -> Result<Part> {
        let name = source.name.as_str();
        let (content, top) = match format {
            Format::Idx => (idx_file::read(source, self.most)?, 255.0),
            Format::Npy => npy::read(source, self.most)?,
            Format::Table(separator) => table::read(source, separator, self.most)?,
            Format::Pickle => return Err(Error::ImportPickle { file: name.into() }),
            Format::Zip | Format::Picture | Format::Unknown => return Err(Error::ImportUnknown { file: name.into() }),
        };
        let part = Part::new(name, content, top);
        self.check_count(name, part.count())?;
        Ok(part)
    }

    /// All images and pictures so far.
    fn count(&self) -> usize {
        self.parts.iter().map(Part::count).sum::<usize>() + self.pictures.of.len() + self.waiting()
    }

    fn check_count(&self, file: &str, more: usize) -> Result<()> {
        match self.count() + more <= self.most {
            true => Ok(()),
            false => Err(Error::ImportTooMany { file: file.into(), most: self.most.into() }),
        }
    }

    /// How many encoded pictures are not decoded yet. Their indices begin with 0 once more when none is left.
    pub fn waiting(&self) -> usize {
        self.undecoded
    }

    fn waiting_at(&self, index: usize) -> Result<&Waiting> {
        let most = self.waiting.len().saturating_sub(1);
        let out = || Error::QuantityRange {
            quantity: "picture".into(),
            min: 0_usize.into(),
            max: most.into(),
            value: index.into(),
        };
        self.waiting.get(index).and_then(Option::as_ref).ok_or_else(out)
    }

    /// The file of an encoded picture.
    ///
    /// # Errors
    /// When no picture of this index waits.
    pub fn picture_name(&self, index: usize) -> Result<&str> {
        Ok(&self.waiting_at(index)?.file)
    }

    /// The bytes of an encoded picture.
    ///
    /// # Errors
    /// When no picture of this index waits, or it cannot be unpacked.
    pub fn picture(&self, index: usize) -> Result<Vec<u8>> {
        let Waiting { file, place } = self.waiting_at(index)?;
        match place {
            Place::Bytes(bytes) => Ok(bytes.clone()),
            Place::Entry { archive, entry } => {
                Source::entry(file.clone(), &self.archives[*archive], *entry).read(LARGEST_PICTURE)
            }
        }
    }

    /// The decoded pixels of a picture, `[height * width * 4]` red, green, blue and alpha, row by row.
    ///
    /// # Errors
    /// When no picture of this index waits, or there are more or fewer pixels.
    pub fn take_pixels(&mut self, index: usize, width: usize, height: usize, rgba: &[u8]) -> Result<()> {
        self.waiting_at(index)?;
        let expected = width as u64 * height as u64 * 4;
        if expected == 0 || rgba.len() as u64 != expected {
            let (expected, found) = (expected.into(), rgba.len().into());
            return Err(Error::Length { quantity: "image".into(), expected, found });
        }
        let file = self.no_longer_waits(index);
        self.pictures.pixels.extend(picture::from_rgba(width, height, rgba));
        let (class, split) = name::class_of(&file);
        let class = class.map(|class| class.chars().take(column::LONGEST_NAME).collect());
        self.pictures.of.push(Origin { class, split, file });
        Ok(())
    }

    /// A picture that cannot be decoded, with the decoder's message.
    ///
    /// # Errors
    /// When no picture of this index waits.
    pub fn refuse(&mut self, index: usize, reason: &str) -> Result<()> {
        self.waiting_at(index)?;
        let file = self.no_longer_waits(index).into();
        self.refused.push(Refused::new(&Error::ImportPicture { file, reason: Value::from(reason) }));
        Ok(())
    }

    fn no_longer_waits(&mut self, index: usize) -> String {
        let file = self.waiting[index].take().map(|it| it.file).expect("its index was checked");
        self.undecoded -= 1;
        if self.undecoded == 0 {
            self.waiting.clear();
            self.archives.clear();
        }
        file
    }
}
