//! The ten digits as strokes of a pen.

use latent_lab::data::Drawing;

type Stroke = Vec<(f64, f64)>;

/// Points along an arc of an ellipse around `(x, y)`, from one angle to another in turns, clockwise from the right.
fn arc((x, y): (f64, f64), (width, height): (f64, f64), from: f64, to: f64) -> Stroke {
    let point = |at: usize| {
        let (sine, cosine) = ((from + (to - from) * at as f64 / 12.0) * std::f64::consts::TAU).sin_cos();
        (x + width * cosine, y + height * sine)
    };
    (0..=12).map(point).collect()
}

/// Points along straight lines, six to a line.
fn line(corners: &[(f64, f64)]) -> Stroke {
    let between = |pair: &[(f64, f64)], at: usize| {
        let along = at as f64 / 6.0;
        (pair[0].0 + along * (pair[1].0 - pair[0].0), pair[0].1 + along * (pair[1].1 - pair[0].1))
    };
    corners.windows(2).flat_map(|pair| (0..=6).map(move |at| between(pair, at))).collect()
}

/// The strokes of a digit in a box of height 1.
fn strokes(digit: u8) -> Vec<Stroke> {
    match digit {
        0 => vec![arc((0.5, 0.5), (0.3, 0.5), -0.25, 0.77)],
        1 => vec![line(&[(0.58, 0.0), (0.42, 1.0)])],
        2 => {
            vec![[arc((0.5, 0.27), (0.28, 0.27), -0.45, 0.1), line(&[(0.7, 0.45), (0.2, 1.0), (0.82, 0.97)])].concat()]
        }
        3 => vec![[arc((0.47, 0.25), (0.26, 0.25), -0.45, 0.23), arc((0.47, 0.74), (0.3, 0.26), -0.25, 0.42)].concat()],
        4 => vec![line(&[(0.3, 0.0), (0.22, 0.5), (0.75, 0.5)]), line(&[(0.72, 0.05), (0.64, 1.0)])],
        5 => vec![
            [line(&[(0.32, 0.03), (0.27, 0.45)]), arc((0.45, 0.7), (0.3, 0.3), -0.32, 0.42)].concat(),
            line(&[(0.32, 0.03), (0.78, 0.0)]),
        ],
        6 => vec![[line(&[(0.62, 0.0), (0.36, 0.4)]), arc((0.52, 0.72), (0.24, 0.28), -0.5, 0.5)].concat()],
        7 => vec![line(&[(0.2, 0.05), (0.78, 0.0), (0.45, 1.0)])],
        8 => vec![[arc((0.5, 0.24), (0.22, 0.24), 0.2, -0.75), arc((0.5, 0.74), (0.26, 0.26), -0.25, 0.8)].concat()],
        _ => vec![[arc((0.48, 0.27), (0.24, 0.27), 0.0, -1.0), line(&[(0.72, 0.27), (0.62, 1.0)])].concat()],
    }
}

/// A digit drawn `height` pads high, with its middle at `(x, y)`.
pub fn drawn(digit: u8, height: f64, (x, y): (f64, f64)) -> Drawing {
    let strokes = strokes(digit);
    let lengths: Vec<u32> = strokes.iter().map(|stroke| stroke.len() as u32).collect();
    let place = |&(u, v): &(f64, f64)| [(x + (u - 0.5) * height) as f32, (y + (v - 0.5) * height) as f32];
    let points: Vec<f32> = strokes.iter().flatten().flat_map(place).collect();
    Drawing::new(&points, &lengths, &vec![0; lengths.len()], None).unwrap()
}

/// Strokes {points, erase} over an image.
pub fn drawing(strokes: &[(&[(f32, f32)], bool)], image: Option<Vec<f32>>) -> Drawing {
    let points: Vec<f32> = strokes.iter().flat_map(|(points, _)| points.iter().flat_map(|&(x, y)| [x, y])).collect();
    let lengths: Vec<u32> = strokes.iter().map(|(points, _)| points.len() as u32).collect();
    let erase: Vec<u8> = strokes.iter().map(|&(_, erase)| u8::from(erase)).collect();
    Drawing::new(&points, &lengths, &erase, image).unwrap()
}
