//! Adding up the evidence: for each field, how much more often two listings of the same thing
//! agree that far (m) than two listings of different things do (u). The weight of a field is
//! log2(m / u), in bits: plus speaks for one thing, minus for two.

use crate::{Field, Frequencies, Level, Prepared, Seen};

/// The numbers of the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// m by field (order of [`Field::ALL`]) and telling level (order of [`Level::TELLING`]): the
    /// share of pairs of one thing that agree that far, among those where both say something.
    pub m: [[f64; 4]; 8],
    /// u, likewise for pairs of different things.
    pub u: [[f64; 4]; 8],
    /// How many doubles are expected for each listing, such as 0.05.
    pub doubles: f64,
    /// From this probability on a pair is put forward as the same. 0.95.
    pub suggest: f64,
    /// From this probability on somebody is asked to look. 0.7.
    pub look: f64,
}

impl Default for Model {
    /// Numbers found by [`estimate`](crate::estimate) over real lists of one metropolitan area
    /// (sports sites, pharmacies, libraries, practices, services for mental health) with doubles
    /// made by changing them as people do; rounded. Levels: different, partly, close, same.
    fn default() -> Model {
        Model {
            m: [
                [0.01, 0.001, 0.001, 0.988],
                [0.02, 0.02, 0.20, 0.76],
                [0.05, 0.05, 0.20, 0.70],
                [0.02, 0.01, 0.15, 0.82],
                [0.03, 0.002, 0.02, 0.948],
                [0.03, 0.12, 0.02, 0.83],
                [0.05, 0.10, 0.02, 0.83],
                [0.02, 0.18, 0.05, 0.75],
            ],
            u: [
                [0.999_8, 0.000_05, 0.000_05, 0.000_1],
                [0.919, 0.07, 0.002, 0.009],
                [0.90, 0.03, 0.02, 0.05],
                [0.973_5, 0.022, 0.004, 0.000_5],
                [0.996_5, 0.000_5, 0.001, 0.002],
                [0.973_8, 0.016, 0.000_2, 0.01],
                [0.949_8, 0.037, 0.000_2, 0.013],
                [0.55, 0.05, 0.01, 0.39],
            ],
            doubles: 0.05,
            suggest: 0.95,
            look: 0.7,
        }
    }
}

/// How many usual listings the count of a list is drawn towards.
const USUAL: f64 = 60.0;

/// What is to be done about a pair. Merging is not among it: somebody decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// They are held to be two.
    Apart,
    /// They may be one: somebody looks.
    Look,
    /// They are very likely one: put forward, for somebody to say yes or no.
    Suggest,
}

/// What one field says about a pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// What was seen.
    pub seen: Seen,
    /// Bits for (plus) or against (minus) one thing.
    pub bits: f64,
}

impl Part {
    /// In words, as the reason beside the weight. None where nothing is known.
    pub fn words(&self) -> Option<&'static str> {
        let Seen { field, level, .. } = self.seen;
        Some(match (field, level) {
            (_, Level::Unknown) => return None,
            (Field::Identifier, Level::Same) => "The same number in a register",
            (Field::Identifier, _) => "Different numbers in a register",
            (Field::Name, Level::Same) => "The same name",
            (Field::Name, Level::Close) => "Nearly the same name",
            (Field::Name, Level::Partly) => "Names with something in common",
            (Field::Name, Level::Different) => "Different names",
            (Field::Organisation, Level::Same) => "The same organisation",
            (Field::Organisation, Level::Close) => "Nearly the same organisation",
            (Field::Organisation, Level::Partly) => "Organisations with something in common",
            (Field::Organisation, Level::Different) => "Different organisations",
            (Field::Place, Level::Same) => "The same address",
            (Field::Place, Level::Close) => "The same postcode, or very near",
            (Field::Place, Level::Partly) => "The same part of town, but another address",
            (Field::Place, Level::Different) => "Different addresses",
            (Field::Phone, Level::Same) => "The same telephone number",
            (Field::Phone, Level::Close | Level::Partly) => "Telephone numbers that differ in one digit",
            (Field::Phone, Level::Different) => "Different telephone numbers",
            (Field::Web, Level::Same) => "The same web page",
            (Field::Web, Level::Close) => "Nearly the same web address",
            (Field::Web, Level::Partly) => "The same website, another page",
            (Field::Web, Level::Different) => "Different websites",
            (Field::Email, Level::Same) => "The same e-mail address",
            (Field::Email, Level::Close) => "Nearly the same e-mail address",
            (Field::Email, Level::Partly) => "E-mail addresses of the same organisation",
            (Field::Email, Level::Different) => "Different e-mail addresses",
            (Field::Kind, Level::Same) => "The same kind of service",
            (Field::Kind, Level::Close | Level::Partly) => "Kinds of service that overlap",
            (Field::Kind, Level::Different) => "Different kinds of service",
        })
    }
}

/// What is thought of a pair, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Every field, in the order of [`Field::ALL`].
    pub parts: Vec<Part>,
    /// All bits together.
    pub bits: f64,
    /// How likely it is that the two are one, 0 to 1.
    pub probability: f64,
    /// What is to be done.
    pub band: Band,
    /// Alike in name, and at two places that are both known: the same service at another place,
    /// which is not a double.
    pub another_place: bool,
    /// Names that have nothing in common, and no register knows them as one: two services, which may
    /// share their organisation, house, telephone and website.
    pub another_service: bool,
}

impl Verdict {
    /// The reasons that count, the weightiest first: words and bits.
    pub fn reasons(&self) -> Vec<(&'static str, f64)> {
        let mut found: Vec<_> = self.parts.iter().filter_map(|p| Some((p.words()?, p.bits))).collect();
        found.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        found
    }
}

impl Model {
    /// What to think of a pair whose fields [`compare`](crate::compare) saw, among the listings
    /// that `frequencies` counted.
    pub fn judge(&self, seen: &[Seen], listings: usize) -> Verdict {
        let parts: Vec<Part> = seen.iter().map(|s| Part { seen: *s, bits: self.bits(s, listings) }).collect();
        let bits: f64 = parts.iter().map(|p| p.bits).sum();
        // Of n listings with d doubles each there are d n pairs of one thing among n (n - 1) / 2.
        let odds = 2.0 * self.doubles / (listings.max(2) - 1) as f64;
        let probability = 1.0 / (1.0 + (-(bits * std::f64::consts::LN_2 + odds.ln())).exp());
        let level = |field| seen.iter().find(|s| s.field == field).map_or(Level::Unknown, |s| s.level);
        let elsewhere = matches!(level(Field::Place), Level::Different | Level::Partly);
        let another_place =
            elsewhere && level(Field::Name) >= Level::Close && level(Field::Identifier) != Level::Same;
        let another_service =
            level(Field::Name) == Level::Different && level(Field::Identifier) != Level::Same;
        let band = match probability {
            _ if another_place || another_service => Band::Apart,
            p if p >= self.suggest => Band::Suggest,
            p if p >= self.look => Band::Look,
            _ => Band::Apart,
        };
        Verdict { parts, bits, probability, band, another_place, another_service }
    }

    /// The weight of one field. Where two agree on a value, u is how common that value is: as it was
    /// counted, drawn towards the model's u as if [`USUAL`] more listings had been counted that are as
    /// usual. In a list of ten, one other with the same name says little about how rare it is.
    fn bits(&self, seen: &Seen, listings: usize) -> f64 {
        let Some(at) = Level::TELLING.iter().position(|l| *l == seen.level) else { return 0.0 };
        let (m, u) = (self.m[seen.field.at()][at], self.u[seen.field.at()][at]);
        let counted = listings as f64;
        let common = seen.common.map_or(u, |c| (c * counted + USUAL * u) / (counted + USUAL));
        (m / common).log2()
    }
}

/// What is worth somebody's time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Suggestions {
    /// Pairs to look at or put forward, the likeliest first, with the verdict on each.
    pub pairs: Vec<(crate::Pair, Verdict)>,
    /// What was too common to compare by ([`Pairs::too_common`](crate::Pairs)).
    pub too_common: Vec<(crate::Block, String, usize)>,
}

/// Which pairs of a list may be one. `most` is for [`pairs`](crate::pairs).
pub fn suggestions(model: &Model, listings: &[crate::Listing], most: usize) -> Suggestions {
    let prepared: Vec<Prepared> = listings.iter().map(Prepared::of).collect();
    let frequencies = Frequencies::of(&prepared);
    let crate::Pairs { pairs, too_common } = crate::pairs(listings, most);
    let mut pairs: Vec<_> = pairs
        .into_iter()
        .map(|pair| {
            let seen = crate::compare(&prepared[pair.one], &prepared[pair.other], &frequencies);
            let verdict = model.judge(&seen, listings.len());
            (pair, verdict)
        })
        .filter(|(_, verdict)| verdict.band > Band::Apart)
        .collect();
    pairs.sort_by(|a, b| b.1.bits.total_cmp(&a.1.bits).then_with(|| a.0.cmp(&b.0)));
    Suggestions { pairs, too_common }
}
