//! Decimal numbers of tables. The standard library's parser has tables of 10 kB, which do not compress; it rounds the last bit rightly, which no pixel needs.

/// Digits that are kept: all whole numbers of so many fit.
const DIGITS: u32 = 18;

/// The number that a cell is, with at most one bit of rounding: `-1.5`, `2.5e+02`, `nan`, `inf`.
pub fn number(cell: &[u8]) -> Option<f64> {
    let (sign, digits) = match cell {
        [b'-', rest @ ..] => (-1.0, rest),
        [b'+', rest @ ..] => (1.0, rest),
        _ => (1.0, cell),
    };
    if digits.eq_ignore_ascii_case(b"nan") {
        return Some(f64::NAN);
    }
    if digits.eq_ignore_ascii_case(b"inf") {
        return Some(sign * f64::INFINITY);
    }
    let end = digits.iter().position(|byte| matches!(byte, b'e' | b'E'));
    let (mantissa, power) = digits.split_at(end.unwrap_or(digits.len()));
    let mut exponent = if power.is_empty() { 0 } else { whole(&power[1..])? };
    let (mut value, mut kept, mut point, mut any) = (0_u64, 0, false, false);
    for &byte in mantissa {
        match byte {
            b'.' if !point => point = true,
            b'0'..=b'9' => {
                any = true;
                let is_kept = kept < DIGITS;
                if is_kept {
                    value = value * 10 + u64::from(byte - b'0');
                    kept += u32::from(value > 0);
                }
                exponent += i32::from(!is_kept) - i32::from(point);
            }
            _ => return None,
        }
    }
    // Whole powers of ten are exact up to 10^22, and the quotient of two exact numbers is rounded once.
    let scale = 10_f64.powi(exponent.abs());
    let value = value as f64;
    any.then_some(sign * if exponent < 0 { value / scale } else { value * scale })
}

/// A small whole number with a sign.
fn whole(text: &[u8]) -> Option<i32> {
    let number: i32 = str::from_utf8(text).ok()?.parse().ok()?;
    (number.abs() < 400).then_some(number)
}
