//! Pictures among the axes of an array: `[n, h, w]`, `[n, h * h]`, `[n, h, w, c]`, `[n, c, h, w]`, or a single one of 28 x 28.

use super::picture::{luminance, scaled};
use crate::Result;
use crate::data::{PIXELS, SIDE};

/// Where the pictures are.
pub struct Layout {
    /// The number of pictures.
    pub count: usize,
    height: usize,
    width: usize,
    channels: usize,
    channels_last: bool,
}

impl Layout {
    /// Of an array of this shape, if it can be pictures.
    pub fn of(shape: &[usize]) -> Option<Self> {
        let is_colour = |channels: usize| matches!(channels, 1 | 3 | 4);
        let (count, height, width, channels, channels_last) = match *shape {
            [SIDE, SIDE] => (1, SIDE, SIDE, 1, true),
            [count, size] => {
                let side = size.isqrt();
                (side > 1 && side * side == size).then_some((count, side, side, 1, true))?
            }
            [count, height, width] => (count, height, width, 1, true),
            [count, height, width, channels] if is_colour(channels) => (count, height, width, channels, true),
            [count, channels, height, width] if is_colour(channels) => (count, height, width, channels, false),
            _ => return None,
        };
        Some(Self { count, height, width, channels, channels_last })
    }

    /// The pictures of an array whose last axis is the fastest; `each_value` calls its argument with all values.
    pub fn in_order(
        &self,
        each_value: impl Fn(&mut dyn FnMut(f64) -> Result<()>) -> Result<()>,
        top: f64,
    ) -> Result<Vec<u8>> {
        let size = self.height * self.width * self.channels;
        let (mut pixels, mut image) = (Vec::new(), Vec::new());
        each_value(&mut |value| {
            image.push(byte(value, top));
            if image.len() == size {
                self.add(&image, &mut pixels);
                image.clear();
            }
            Ok(())
        })?;
        Ok(pixels)
    }

    /// The pictures of an array of this `shape` whose first axis is the fastest. All of it is in memory, a byte a value: that it is as long as its header
    /// says is known when its range is.
    pub fn reordered(
        &self,
        each_value: impl Fn(&mut dyn FnMut(f64) -> Result<()>) -> Result<()>,
        top: f64,
        shape: &[usize],
    ) -> Result<Vec<u8>> {
        let mut all = vec![0; shape.iter().product()];
        let mut place = vec![0; shape.len()];
        each_value(&mut |value| {
            let at = place.iter().zip(shape).fold(0, |at, (&index, &size)| at * size + index);
            all[at] = byte(value, top);
            for (index, &size) in place.iter_mut().zip(shape) {
                *index += 1;
                if *index < size {
                    break;
                }
                *index = 0;
            }
            Ok(())
        })?;
        let mut pixels = Vec::with_capacity(self.count * PIXELS);
        all.chunks_exact(all.len() / self.count).for_each(|image| self.add(image, &mut pixels));
        Ok(pixels)
    }

    /// Adds one picture, scaled, and of colours their luminance.
    fn add(&self, image: &[u8], pixels: &mut Vec<u8>) {
        let Self { height, width, channels, channels_last, .. } = *self;
        if image.len() == PIXELS && width == SIDE {
            pixels.extend_from_slice(image);
            return;
        }
        let shade = |x: usize, y: usize, channel: usize| {
            let at = match channels_last {
                true => (y * width + x) * channels + channel,
                false => (channel * height + y) * width + x,
            };
            f32::from(image[at])
        };
        pixels.extend(scaled(width, height, |x, y| match channels {
            1 => shade(x, y, 0),
            _ => luminance([0, 1, 2].map(|channel| shade(x, y, channel))),
        }));
    }
}

fn byte(value: f64, top: f64) -> u8 {
    (value / top * 255.0).round().clamp(0.0, 255.0) as u8
}
