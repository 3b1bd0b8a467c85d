//! Services for housing and money.

use super::{Is, Line, s};

/// The lines.
#[rustfmt::skip]
pub(super) const LINES: &[Line] = &[
    s("harbour", "harbour", "Harbour House supported housing", "Cindermill", "housing-supported",
        "Fourteen rooms with your own front door and staff day and night. People stay up to two years.", 'w', 80)
        .joins("referral").at("Mon-Sun all day").is(&[Is::From(18), Is::NoSubstance, Is::NotFor("people who have set fires"), Is::Adjusts("adj-step-free adj-visit")]),
    s("larch", "larch", "Larch Court supported living", "Larkmead", "housing-supported", "Ten flats with support in the day. Shared garden.", 'w', 95)
        .joins("referral").at("Mon-Fri 8am-8pm").is(&[Is::From(18), Is::Adjusts("adj-visit adj-photos")]),
    s("millrace", "millrace", "Millrace Homes", "Weir Street", "housing-supported", "Shared houses with a worker who calls in each day.", 'f', 110).joins("referral").at("Mon-Fri 9am-5pm").is(&[Is::From(18), Is::SubstanceOk]),
    s("housing_options", "housing_options", "Housing options", "Market Quarter", "housing-find housing-tonight housing-keep", "The council's team for people without a home or about to lose one. You can go without an appointment.", 'o', 5)
        .joins("walk_in ask referral").at("Mon-Fri 9am-4pm").is(&[Is::From(16), Is::SubstanceOk, Is::Speaks("Polish Romanian Somali"), Is::Adjusts("adj-companion adj-interpreter")]),
    s("rough", "housing_options", "Street outreach", "Station Road", "housing-tonight", "Workers who walk the town early in the morning and late at night, with hot drinks, dry clothes and a way in.", 'o', 1)
        .joins("ask walk_in").at("Mon-Sun 5am-9am").is(&[Is::SubstanceOk, Is::Adjusts("adj-late-ok adj-missed-ok")]),
    s("night", "breakfast", "Winter night shelter", "St Aldric's", "housing-tonight", "Camp beds, supper and breakfast in the church hall, November to March. Dogs are welcome.", 'o', 1)
        .joins("walk_in ask").at("Mon-Sun 8pm-8am").is(&[Is::From(18), Is::SubstanceOk, Is::Adjusts("adj-near-exit")]),
    s("refuge", "sorrel", "Sorrel House refuge", "", "housing-tonight housing-supported health-trauma", "A safe house for women and their children. The address is secret.", 'f', 4)
        .joins("ask referral").how("phone").at("Mon-Sun all day").is(&[Is::Women("All women, trans women included; each room has its own lock and bathroom."), Is::Secret, Is::SubstanceOk, Is::Speaks("Urdu Polish Arabic"), Is::Adjusts("adj-private adj-interpreter")]),
    s("floating", "harbour", "Support in your own home", "Cindermill", "housing-keep housing-set-up", "A worker visits each week to help with bills, letters, neighbours and getting settled.", 'o', 21).joins("referral ask").how("home_visit").at("Mon-Fri 9am-5pm").is(&[Is::From(18), Is::SubstanceOk, Is::Adjusts("adj-home adj-same-person")]),
    s("tenancy", "millrace", "Keep my tenancy", "Tanyard", "housing-keep housing-neighbours", "Stands beside you with landlord, neighbours and the court.", 'o', 14).joins("referral ask").how("home_visit in_person").at("Mon-Fri 9am-5pm").is(&[Is::From(18), Is::SubstanceOk]),
    s("repairs", "advice", "Damp, mould and repairs advice", "Market Quarter", "housing-repairs", "Letters to landlords, and to the council when they do not answer.", 'o', 8).joins("walk_in ask").how("in_person phone").at("Mon,Wed 10am-3pm").is(&[Is::SubstanceOk]),
    s("hoarding", "larch", "A home that is too full", "Larkmead", "housing-hoarding", "One-to-one help, a little at a time. Nothing leaves your home unless you say so.", 'w', 60).joins("referral").how("home_visit").at("Mon-Thu 10am-4pm").is(&[Is::From(18)]),
    s("furniture", "breakfast", "Furniture from neighbours", "Tanyard", "housing-set-up", "Beds, tables, pots and curtains, given and brought by volunteers.", 'o', 6).joins("referral ask").at("Sat 10am-1pm").is(&[Is::SubstanceOk, Is::Costs("free")]),
    s("adaptations", "social_care", "Rails and ramps", "Market Quarter", "housing-adapt", "An occupational therapist looks at your home with you.", 'w', 50).joins("referral").how("home_visit").at("Mon-Fri 9am-5pm").is(&[]),
    s("debt", "debthelp", "Debt advice", "Market Quarter", "money-debt", "Free debt advice by people trained to do it. They know about Mental Health Crisis Breathing Space.", 'o', 11)
        .joins("ask referral").how("in_person phone home_visit").at("Mon-Fri 9:30am-4:30pm").is(&[Is::From(18), Is::SubstanceOk, Is::Speaks("Urdu Polish"), Is::Adjusts("adj-companion adj-breaks adj-home adj-written adj-longer")]),
    s("benefits", "debthelp", "Benefits advice", "St Aldric's", "money-benefits", "Help to claim, to fill in forms, to ask again when they say no, and to get back what was stopped. Also at the Tuesday breakfast.", 'o', 9)
        .joins("ask referral walk_in").how("in_person phone").at("Mon-Fri 9:30am-4:30pm").is(&[Is::From(16), Is::SubstanceOk, Is::Speaks("Urdu"), Is::Adjusts("adj-companion adj-breaks adj-written adj-dont-repeat adj-late-ok")]),
    s("advice_shop", "advice", "Advice Shop", "Market Quarter", "money-benefits money-debt money-legal housing-keep", "Drop in with any letter that worries you.", 'o', 4)
        .joins("walk_in").how("in_person phone").at("Mon-Fri 10am-3pm").is(&[Is::SubstanceOk, Is::Speaks("Punjabi Urdu Romanian"), Is::Adjusts("adj-private adj-language")]),
    s("appeals", "advice", "Appeals and tribunals", "Market Quarter", "money-benefits money-legal", "Somebody prepares your appeal and sits beside you on the day.", 'w', 40).joins("referral").at("Tue,Thu 10am-4pm").is(&[Is::From(16), Is::Adjusts("adj-companion adj-interpreter adj-written")]),
    s("court_desk", "advice", "Court desk", "Market Quarter", "money-legal housing-keep", "A duty adviser in the county court on Tuesdays, for people about to lose their home.", 'o', 1).joins("walk_in").at("Tue 9am-1pm").is(&[Is::SubstanceOk]),
    s("foodbank", "breakfast", "Brackenford food bank", "St Aldric's", "money-food", "Three days of food. Any worker can give you a voucher, and the first time you need none.", 'o', 0).joins("walk_in ask").at("Mon,Thu 11am-2pm").is(&[Is::SubstanceOk, Is::Costs("free")]),
    s("pantry", "breakfast", "Community pantry", "Quarry Estate", "money-food", "Ten items for £4, chosen by you.", 'o', 0).joins("walk_in").at("Wed 2pm-5pm").is(&[Is::SubstanceOk, Is::Costs("£4 a visit")]),
    s("energy", "debthelp", "Warm home help", "Tanyard", "money-energy", "Top-up vouchers, talks with your supplier, thick curtains.", 'o', 3).joins("ask referral walk_in").how("in_person phone home_visit").at("Mon-Fri 10am-4pm").is(&[Is::SubstanceOk]),
    s("budget", "debthelp", "Money, a little at a time", "Market Quarter", "money-budget", "Help to plan money around good and bad weeks, open a bank account, or say no to lending.", 'o', 15).joins("ask referral").how("in_person phone").at("Mon-Fri 10am-4pm").is(&[Is::From(18), Is::SubstanceOk]),
    s("grants", "carers", "Hardship grants", "Lammas Park", "money-grants housing-set-up", "Small grants for a cooker, shoes, a bus pass, a school trip. Decided within a week.", 'o', 7).joins("referral").how("phone online").at("Mon-Fri 9am-5pm").is(&[Is::SubstanceOk]),
    s("papers", "housing_options", "ID and post", "Station Road", "money-papers", "A birth certificate, a first ID, and an address for your post.", 'o', 6).joins("walk_in ask").at("Mon-Fri 9am-12pm").is(&[Is::SubstanceOk]),
];
