//! Services for health, daily life and physical health.

use super::{Is, Line, s};

/// The lines.
#[rustfmt::skip]
pub(super) const LINES: &[Line] = &[
    s("community", "community", "Community mental health team", "St Aldric's", "health-key-worker health-medicine",
        "Nurses, doctors, psychologists and occupational therapists for people with severe mental illness. One worker stays with you.", 'w', 56)
        .joins("referral").at("Mon-Fri 9am-5pm").is(&[Is::From(18), Is::SubstanceOk, Is::Adjusts("adj-same-person adj-longer adj-home adj-companion adj-interpreter adj-bsl")]),
    s("early", "community", "First time team", "Market Quarter", "health-key-worker health-young health-talk",
        "For people aged 16 to 35 who hear or see things others do not, for the first time. Family are welcome if you want them.", 'o', 14)
        .joins("referral ask").at("Mon-Fri 9am-6pm").is(&[Is::Ages(16, 35), Is::SubstanceOk, Is::Adjusts("adj-home adj-same-person adj-later adj-companion")]),
    s("talking", "talking", "Talking therapies", "Market Quarter", "health-talk",
        "Talking therapy for worry and low mood. By phone, video or face to face.", 'w', 70)
        .joins("referral ask").how("in_person phone online").at("Mon-Thu 8am-8pm").is(&[Is::From(16), Is::NotFor("people a community team is helping now"), Is::Speaks("Urdu Polish"), Is::Adjusts("adj-remote adj-later adj-large-print")]),
    s("trauma", "talking", "Trauma therapy", "St Aldric's", "health-trauma health-talk",
        "Longer therapy after abuse, violence or war. You set the pace.", 'w', 150)
        .joins("referral").at("Mon-Fri 9am-5pm").is(&[Is::From(18), Is::NoSubstance, Is::Adjusts("adj-choice-gender adj-same-person adj-private adj-interpreter")]),
    s("voices", "community", "Hearing voices therapy", "St Aldric's", "health-talk health-peer",
        "One-to-one work to get on better with the voices you hear. You do not have to believe they are an illness.", 'w', 90)
        .joins("referral").at("Tue 10am-4pm").is(&[Is::From(18), Is::NeedsDiagnosis, Is::Adjusts("adj-same-person adj-quiet")]),
    s("crisis_cafe", "peers", "The Lantern evening space", "Market Quarter", "health-crisis",
        "A calm room with tea and people to talk to, when things get too much. Open every evening. It does not replace 999.", 'o', 0)
        .joins("walk_in").at("Mon-Sun 6pm-11pm").is(&[Is::From(18), Is::SubstanceOk, Is::Adjusts("adj-quiet adj-near-exit adj-step-free")]),
    s("home_treatment", "crisis", "Crisis and home treatment", "St Aldric's", "health-crisis",
        "Visits at home, up to three times a day, instead of hospital. Referred by professionals by telephone, never through Kith alone.", 'a', 1)
        .joins("referral").how("home_visit phone").at("Mon-Sun 8am-9pm").is(&[Is::From(18), Is::SubstanceOk]),
    s("depot", "community", "Depot and clozapine clinic", "St Aldric's", "health-medicine physical-check",
        "Injections and blood tests without a long wait. A pharmacist answers questions about side effects.", 'o', 10)
        .joins("referral").at("Mon-Fri 9am-1pm").is(&[Is::From(18), Is::Adjusts("adj-first-last adj-same-person")]),
    s("advocacy", "carers", "Brackenford Advocacy", "Market Quarter", "health-advocate",
        "An advocate who is on your side: on the ward, with the Care Act, with a complaint. Free, and separate from services.", 'o', 7)
        .joins("ask referral").how("in_person home_visit phone").at("Mon-Fri 9am-5pm").is(&[Is::From(16), Is::SubstanceOk, Is::Speaks("Urdu Punjabi"), Is::Adjusts("adj-home adj-bsl adj-easy-read adj-interpreter")]),
    s("social_care", "social_care", "Adult social care", "Market Quarter", "health-care-act housing-adapt",
        "Help with daily life: washing, cooking, getting out, a break for carers. Starts with a talk about what you need under the Care Act.", 'a', 42)
        .joins("ask referral").how("in_person home_visit phone").at("Mon-Fri 9am-5pm").is(&[Is::From(18), Is::SubstanceOk, Is::Adjusts("adj-home adj-companion adj-interpreter adj-bsl adj-large-print")]),
    s("reablement", "social_care", "Back on your feet at home", "Larkmead", "health-care-act",
        "Six weeks of help at home after hospital, free of charge.", 'o', 5).joins("referral").how("home_visit").at("Mon-Sun 7am-10pm").is(&[Is::From(18)]),
    s("direct_pay", "social_care", "Personal budgets team", "Market Quarter", "health-care-act money-budget",
        "Help to choose and pay for your own support.", 'w', 60).joins("referral").at("Mon-Fri 9am-4:30pm").is(&[Is::From(18)]),
    s("neuro", "talking", "Autism and ADHD assessment", "Market Quarter", "health-neuro",
        "Assessment for adults. The wait is long and they say so.", 'w', 240).joins("referral").at("Mon-Fri 9am-5pm").is(&[Is::From(18), Is::Adjusts("adj-info-ahead adj-photos adj-quiet adj-written")]),
    s("neuro_after", "peers", "Autistic and well", "Larkmead", "health-neuro connection-company",
        "Support before, during and after an autism assessment, run by autistic people. No diagnosis needed.", 'o', 10).joins("ask").how("in_person online").at("Wed 1pm-4pm").is(&[Is::From(18), Is::Adjusts("adj-quiet adj-small-group adj-photos adj-info-ahead")]),
    s("memory", "community", "Memory clinic", "Larkmead", "health-memory", "Tests and support for memory problems at any age.", 'w', 80).joins("referral").at("Mon-Fri 9am-5pm").is(&[Is::Adjusts("adj-home adj-companion adj-large-print")]),
    s("tidewell", "tidewell", "Tidewell recovery", "Weir Street", "health-drink-drugs",
        "Help with drink and drugs: to stop, to cut down or to stay safer. Mental illness is no reason to be turned away.", 'o', 9)
        .joins("ask walk_in referral").at("Mon-Fri 9:30am-5pm").is(&[Is::From(18), Is::SubstanceOk, Is::Speaks("Romanian Polish"), Is::Adjusts("adj-late-ok adj-missed-ok adj-private")]),
    s("tidewell_both", "tidewell", "Both at once clinic", "Weir Street", "health-drink-drugs health-key-worker",
        "A nurse and a recovery worker together, for people who have been sent from one to the other.", 'w', 30)
        .joins("referral").at("Thu 10am-3pm").is(&[Is::From(18), Is::SubstanceOk, Is::Adjusts("adj-late-ok adj-missed-ok adj-same-person")]),
    s("grief", "carers", "After someone dies", "Lammas Park", "health-grief", "Someone to talk to after a death, also after suicide.", 'o', 21).joins("ask referral").how("in_person phone").at("Mon-Thu 10am-4pm").is(&[Is::From(16)]),
    s("carers_support", "carers", "Carers' support", "Lammas Park", "health-carer", "A worker for you as a carer: your rights, a break, a carers' assessment, a listening ear.", 'o', 8)
        .joins("ask referral").how("in_person phone home_visit").at("Mon-Fri 9:30am-4:30pm").is(&[Is::From(16), Is::Speaks("Urdu Bengali Punjabi"), Is::Adjusts("adj-home adj-later adj-language")]),
    s("respite", "carers", "A break for carers", "Lammas Park", "health-carer", "Somebody sits with the person you care for, for up to 20 hours a month.", 'w', 45).joins("referral").how("home_visit").at("Mon-Sun 8am-8pm").is(&[Is::From(18)]),
    s("young_adults", "community", "Moving on at 17", "Market Quarter", "health-young health-key-worker", "For young people moving from children's to adult services, from 17 to 25. Meets you before you move.", 'o', 20).joins("referral").at("Mon-Fri 12pm-7pm").is(&[Is::Ages(17, 25), Is::SubstanceOk, Is::Adjusts("adj-later adj-remote adj-same-person")]),
    s("outreach_women", "sorrel", "Sorrel outreach", "", "health-trauma housing-tonight", "For women living with or leaving an abusive partner or family. Meets you where it is safe.", 'o', 3)
        .joins("ask referral").how("phone").at("Mon-Fri 9am-6pm").is(&[Is::Women("All women, trans women included. You are asked nothing about your body."), Is::Speaks("Urdu Polish Arabic"), Is::SubstanceOk, Is::Secret, Is::Adjusts("adj-no-unknown adj-private adj-interpreter")]),
    s("physical_check", "physical", "Yearly health check clinic", "St Aldric's", "physical-check physical-pain", "All six checks in one visit for people with severe mental illness: weight, blood pressure, bloods, smoking, drinking, and a plan.", 'o', 16)
        .joins("referral ask").at("Mon-Fri 9am-4pm").is(&[Is::From(18), Is::Adjusts("adj-longer adj-companion adj-home adj-first-last adj-same-person")]),
    s("smoking", "physical", "Stop smoking, at your pace", "Market Quarter", "physical-smoking", "Stopping or cutting down, with somebody who knows how it changes medicine doses.", 'o', 7).joins("ask referral").how("in_person phone").at("Mon-Fri 10am-6pm").is(&[Is::From(16), Is::SubstanceOk]),
    s("food_well", "physical", "Eat well with medicine", "Quarry Estate", "physical-weight", "A dietitian and a cook help with weight that came with medicine.", 'w', 35).joins("referral").at("Wed 10am-2pm").is(&[Is::From(18), Is::SubstanceOk]),
    s("dentist", "practices", "Dentist for people who are afraid", "Station Road", "physical-teeth", "An NHS dentist with long, quiet appointments.", 'w', 75).joins("referral").at("Tue,Thu 9am-4pm").is(&[Is::Adjusts("adj-longer adj-quiet adj-companion")]),
    s("register", "practices", "Register with a GP practice", "Station Road", "physical-gp", "No proof of address and no ID needed. Also for people without a home.", 'o', 2).joins("walk_in ask").at("Mon-Fri 8am-6:30pm").is(&[Is::SubstanceOk, Is::Speaks("Polish Romanian Arabic")]),
    s("feet", "practices", "Feet and eyes clinic", "Lammas Park", "physical-feet-eyes", "Foot care and eye tests, with transport if you need it.", 'o', 25).joins("referral").at("Mon 9am-3pm").is(&[Is::From(18), Is::Adjusts("adj-step-free")]),
    s("sleep", "talking", "Sleeping better course", "Larkmead", "physical-sleep", "Six short sessions. Also by phone.", 'o', 28).joins("ask referral").how("in_person phone online").at("Tue 5pm-6:30pm").is(&[Is::From(18), Is::SubstanceOk]),
    s("sexual", "practices", "Sexual health clinic", "Market Quarter", "physical-sexual", "Tests, contraception, a kind ear. No letter is sent home.", 'o', 4).joins("walk_in").at("Mon,Wed,Fri 12pm-7pm").is(&[Is::From(16), Is::SubstanceOk, Is::Adjusts("adj-choice-gender adj-private")]),
    s("active", "sport", "Active for life", "Hopeworks", "physical-move", "Twelve weeks of gym, swimming or walking with a coach who knows about tiredness and medicine. Half price after.", 'o', 12)
        .joins("ask referral").at("Mon-Sat 8am-8pm").is(&[Is::From(16), Is::SubstanceOk, Is::Costs("£1.50 a visit, free for the first twelve weeks"), Is::Adjusts("adj-induction adj-buddy adj-clothing adj-medicine-aware adj-companion-free adj-pause")]),
    s("swim_women", "sport", "Women's swim", "Hopeworks", "physical-move", "A quiet hour with women only, blinds down and women lifeguards.", 'o', 6)
        .joins("walk_in ask").at("Thu 7pm-8pm").is(&[Is::Women("Everybody who lives as a woman is welcome, with no proof of anything."), Is::Costs("£2"), Is::Adjusts("adj-same-gender-session adj-clothing")]),
    s("gp_link", "practices", "Long talk with a practice nurse", "Fernhollow", "physical-gp physical-check", "Half an hour, once a month, with the same nurse.", 'w', 20).joins("ask").at("Fri 9am-12:30pm").is(&[Is::Adjusts("adj-longer adj-same-person")]),
];
