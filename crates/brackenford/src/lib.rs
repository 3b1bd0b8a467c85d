//! Brackenford: a made-up English town, so that anybody can try Kith.
//!
//! About twenty organisations, eighty services, thirty groups, sixty workers and as many
//! people as are asked for (six hundred by default), each with a story of up to eighteen
//! months: coming in, a plan, needs, referrals and waits, being told about groups, words
//! of their own, endings. Things go wrong in it, on purpose, and each can be found
//! through the [`guide`]. Everybody in it is made up; the ground, the codes and the
//! numbers cannot be real.
//!
//! Everything is written through the store's own functions, with the decisions of the
//! domain, in the order in which it happened, so that the journal is a true history and
//! nobody is lost. The same seed and the same day make the same place.

pub mod cast;
pub mod chance;
pub mod directory;
pub mod geography;
pub mod glass;
pub mod guide;
pub mod later;
pub mod names;
pub mod panel;
pub mod pen;
pub mod people;
pub mod situations;
pub mod story;
pub mod when;

use chance::Seed;
use geography::Geography;
use guide::DemoGuide;
use kith_domain::organisation::{Organisation, Place, Team};
use kith_domain::time::Instant;
use kith_store::Store;
use kith_store::geography::{AreaRow, PostcodeRow};
use kith_store::setting::MADE_UP;
use pen::{BrackenfordError, Pen};
use story::{Town, write};
use when::When;

/// The number of people by default.
pub const PEOPLE: u32 = 600;
/// The seed by default.
pub const SEED: u64 = 417;
/// How many people are written in one transaction.
const BATCH: u32 = 50;

/// What to make.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// How many people; never fewer than there are situations.
    pub people: u32,
    /// The seed.
    pub seed: u64,
    /// This moment: dates are relative to it.
    pub now: Instant,
}

/// What was made.
#[derive(Clone, Debug)]
pub struct Made {
    /// People.
    pub people: u32,
    /// Records.
    pub records: u64,
    /// Journal entries: one for each version of a record.
    pub entries: u64,
    /// A digest of everything that was written: the same for the same recipe.
    pub digest: String,
    /// What can be found.
    pub guide: DemoGuide,
}

/// Makes the place in an empty database. `progress` is told how many people there are so far.
///
/// # Errors
/// The database already holds a partnership, or could not do it.
pub async fn make(
    store: &Store,
    recipe: &Recipe,
    mut progress: impl FnMut(u32),
) -> Result<Made, BrackenfordError> {
    let mut snapshot = store.read().await?;
    if !snapshot.list_common::<Place>().await?.is_empty() {
        return Err(BrackenfordError::NotEmpty);
    }
    drop(snapshot);
    let people = recipe.people.max(situations::count());
    let mut pen = Pen::new(store);
    // First of all, so that a place half made is never taken for a real one.
    pen.tx().await?.save_setting(MADE_UP, "1").await?;
    pen.commit().await?;
    let town = found(&mut pen, recipe, people).await?;
    let mut from = 0;
    while from < people {
        let until = (from + BATCH).min(people);
        for number in from..until {
            let writes = match situations::story(&town, number)? {
                Some(writes) => writes,
                None => people::story(&town, number)?,
            };
            write(&mut pen, &writes).await?;
        }
        pen.commit().await?;
        progress(until);
        from = until;
    }
    write(&mut pen, &situations::loose(&town)?).await?;
    situations::looks(&mut pen, &town).await?;
    glass::write(&mut pen, &town).await?;
    panel::write(&mut pen, &town).await?;
    let guide = situations::guide(&town);
    let text = serde_json::to_string(&guide)?;
    pen.remember(&text);
    pen.tx().await?.save_setting(guide::SETTING, &text).await?;
    pen.commit().await?;
    Ok(Made { people, records: pen.records, entries: pen.entries, digest: pen.digest(), guide })
}

/// Founds the town: the ground, the organisations and the directory.
///
/// # Errors
/// The database could not do it.
pub async fn found(pen: &mut Pen<'_>, recipe: &Recipe, people: u32) -> Result<Town, BrackenfordError> {
    let seed = Seed(recipe.seed);
    let when = When::new(recipe.now);
    let ground = Geography::draw(&mut seed.stream("geography", 0));
    write_ground(pen, &ground).await?;
    let cast = cast::write(pen, seed, &when, people).await?;
    let (directory, mut changes) = directory::write(pen, seed, &when, &cast, &ground, people).await?;
    changes.extend(cast::happenings(&cast, &when));
    later::write(pen, changes).await?;
    let tx = pen.tx().await?;
    let organisations =
        tx.list_common::<Organisation>().await?.into_iter().map(|o| (o.id(), o.value)).collect();
    let teams = tx.list_common::<Team>().await?.into_iter().map(|t| (t.id(), t.value)).collect();
    let settings =
        tx.list_common::<Place>().await?.into_iter().next().map(|p| p.value.settings).unwrap_or_default();
    pen.commit().await?;
    Ok(Town { seed, when, cast, directory, ground, organisations, teams, settings, fair: false })
}

async fn write_ground(pen: &mut Pen<'_>, ground: &Geography) -> Result<(), BrackenfordError> {
    for area in &ground.areas {
        let row = AreaRow::of(area)?;
        pen.remember(&row.body);
        pen.tx().await?.save_area(&row).await?;
    }
    for row in ground.postcodes.iter().filter_map(PostcodeRow::of) {
        pen.remember(&row.code);
        pen.tx().await?.save_postcode(&row).await?;
    }
    Ok(())
}
