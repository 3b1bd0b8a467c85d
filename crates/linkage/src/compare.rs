//! Field by field: how far two listings agree, and how common what they agree on is.

use crate::{Listing, forms};
use std::collections::{BTreeMap, BTreeSet};

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The name.
    Name,
    /// The organisation.
    Organisation,
    /// Where it is.
    Place,
    /// The telephone number.
    Phone,
    /// The web address.
    Web,
    /// The e-mail address.
    Email,
    /// A number given by a register.
    Identifier,
    /// What kind of service it is.
    Kind,
}

impl Field {
    /// Every field, in the order in which reasons are told.
    pub const ALL: [Field; 8] = [
        Field::Identifier,
        Field::Name,
        Field::Organisation,
        Field::Place,
        Field::Phone,
        Field::Web,
        Field::Email,
        Field::Kind,
    ];

    /// Its place in tables of numbers.
    pub(crate) fn at(self) -> usize {
        Field::ALL.iter().position(|f| *f == self).expect("every field is in the list")
    }
}

/// How far two agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// At least one of them does not say.
    Unknown,
    /// They differ.
    Different,
    /// They have something in common.
    Partly,
    /// Nearly the same, as by a slip of the pen.
    Close,
    /// The same.
    Same,
}

impl Level {
    /// The levels that are evidence, from least to most alike.
    pub const TELLING: [Level; 4] = [Level::Different, Level::Partly, Level::Close, Level::Same];
}

/// One field of a pair, compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// The field.
    pub field: Field,
    /// How far they agree.
    pub level: Level,
    /// How common what they agree on is among all other listings, 0 to 1, when they agree: two
    /// that share a switchboard of fifty are less alike than two that share a number nobody else
    /// has (term frequencies, after Winkler).
    pub common: Option<f64>,
}

/// A listing in the forms in which it is compared, made once.
#[derive(Clone, Debug, Default)]
pub struct Prepared {
    name: String,
    organisation: String,
    postcode: Option<String>,
    address: Vec<String>,
    /// The words before the first comma: house and street, or the name of the building.
    head: Vec<String>,
    point: Option<(f64, f64)>,
    phones: BTreeSet<String>,
    web: Option<(String, String)>,
    email: Option<(String, String)>,
    identifiers: BTreeMap<String, String>,
    kinds: String,
    kind_set: BTreeSet<String>,
}

impl Prepared {
    /// Brings a listing to its comparable forms.
    pub fn of(l: &Listing) -> Prepared {
        let value = |v: &str| forms::plain(v).replace(' ', "").trim_start_matches('0').to_owned();
        let kind_set: BTreeSet<String> = l.kinds.iter().map(|k| forms::plain(k)).collect();
        Prepared {
            name: name_key(&l.name),
            organisation: name_key(&l.organisation),
            postcode: forms::postcode(&l.postcode),
            address: forms::address_words(&l.address),
            head: forms::address_words(l.address.split(',').next().unwrap_or_default()),
            point: l.point,
            phones: l.phones.iter().filter_map(|p| forms::phone(p)).collect(),
            web: forms::web(&l.web),
            email: forms::email(&l.email),
            identifiers: l
                .identifiers
                .iter()
                .map(|(s, v)| (forms::plain(s), value(v)))
                .filter(|(_, v)| !v.is_empty())
                .collect(),
            kinds: kind_set.iter().cloned().collect::<Vec<_>>().join("|"),
            kind_set,
        }
    }

    /// What is counted, each once.
    fn values(&self) -> BTreeSet<(Field, &str)> {
        let one = [
            (Field::Name, Some(self.name.as_str())),
            (Field::Organisation, Some(self.organisation.as_str())),
            (Field::Place, self.postcode.as_deref()),
            (Field::Web, self.web.as_ref().map(|(host, _)| host.as_str())),
            (Field::Email, self.email.as_ref().map(|(_, host)| host.as_str())),
            (Field::Kind, Some(self.kinds.as_str())),
        ];
        let one =
            one.into_iter().filter_map(|(field, value)| Some((field, value.filter(|v| !v.is_empty())?)));
        one.chain(self.phones.iter().map(|p| (Field::Phone, p.as_str()))).collect()
    }
}

/// How often each value occurs in a list of listings.
#[derive(Clone, Debug, Default)]
pub struct Frequencies {
    listings: usize,
    seen: BTreeMap<Field, BTreeMap<String, usize>>,
}

impl Frequencies {
    /// Counts the values of a list.
    pub fn of(listings: &[Prepared]) -> Frequencies {
        let mut seen: BTreeMap<Field, BTreeMap<String, usize>> = BTreeMap::new();
        for (field, value) in listings.iter().flat_map(Prepared::values) {
            *seen.entry(field).or_default().entry(value.to_owned()).or_insert(0) += 1;
        }
        Frequencies { listings: listings.len(), seen }
    }

    /// The share of listings that have this value besides the two that are compared, and half a
    /// listing for those not seen yet; none when nothing was counted.
    fn share(&self, field: Field, value: &str) -> Option<f64> {
        let others = self.seen.get(&field)?.get(value)?.saturating_sub(2);
        (self.listings > 0).then(|| (others as f64 + 0.5) / self.listings as f64)
    }
}

/// A name as it is counted: its telling words, in the order of the alphabet.
fn name_key(name: &str) -> String {
    let mut words = forms::name_words(name);
    words.sort();
    words.join(" ")
}

/// Every field of a pair, in the order of [`Field::ALL`].
pub fn compare(a: &Prepared, b: &Prepared, frequencies: &Frequencies) -> Vec<Seen> {
    let found = [
        (Field::Identifier, (identifiers(a, b), None)),
        (Field::Name, names(&a.name, &b.name)),
        (Field::Organisation, names(&a.organisation, &b.organisation)),
        (Field::Place, places(a, b)),
        (Field::Phone, phones(a, b)),
        (Field::Web, webs(a, b)),
        (Field::Email, emails(a, b)),
        (Field::Kind, kinds(a, b)),
    ];
    let seen = |(field, (level, value)): (Field, Found<'_>)| Seen {
        field,
        level,
        common: value.and_then(|value| frequencies.share(field, value)),
    };
    found.into_iter().map(seen).collect()
}

/// How far, and on which value when they agree on one.
type Found<'a> = (Level, Option<&'a str>);

const NOTHING: Found<'static> = (Level::Unknown, None);

/// Names by their telling words: the same words in any order; all but a slip (Jaro-Winkler of
/// the words in alphabetical order at least 0.93, one inside the other with two words or more, or
/// the same but for spaces and a slip); something in common (0.80, or half of all words shared).
fn names<'a>(one: &'a str, other: &str) -> Found<'a> {
    if one.is_empty() || other.is_empty() {
        return NOTHING;
    }
    if one == other {
        return (Level::Same, Some(one));
    }
    let (ours, theirs): (Vec<&str>, Vec<&str>) = (one.split(' ').collect(), other.split(' ').collect());
    let shared = shared(&ours, &theirs);
    let short = ours.len().min(theirs.len());
    let whole = strsim::jaro_winkler(one, other);
    // A space that moved or went missing is a slip too.
    let squeezed = slip(&one.replace(' ', ""), &other.replace(' ', ""));
    match () {
        () if squeezed => (Level::Close, None),
        () if whole >= 0.93 && 2 * shared >= short => (Level::Close, None),
        () if shared == short && short >= 2 => (Level::Close, None),
        () if shared >= 1 && (whole >= 0.80 || 4 * shared >= ours.len() + theirs.len()) => {
            (Level::Partly, None)
        }
        () => (Level::Different, None),
    }
}

/// How many words stand on both sides, but for slips.
fn shared<A: AsRef<str>, B: AsRef<str>>(a: &[A], b: &[B]) -> usize {
    let ours = a.iter().filter(|w| b.iter().any(|t| slip(w.as_ref(), t.as_ref()))).count();
    let theirs = b.iter().filter(|t| a.iter().any(|w| slip(w.as_ref(), t.as_ref()))).count();
    ours.min(theirs)
}

/// The same word but for one letter, or two in a long word (Damerau-Levenshtein).
fn slip(a: &str, b: &str) -> bool {
    let allowed = match a.len().min(b.len()) {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    a == b || (a.len().abs_diff(b.len()) <= 4 && strsim::damerau_levenshtein(a, b) <= allowed)
}

/// Places, by the postcode, the line of the address and the points, as far as each is known.
///
/// Same: one postcode and one door; or one house and one street where a postcode is missing or has a
/// slip in it. Close: one postcode; a slip in it and nothing against; one district and under 150 metres;
/// or all words of the shorter line where a postcode is missing. Partly: one district, or under two
/// kilometres.
fn places<'a>(a: &'a Prepared, b: &Prepared) -> Found<'a> {
    let apart = a.point.zip(b.point).map(|(p, q)| forms::metres(p, q));
    let door = Door::of(a, b);
    let (Some(one), Some(other)) = (&a.postcode, &b.postcode) else {
        return match (apart, door) {
            (None | Some(..150.0), Door::House) | (Some(..50.0), Door::Line) => (Level::Same, None),
            (None, Door::Line) | (Some(..150.0), _) => (Level::Close, None),
            (Some(..2_000.0), _) => (Level::Partly, None),
            (Some(_), _) | (None, Door::Another) => (Level::Different, None),
            (None, Door::Unknown | Door::Perhaps) => NOTHING,
        };
    };
    if one == other {
        let same = matches!(door, Door::House | Door::Line | Door::Perhaps);
        return (if same { Level::Same } else { Level::Close }, Some(one));
    }
    let district = forms::outward(one) == forms::outward(other);
    let near = district && apart.is_some_and(|m| m < 150.0);
    let slip = strsim::damerau_levenshtein(one, other) == 1 && apart.is_none_or(|m| m < 500.0);
    match door {
        Door::House if slip || near => (Level::Same, None),
        Door::House | Door::Line | Door::Perhaps | Door::Unknown if slip || near => (Level::Close, None),
        _ if district || apart.is_some_and(|m| m < 2_000.0) => (Level::Partly, None),
        _ => (Level::Different, None),
    }
}

/// What the lines of two addresses say about being one door.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Door {
    /// One of them has no line.
    Unknown,
    /// Another house number, or no word of the first part in common.
    Another,
    /// Something in common.
    Perhaps,
    /// All words of the shorter first part, and at least half of the shorter whole line.
    Line,
    /// As `Line`, and one house number.
    House,
}

impl Door {
    fn of(a: &Prepared, b: &Prepared) -> Door {
        if a.head.is_empty() || b.head.is_empty() {
            return Door::Unknown;
        }
        let (ours, theirs) = (house(&a.address), house(&b.address));
        let both = ours.is_some() && theirs.is_some();
        let heads = shared(&a.head, &b.head);
        let whole = heads == a.head.len().min(b.head.len());
        let half = 2 * shared(&a.address, &b.address) >= a.address.len().min(b.address.len());
        match () {
            () if both && ours != theirs => Door::Another,
            () if both && whole && half => Door::House,
            () if whole && half => Door::Line,
            () if heads > 0 || both => Door::Perhaps,
            () => Door::Another,
        }
    }
}

/// The first number of an address line.
fn house(words: &[String]) -> Option<&str> {
    words.iter().map(String::as_str).find(|w| w.starts_with(|c: char| c.is_ascii_digit()))
}

fn phones<'a>(a: &'a Prepared, b: &Prepared) -> Found<'a> {
    if a.phones.is_empty() || b.phones.is_empty() {
        return NOTHING;
    }
    if let Some(shared) = a.phones.iter().find(|p| b.phones.contains(*p)) {
        return (Level::Same, Some(shared));
    }
    let near = a.phones.iter().any(|p| b.phones.iter().any(|q| strsim::damerau_levenshtein(p, q) == 1));
    (if near { Level::Close } else { Level::Different }, None)
}

/// Web addresses: the same page; the same host (partly: whole chains share one).
fn webs<'a>(a: &'a Prepared, b: &Prepared) -> Found<'a> {
    let (Some(one), Some(other)) = (&a.web, &b.web) else { return NOTHING };
    match () {
        () if one == other => (Level::Same, Some(&one.0)),
        () if one.0 == other.0 => (Level::Partly, Some(&one.0)),
        () if strsim::damerau_levenshtein(&one.0, &other.0) == 1 => (Level::Close, None),
        () => (Level::Different, None),
    }
}

fn emails<'a>(a: &'a Prepared, b: &Prepared) -> Found<'a> {
    let (Some(one), Some(other)) = (&a.email, &b.email) else { return NOTHING };
    match () {
        () if one.0 == other.0 => (Level::Same, Some(&one.1)),
        () if strsim::damerau_levenshtein(&one.0, &other.0) == 1 => (Level::Close, None),
        () if one.1 == other.1 => (Level::Partly, Some(&one.1)),
        () => (Level::Different, None),
    }
}

/// Numbers of one register: the same, or different; nothing when no register knows both.
fn identifiers(a: &Prepared, b: &Prepared) -> Level {
    let both: Vec<bool> =
        a.identifiers.iter().filter_map(|(s, v)| Some(b.identifiers.get(s)? == v)).collect();
    match () {
        () if both.is_empty() => Level::Unknown,
        () if both.contains(&true) => Level::Same,
        () => Level::Different,
    }
}

fn kinds<'a>(a: &'a Prepared, b: &Prepared) -> Found<'a> {
    match () {
        () if a.kind_set.is_empty() || b.kind_set.is_empty() => NOTHING,
        () if a.kind_set == b.kind_set => (Level::Same, Some(&a.kinds)),
        () if !a.kind_set.is_disjoint(&b.kind_set) => (Level::Partly, None),
        () => (Level::Different, None),
    }
}
