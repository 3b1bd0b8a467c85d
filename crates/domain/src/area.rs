//! The six areas of life, and how sensitive a thing is.

use serde::{Deserialize, Serialize};

/// An area of life in a plan, or the two that stand beside them in the access rules.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// Health and social care.
    HealthAndCare,
    /// Housing.
    Housing,
    /// Work and learning.
    WorkAndLearning,
    /// Physical health.
    PhysicalHealth,
    /// Social connection.
    Connection,
    /// Money.
    Money,
    /// Safety plan, safeguarding, worries. Not one of the six; never shared by default.
    Safety,
    /// Name, contact, who is involved. Not one of the six.
    Identity,
}

impl Area {
    /// The six areas of a plan, in the order pages show them.
    pub const SIX: [Area; 6] = [
        Area::HealthAndCare,
        Area::Housing,
        Area::WorkAndLearning,
        Area::PhysicalHealth,
        Area::Connection,
        Area::Money,
    ];
    /// The six and the two beside them.
    pub const ALL: [Area; 8] = [
        Area::HealthAndCare,
        Area::Housing,
        Area::WorkAndLearning,
        Area::PhysicalHealth,
        Area::Connection,
        Area::Money,
        Area::Safety,
        Area::Identity,
    ];

    /// The name on pages.
    pub fn title(self) -> &'static str {
        match self {
            Area::HealthAndCare => "Health and social care",
            Area::Housing => "Housing",
            Area::WorkAndLearning => "Work and learning",
            Area::PhysicalHealth => "Physical health",
            Area::Connection => "Being with people",
            Area::Money => "Money",
            Area::Safety => "Staying safe",
            Area::Identity => "Name and contact",
        }
    }

    /// The stored and URL form.
    pub fn code(self) -> &'static str {
        match self {
            Area::HealthAndCare => "health_and_care",
            Area::Housing => "housing",
            Area::WorkAndLearning => "work_and_learning",
            Area::PhysicalHealth => "physical_health",
            Area::Connection => "connection",
            Area::Money => "money",
            Area::Safety => "safety",
            Area::Identity => "identity",
        }
    }

    /// The area with this stored form.
    pub fn from_code(code: &str) -> Option<Area> {
        Area::ALL.into_iter().find(|a| a.code() == code)
    }
}

/// How sensitive a thing is (`reference/reliability.md` 3.2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// Directory entries and figures about nobody.
    S0,
    /// Ordinary support: goals, appointments, adjustments.
    S1,
    /// Health and money detail.
    S2,
    /// Restricted: needs its category named.
    S3,
    /// Sealed: only those on the item's own list.
    S4,
}

impl Sensitivity {
    /// 0 to 4, as the access policies compare it.
    pub fn level(self) -> i64 {
        self as i64
    }
    /// The sensitivity with this level.
    pub fn from_level(level: i64) -> Option<Sensitivity> {
        [Sensitivity::S0, Sensitivity::S1, Sensitivity::S2, Sensitivity::S3, Sensitivity::S4]
            .into_iter()
            .find(|s| s.level() == level)
    }
}

/// What a restricted (S3) thing is about. An agreement must name it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Thoughts of suicide, or keeping safe from them.
    Suicide,
    /// Domestic abuse.
    DomesticAbuse,
    /// Sexual violence.
    SexualViolence,
    /// Alcohol or drugs.
    SubstanceUse,
    /// Sexual health.
    SexualHealth,
    /// Gender history (protected information).
    GenderHistory,
    /// Offending.
    Offending,
    /// Safeguarding.
    Safeguarding,
    /// Immigration. Kith has no field for it; a note about it is restricted.
    Immigration,
}

impl Category {
    /// Every category, once.
    pub const ALL: [Category; 9] = [
        Category::Suicide,
        Category::DomesticAbuse,
        Category::SexualViolence,
        Category::SubstanceUse,
        Category::SexualHealth,
        Category::GenderHistory,
        Category::Offending,
        Category::Safeguarding,
        Category::Immigration,
    ];

    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            Category::Suicide => "suicide",
            Category::DomesticAbuse => "domestic_abuse",
            Category::SexualViolence => "sexual_violence",
            Category::SubstanceUse => "substance_use",
            Category::SexualHealth => "sexual_health",
            Category::GenderHistory => "gender_history",
            Category::Offending => "offending",
            Category::Safeguarding => "safeguarding",
            Category::Immigration => "immigration",
        }
    }
    /// The words on pages.
    pub fn title(self) -> &'static str {
        match self {
            Category::Suicide => "Thoughts of suicide, and keeping safe from them",
            Category::DomesticAbuse => "Harm at home",
            Category::SexualViolence => "Sexual violence",
            Category::SubstanceUse => "Alcohol or drugs",
            Category::SexualHealth => "Sexual health",
            Category::GenderHistory => "Gender before",
            Category::Offending => "Courts and prison",
            Category::Safeguarding => "Safeguarding",
            Category::Immigration => "Coming to this country",
        }
    }
    /// The category with this stored form.
    pub fn from_code(code: &str) -> Option<Category> {
        Category::ALL.into_iter().find(|c| c.code() == code)
    }
}
