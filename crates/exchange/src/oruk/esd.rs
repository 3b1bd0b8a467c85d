//! Published service types for our needs: "English and Welsh services", kept by the Local
//! Government Association (esd / LG Inform Plus, Open Government Licence v3.0, as published
//! in 2022). Which type belongs to which need is the project's own judgement; several types
//! may stand for one need and one type for several. The list is thin where people help each
//! other, so many needs have none.

use kith_domain::directory::NeedCode;

/// One service type and the needs it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceType {
    /// Its number in the list.
    pub number: u32,
    /// Its name in the list.
    pub label: &'static str,
    /// Codes of our needs, the nearest first.
    pub needs: &'static [&'static str],
}

const fn t(number: u32, label: &'static str, needs: &'static [&'static str]) -> ServiceType {
    ServiceType { number, label, needs }
}

/// The types that Kith knows, by number.
#[rustfmt::skip]
pub static ALL: &[ServiceType] = &[
    t(27, "Adult education and learning", &["work-learn"]),
    t(108, "Private tenant advice", &["housing-keep", "housing-find"]),
    t(110, "Housing legal advice", &["housing-keep", "money-legal"]),
    t(112, "Homelessness support", &["housing-tonight"]),
    t(116, "Rent arrears", &["housing-keep"]),
    t(137, "Disabled facilities grant", &["housing-adapt"]),
    t(141, "Housing repairs", &["housing-repairs"]),
    t(162, "Advocacy for carers", &["health-carer", "health-advocate"]),
    t(163, "Counselling", &["health-talk"]),
    t(178, "Home adaptations and aids", &["housing-adapt"]),
    t(189, "Welfare rights advice", &["money-benefits"]),
    t(190, "Benefits advice and assessment", &["money-benefits"]),
    t(225, "Adult carers advice and support", &["health-carer"]),
    t(227, "Respite care for adults", &["health-carer"]),
    t(239, "Disabled people - employment and training schemes", &["work-job", "work-learn"]),
    t(241, "Inclusive leisure and social activities", &["connection-interest", "physical-move"]),
    t(272, "Community and accessible transport", &["connection-travel"]),
    t(298, "Carers support groups", &["health-carer"]),
    t(299, "Disabled people employment advice", &["work-job"]),
    t(328, "Bereavement support", &["health-grief"]),
    t(343, "Employment and training initiatives", &["work-job"]),
    t(451, "Sports facilities", &["physical-move"]),
    t(641, "Sports clubs and groups", &["physical-move", "connection-interest"]),
    t(651, "Debt counselling", &["money-debt"]),
    t(652, "Housing advice", &["housing-find", "housing-keep"]),
    t(676, "Legal advice", &["money-legal"]),
    t(700, "Advice for young people", &["health-young"]),
    t(727, "Alcohol advice and support", &["health-drink-drugs"]),
    t(728, "Advocacy for social care clients", &["health-advocate"]),
    t(730, "Drugs advice and support", &["health-drink-drugs"]),
    t(880, "Energy efficiency", &["money-energy"]),
    t(1054, "Housing Care and Repair scheme", &["housing-repairs", "housing-adapt"]),
    t(1113, "Volunteering", &["connection-useful", "work-try"]),
    t(1284, "Mental health support", &["health-talk"]),
    t(1485, "Anti-social behaviour - neighbour nuisance", &["housing-neighbours"]),
    t(1755, "Carers assessment", &["health-carer"]),
    t(1818, "Food banks", &["money-food"]),
];

impl ServiceType {
    /// The address that names it.
    pub fn uri(&self) -> String {
        format!("http://id.esd.org.uk/service/{}", self.number)
    }
    /// Its short name, as Open Referral UK writes it.
    pub fn curie(&self) -> String {
        format!("esdServiceType:{}", self.number)
    }
    /// Our needs.
    pub fn need_codes(&self) -> impl Iterator<Item = NeedCode> + '_ {
        self.needs.iter().filter_map(|code| NeedCode::parse(code).ok())
    }
}

/// The type with this number.
pub fn find(number: u32) -> Option<&'static ServiceType> {
    ALL.iter().find(|t| t.number == number)
}

/// The types that stand for a need first of all.
pub fn of_need(need: &NeedCode) -> impl Iterator<Item = &'static ServiceType> {
    ALL.iter().filter(move |t| t.needs.first() == Some(&need.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_there_once_and_stands_for_needs_that_exist() {
        for pair in ALL.windows(2) {
            assert!(pair[0].number < pair[1].number, "{} comes twice or out of order", pair[1].number);
        }
        for kind in ALL {
            assert_eq!(kind.need_codes().count(), kind.needs.len(), "{}", kind.label);
        }
        let debt = NeedCode::parse("money-debt").unwrap();
        assert_eq!(of_need(&debt).map(|t| t.number).collect::<Vec<_>>(), [651]);
    }
}
