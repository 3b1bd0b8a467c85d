//! The NHS number.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An NHS number: ten digits with a Modulus 11 check digit (NHS Data Dictionary, "NHS
/// number"). It is never proof of who somebody is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NhsNumber([u8; 10]);

/// The text was not an NHS number. Carries nothing of the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotAnNhsNumber {
    /// Not ten digits.
    #[error("An NHS number has 10 digits, like 999 000 0018")]
    Shape,
    /// The last digit does not fit the others.
    #[error("Check the number again: one of the digits does not fit the others")]
    CheckDigit,
}

impl NhsNumber {
    /// Reads ten digits, with spaces or hyphens between them or not.
    ///
    /// # Errors
    /// Not ten digits, or the check digit does not fit.
    pub fn parse(text: &str) -> Result<NhsNumber, NotAnNhsNumber> {
        let mut digits = [0_u8; 10];
        let mut n = 0;
        for c in text.trim().chars().filter(|c| !matches!(c, ' ' | '-' | '\u{a0}')) {
            let digit = c.to_digit(10).ok_or(NotAnNhsNumber::Shape)?;
            *digits.get_mut(n).ok_or(NotAnNhsNumber::Shape)? =
                u8::try_from(digit).expect("a digit is below 10");
            n += 1;
        }
        if n != 10 {
            return Err(NotAnNhsNumber::Shape);
        }
        let sum: u32 = digits[..9].iter().zip((2..=10).rev()).map(|(&d, weight)| u32::from(d) * weight).sum();
        let check = (11 - sum % 11) % 11;
        if check == u32::from(digits[9]) { Ok(NhsNumber(digits)) } else { Err(NotAnNhsNumber::CheckDigit) }
    }

    /// The ten digits without spaces.
    pub fn digits(self) -> String {
        self.0.iter().map(|d| char::from(b'0' + d)).collect()
    }
}

impl fmt::Display for NhsNumber {
    /// As it is printed on letters: 3, 3 and 4 digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let d = self.digits();
        write!(f, "{} {} {}", &d[..3], &d[3..6], &d[6..])
    }
}
impl From<NhsNumber> for String {
    fn from(number: NhsNumber) -> String {
        number.digits()
    }
}
impl TryFrom<String> for NhsNumber {
    type Error = NotAnNhsNumber;
    fn try_from(text: String) -> Result<NhsNumber, NotAnNhsNumber> {
        NhsNumber::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nhs_numbers_with_a_fitting_check_digit_are_read() {
        for good in [
            "9434765919",
            "943 476 5870",
            "944-930-6753",
            "9912003888",
            "9990000018",
            "9000000009",
            "4010232137",
        ] {
            assert!(NhsNumber::parse(good).is_ok(), "{good}");
        }
        assert_eq!(NhsNumber::parse("9434765919").unwrap().to_string(), "943 476 5919");
    }

    #[test]
    fn others_are_not() {
        for bad in ["4587578542", "1234567890", "9434765918"] {
            assert_eq!(NhsNumber::parse(bad), Err(NotAnNhsNumber::CheckDigit), "{bad}");
        }
        for bad in ["", "943476591", "94347659190", "943476591X", "٩٤٣٤٧٦٥٩١٩"] {
            assert_eq!(NhsNumber::parse(bad), Err(NotAnNhsNumber::Shape), "{bad}");
        }
    }
}
