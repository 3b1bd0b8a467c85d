//! Names that belong to no one: a given name and a family name from lists, put together
//! by chance. People have one name, nicknames or names in an order of their own too.

mod lists;

use crate::chance::Chance;
use lists::lists;

/// Where a family's names come from. Kept by the generator only: a plan has no place for it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Heritage {
    /// English, also of other families that have long lived here.
    English,
    /// Irish, and Irish Traveller.
    Irish,
    /// Scottish.
    Scottish,
    /// Polish.
    Polish,
    /// Romanian.
    Romanian,
    /// Roma.
    Roma,
    /// Ukrainian.
    Ukrainian,
    /// Portuguese.
    Portuguese,
    /// Pakistani.
    Pakistani,
    /// Bangladeshi.
    Bangladeshi,
    /// Indian.
    Indian,
    /// Nigerian.
    Nigerian,
    /// Ghanaian.
    Ghanaian,
    /// Caribbean.
    Caribbean,
    /// Somali.
    Somali,
    /// Eritrean.
    Eritrean,
    /// Arab.
    Arab,
    /// Kurdish.
    Kurdish,
    /// Chinese.
    Chinese,
    /// Vietnamese.
    Vietnamese,
}

impl Heritage {
    /// Every heritage with its weight in the made-up town, of a thousand.
    pub const TOWN: [(Heritage, u32); 20] = [
        (Heritage::English, 520),
        (Heritage::Irish, 35),
        (Heritage::Scottish, 25),
        (Heritage::Polish, 40),
        (Heritage::Romanian, 20),
        (Heritage::Roma, 12),
        (Heritage::Ukrainian, 12),
        (Heritage::Portuguese, 12),
        (Heritage::Pakistani, 70),
        (Heritage::Bangladeshi, 30),
        (Heritage::Indian, 40),
        (Heritage::Nigerian, 35),
        (Heritage::Ghanaian, 20),
        (Heritage::Caribbean, 65),
        (Heritage::Somali, 20),
        (Heritage::Eritrean, 10),
        (Heritage::Arab, 14),
        (Heritage::Kurdish, 6),
        (Heritage::Chinese, 9),
        (Heritage::Vietnamese, 5),
    ];

    /// Is this one of the heritages for which the unfairness is planted?
    pub fn is_black(self) -> bool {
        matches!(
            self,
            Heritage::Nigerian
                | Heritage::Ghanaian
                | Heritage::Caribbean
                | Heritage::Somali
                | Heritage::Eritrean
        )
    }

    /// A language besides English that a family of this heritage may speak at home.
    pub fn language(self) -> Option<&'static str> {
        Some(match self {
            Heritage::English | Heritage::Irish | Heritage::Scottish | Heritage::Caribbean => return None,
            Heritage::Polish => "Polish",
            Heritage::Romanian => "Romanian",
            Heritage::Roma => "Romani",
            Heritage::Ukrainian => "Ukrainian",
            Heritage::Portuguese => "Portuguese",
            Heritage::Pakistani => "Urdu",
            Heritage::Bangladeshi => "Bengali",
            Heritage::Indian => "Punjabi",
            Heritage::Nigerian => "Yoruba",
            Heritage::Ghanaian => "Twi",
            Heritage::Somali => "Somali",
            Heritage::Eritrean => "Tigrinya",
            Heritage::Arab => "Arabic",
            Heritage::Kurdish => "Kurdish",
            Heritage::Chinese => "Cantonese",
            Heritage::Vietnamese => "Vietnamese",
        })
    }
}

/// Woman, man, or neither: drawn by the generator for names and words only.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Gender {
    /// A woman.
    Woman,
    /// A man.
    Man,
    /// Non-binary.
    NonBinary,
}

/// A made-up name.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Name {
    /// The given name.
    pub given: String,
    /// The family name.
    pub family: String,
}

impl Name {
    /// The whole name, in the order that the family uses.
    pub fn whole(&self) -> String {
        format!("{} {}", self.given, self.family)
    }
}

/// Names of people in public life that the lists could put together by accident. They are
/// drawn again.
const KNOWN: &[&str] = &[
    "Ali Ahmed",
    "Amir Khan",
    "Aamir Khan",
    "Imran Khan",
    "Sajid Javid",
    "Nadia Hussain",
    "Nasir Hussain",
    "Yasmin Qureshi",
    "Shahid Malik",
    "Khalid Mahmood",
    "Omar Sharif",
    "Shah Rukh",
    "Priti Patel",
    "Vikram Singh",
    "Arjun Kapoor",
    "Anil Kapoor",
    "Rishi Kapoor",
    "Deepak Patel",
    "Kavita Kaur",
    "Gordon Strachan",
    "Anwar Ali",
    "Wei Wu",
    "Tariq Ali",
    "Zara Khan",
    "Hassan Ali",
    "Asif Ali",
    "Nurul Islam",
    "Bilal Khan",
    "Adnan Khan",
    "Salma Akter",
    "Rafiq Islam",
    "Mark Winterton",
    "Tom Holland",
    "Lee Westwood",
    "Ray Winstone",
    "Sam Fender",
    "Scott Redding",
];

/// Draws a name.
pub fn draw(chance: &mut Chance, heritage: Heritage, gender: Gender) -> Name {
    loop {
        let name = draw_any(chance, heritage, gender);
        if !KNOWN.contains(&name.whole().as_str()) {
            return name;
        }
    }
}

fn draw_any(chance: &mut Chance, heritage: Heritage, gender: Gender) -> Name {
    let lists = lists(heritage);
    let given = match gender {
        Gender::Woman => word(chance, lists.women),
        Gender::Man => word(chance, lists.men),
        Gender::NonBinary if chance.percent(50) => word(chance, lists.women),
        Gender::NonBinary => word(chance, lists.men),
    };
    let start = word(chance, lists.family);
    let family = if lists.ends.is_empty() { start.to_owned() } else { join(start, word(chance, lists.ends)) };
    let family = match (heritage, gender, family.strip_suffix("ski")) {
        (Heritage::Polish, Gender::Woman, Some(stem)) => format!("{stem}ska"),
        _ => family,
    };
    Name { given: given.to_owned(), family }
}

/// One word of a list with spaces between.
fn word(chance: &mut Chance, list: &'static str) -> &'static str {
    let words: Vec<&'static str> = list.split(' ').collect();
    words[chance.below(words.len())]
}

/// Two halves of a family name, without three of the same letter or two vowels that clash.
fn join(start: &str, end: &str) -> String {
    let last = start.chars().next_back().unwrap_or(' ');
    let first = end.chars().next().unwrap_or(' ');
    let vowel = |c: char| "aeiouy".contains(c);
    let start = if last == first || (vowel(last) && vowel(first)) {
        &start[..start.len() - last.len_utf8()]
    } else {
        start
    };
    format!("{start}{end}")
}

/// Draws a heritage as the town has them.
pub fn heritage(chance: &mut Chance) -> Heritage {
    let weights = Heritage::TOWN.map(|(_, weight)| weight);
    Heritage::TOWN[chance.weighted(&weights)].0
}

/// Draws a gender as the town has them.
pub fn gender(chance: &mut Chance) -> Gender {
    [Gender::Woman, Gender::Man, Gender::NonBinary][chance.weighted(&[490, 490, 20])]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Seed;
    use std::collections::BTreeSet;

    #[test]
    fn many_names_few_repeats_and_nobody_known() {
        let mut chance = Seed(5).stream("names", 0);
        let names: Vec<Name> = (0..4_000)
            .map(|_| {
                let heritage = heritage(&mut chance);
                let gender = gender(&mut chance);
                draw(&mut chance, heritage, gender)
            })
            .collect();
        let whole: BTreeSet<String> = names.iter().map(Name::whole).collect();
        assert!(whole.len() > 3_300, "{}", whole.len());
        assert!(KNOWN.iter().all(|known| !whole.contains(*known)));
        assert!(names.iter().all(|n| n.given.len() >= 2 && n.family.len() >= 2));
        assert!(names.iter().all(|n| n.family.starts_with(char::is_uppercase)));
    }

    #[test]
    fn every_heritage_has_names_used_once_in_its_list() {
        for (heritage, weight) in Heritage::TOWN {
            assert!(weight > 0);
            let l = lists(heritage);
            for list in [l.women, l.men, l.family] {
                let words: Vec<&str> = list.split(' ').collect();
                let once: BTreeSet<&&str> = words.iter().collect();
                assert_eq!(once.len(), words.len(), "{heritage:?}: {list}");
                assert!(words.len() >= 15, "{heritage:?}");
            }
        }
        assert_eq!(Heritage::TOWN.iter().map(|(_, w)| w).sum::<u32>(), 1_000);
    }

    #[test]
    fn halves_are_joined_without_clashes() {
        assert_eq!(join("Moss", "side"), "Mosside");
        assert_eq!(join("Apple", "ing"), "Appling");
        assert_eq!(join("O'Br", "ehan"), "O'Brehan");
    }
}
