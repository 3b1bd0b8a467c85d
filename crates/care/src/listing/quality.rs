//! How good the directory is: points of each entry with what would make it better, and how lately
//! each was checked. For whoever keeps the directory; nothing here ranks anybody in a search.

use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::area::Area;
use kith_domain::directory::ServiceStatus;
use kith_domain::directory::quality::Quality;
use kith_domain::listing_question::Listed;
use kith_domain::time::{Day, days_between};

/// One entry, looked at.
#[derive(Clone, Debug)]
pub struct Graded {
    /// Which.
    pub about: Listed,
    /// Its name.
    pub name: String,
    /// Its organisation.
    pub organisation: String,
    /// The part of life it is filed under.
    pub area: Area,
    /// Its points, and what is missing.
    pub quality: Quality,
    /// How lately it was checked.
    pub fresh: Fresh,
}

/// How lately an entry was checked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Fresh {
    /// In the last three months.
    Lately,
    /// In the last half year.
    AWhileAgo,
    /// Longer ago.
    LongAgo,
    /// Nobody said.
    Never,
}

impl Fresh {
    /// Every state, the best first.
    pub const ALL: [Fresh; 4] = [Fresh::Lately, Fresh::AWhileAgo, Fresh::LongAgo, Fresh::Never];

    /// As it is on a day.
    pub fn of(checked: Option<Day>, today: Day) -> Fresh {
        match checked.map(|day| days_between(day, today)) {
            Some(..=91) => Fresh::Lately,
            Some(92..=183) => Fresh::AWhileAgo,
            Some(_) => Fresh::LongAgo,
            None => Fresh::Never,
        }
    }
    /// The words on a page.
    pub fn words(self) -> &'static str {
        match self {
            Fresh::Lately => "Checked in the last 3 months",
            Fresh::AWhileAgo => "Checked in the last half year",
            Fresh::LongAgo => "Not checked for over half a year",
            Fresh::Never => "Nobody has said when it was checked",
        }
    }
}

impl Kith {
    /// Every running entry, those with most to make better first.
    ///
    /// # Errors
    /// It is not theirs to keep, or the database could not be read.
    pub async fn graded_listings(&self, who: &Principal) -> Result<Vec<Graded>, CareError> {
        let mut look = self.look(who).await?;
        if let Err(no) = look.place(Action::KeepListing) {
            return look.finish_with(Err(no)).await;
        }
        let directory = look.kith.directory(&mut look.tx).await?;
        look.finish().await?;
        let today = who.partnership.today(who.now);
        let by = |id| who.partnership.organisation_name(id).unwrap_or_default();
        let services = directory.services.iter().filter(|(_, s)| s.value.status == ServiceStatus::Active);
        let services = services.map(|(id, s)| Graded {
            about: Listed::Service(*id),
            name: s.value.name.clone(),
            organisation: by(s.value.organisation),
            area: s.value.main_area(),
            quality: Quality::of_service(&s.value, today),
            fresh: Fresh::of(s.value.checked, today),
        });
        let groups = directory.groups.iter().filter(|(_, g)| g.value.status == ServiceStatus::Active);
        let groups = groups.map(|(id, g)| Graded {
            about: Listed::Group(*id),
            name: g.value.name.clone(),
            organisation: by(g.value.organisation),
            area: g.value.main_area(),
            quality: Quality::of_group(&g.value, today),
            fresh: Fresh::of(g.value.checked, today),
        });
        let mut all: Vec<Graded> = services.chain(groups).collect();
        all.sort_by(|a, b| {
            (a.quality.points(), &a.name, a.about).cmp(&(b.quality.points(), &b.name, b.about))
        });
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use kith_domain::time::plus_days;

    #[test]
    fn an_entry_is_fresh_for_three_months() {
        let today = date(2026, 11, 24);
        let of = |days: i32| Fresh::of(Some(plus_days(today, -days)), today);
        assert_eq!(
            [of(0), of(91), of(92), of(183), of(184)],
            [Fresh::Lately, Fresh::Lately, Fresh::AWhileAgo, Fresh::AWhileAgo, Fresh::LongAgo]
        );
        assert_eq!(Fresh::of(None, today), Fresh::Never);
    }
}
