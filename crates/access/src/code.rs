//! One small macro: an enumeration whose members have a stored form. The stored form is
//! the word that policies, the journal and the look log use.

/// Declares an enumeration with `ALL`, `code` and `from_code`, stored as its code.
macro_rules! codes {
    (
        $(#[$doc:meta])*
        pub enum $name:ident { $( $(#[$each:meta])* $member:ident = $code:literal ),+ $(,)? }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
        pub enum $name { $( $(#[$each])* #[serde(rename = $code)] $member ),+ }

        impl $name {
            /// Every member, once, in order.
            pub const ALL: &'static [$name] = &[$($name::$member),+];

            /// The stored form.
            pub fn code(self) -> &'static str {
                match self { $($name::$member => $code),+ }
            }

            /// The member with this stored form.
            pub fn from_code(code: &str) -> Option<$name> {
                match code { $($code => Some($name::$member),)+ _ => None }
            }
        }
    };
}

pub(crate) use codes;
