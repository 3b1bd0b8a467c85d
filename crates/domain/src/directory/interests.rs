//! Interests: things people enjoy, in twelve groups, so that people and groups find each
//! other. The list is the project's own, the same as the `interest` code system it
//! publishes. Culture, faith and identity are here because being with people who share
//! them is a thing people look for; nobody is asked for them.

use super::list_code;

/// A group of interests.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum InterestGroup {
    /// Outdoors.
    Outdoors,
    /// Making things.
    Making,
    /// Music and performance.
    Music,
    /// Words and ideas.
    Words,
    /// Moving.
    Sport,
    /// Food.
    Food,
    /// Games and tech.
    Games,
    /// Animals.
    Animals,
    /// Faith and meaning.
    Faith,
    /// Culture and identity.
    Culture,
    /// Helping others.
    Helping,
    /// Everyday company.
    Everyday,
}

impl InterestGroup {
    /// Every group, in the order pages show them.
    pub const ALL: [InterestGroup; 12] = [
        InterestGroup::Outdoors,
        InterestGroup::Making,
        InterestGroup::Music,
        InterestGroup::Words,
        InterestGroup::Sport,
        InterestGroup::Food,
        InterestGroup::Games,
        InterestGroup::Animals,
        InterestGroup::Faith,
        InterestGroup::Culture,
        InterestGroup::Helping,
        InterestGroup::Everyday,
    ];
    /// The heading on a page.
    pub fn title(self) -> &'static str {
        match self {
            InterestGroup::Outdoors => "Outdoors",
            InterestGroup::Making => "Making things",
            InterestGroup::Music => "Music and performance",
            InterestGroup::Words => "Words and ideas",
            InterestGroup::Sport => "Moving",
            InterestGroup::Food => "Food",
            InterestGroup::Games => "Games and tech",
            InterestGroup::Animals => "Animals",
            InterestGroup::Faith => "Faith and meaning",
            InterestGroup::Culture => "Culture and identity",
            InterestGroup::Helping => "Helping others",
            InterestGroup::Everyday => "Everyday company",
        }
    }
    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            InterestGroup::Outdoors => "outdoors",
            InterestGroup::Making => "making",
            InterestGroup::Music => "music",
            InterestGroup::Words => "words",
            InterestGroup::Sport => "sport",
            InterestGroup::Food => "food",
            InterestGroup::Games => "games",
            InterestGroup::Animals => "animals",
            InterestGroup::Faith => "faith",
            InterestGroup::Culture => "culture",
            InterestGroup::Helping => "helping",
            InterestGroup::Everyday => "everyday",
        }
    }
}

/// One interest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Interest {
    /// The stored form, the same as in the published code system.
    pub code: &'static str,
    /// The plain words.
    pub label: &'static str,
    /// The group it belongs to.
    pub group: InterestGroup,
}

list_code! {
    /// The code of an interest.
    InterestCode, "interests", find
}

impl InterestCode {
    /// The group it belongs to, while it is on the list.
    pub fn group(&self) -> Option<InterestGroup> {
        find(self.as_str()).map(|i| i.group)
    }
}

/// The interest with this code.
pub fn find(code: &str) -> Option<&'static Interest> {
    ALL.iter().find(|i| i.code == code)
}

/// The interests of one group, in order.
pub fn of(group: InterestGroup) -> impl Iterator<Item = &'static Interest> {
    ALL.iter().filter(move |i| i.group == group)
}

const fn i(code: &'static str, group: InterestGroup, label: &'static str) -> Interest {
    Interest { code, label, group }
}

/// Every interest, in the order pages show them.
pub static ALL: &[Interest] = &[
    i("outdoors-gardening-and-allotments", InterestGroup::Outdoors, "Gardening and allotments"),
    i("outdoors-walking", InterestGroup::Outdoors, "Walking"),
    i("outdoors-nature-and-birdwatching", InterestGroup::Outdoors, "Nature and birdwatching"),
    i("outdoors-fishing", InterestGroup::Outdoors, "Fishing"),
    i("outdoors-conservation", InterestGroup::Outdoors, "Conservation"),
    i("outdoors-camping", InterestGroup::Outdoors, "Camping"),
    i("making-art-and-painting", InterestGroup::Making, "Art and painting"),
    i("making-pottery", InterestGroup::Making, "Pottery"),
    i("making-knitting-and-sewing", InterestGroup::Making, "Knitting and sewing"),
    i("making-woodwork", InterestGroup::Making, "Woodwork"),
    i("making-repair-caf", InterestGroup::Making, "Repair café"),
    i("making-photography", InterestGroup::Making, "Photography"),
    i("making-film-making", InterestGroup::Making, "Film making"),
    i("music-singing", InterestGroup::Music, "Singing"),
    i("music-playing-an-instrument", InterestGroup::Music, "Playing an instrument"),
    i("music-listening-to-music", InterestGroup::Music, "Listening to music"),
    i("music-drumming", InterestGroup::Music, "Drumming"),
    i("music-theatre", InterestGroup::Music, "Theatre"),
    i("music-dance", InterestGroup::Music, "Dance"),
    i("music-comedy", InterestGroup::Music, "Comedy"),
    i("words-reading-and-book-groups", InterestGroup::Words, "Reading and book groups"),
    i("words-creative-writing", InterestGroup::Words, "Creative writing"),
    i("words-poetry", InterestGroup::Words, "Poetry"),
    i("words-history", InterestGroup::Words, "History"),
    i("words-languages", InterestGroup::Words, "Languages"),
    i("words-science", InterestGroup::Words, "Science"),
    i("words-politics-and-campaigning", InterestGroup::Words, "Politics and campaigning"),
    i("sport-swimming", InterestGroup::Sport, "Swimming"),
    i("sport-football", InterestGroup::Sport, "Football"),
    i("sport-gym", InterestGroup::Sport, "Gym"),
    i("sport-yoga", InterestGroup::Sport, "Yoga"),
    i("sport-tai-chi", InterestGroup::Sport, "Tai chi"),
    i("sport-running", InterestGroup::Sport, "Running"),
    i("sport-cycling", InterestGroup::Sport, "Cycling"),
    i("sport-boxing", InterestGroup::Sport, "Boxing"),
    i("sport-table-tennis", InterestGroup::Sport, "Table tennis"),
    i("sport-dance-fitness", InterestGroup::Sport, "Dance fitness"),
    i("sport-walking-sports", InterestGroup::Sport, "Walking sports"),
    i("sport-chair-exercise", InterestGroup::Sport, "Chair exercise"),
    i("food-cooking", InterestGroup::Food, "Cooking"),
    i("food-baking", InterestGroup::Food, "Baking"),
    i("food-community-meals", InterestGroup::Food, "Community meals"),
    i("food-growing-food", InterestGroup::Food, "Growing food"),
    i("games-board-games", InterestGroup::Games, "Board games"),
    i("games-chess", InterestGroup::Games, "Chess"),
    i("games-video-games", InterestGroup::Games, "Video games"),
    i("games-computers-and-coding", InterestGroup::Games, "Computers and coding"),
    i("games-quizzes", InterestGroup::Games, "Quizzes"),
    i("games-cards", InterestGroup::Games, "Cards"),
    i("animals-dogs", InterestGroup::Animals, "Dogs"),
    i("animals-cats", InterestGroup::Animals, "Cats"),
    i("animals-horses", InterestGroup::Animals, "Horses"),
    i("animals-farm-animals", InterestGroup::Animals, "Farm animals"),
    i("faith-christian", InterestGroup::Faith, "Christian"),
    i("faith-muslim", InterestGroup::Faith, "Muslim"),
    i("faith-hindu", InterestGroup::Faith, "Hindu"),
    i("faith-sikh", InterestGroup::Faith, "Sikh"),
    i("faith-jewish", InterestGroup::Faith, "Jewish"),
    i("faith-buddhist", InterestGroup::Faith, "Buddhist"),
    i("faith-other-faith", InterestGroup::Faith, "Other faith"),
    i("faith-meditation-and-mindfulness", InterestGroup::Faith, "Meditation and mindfulness"),
    i("faith-spirituality-without-religion", InterestGroup::Faith, "Spirituality without religion"),
    i("culture-african-heritage", InterestGroup::Culture, "African heritage"),
    i("culture-caribbean-heritage", InterestGroup::Culture, "Caribbean heritage"),
    i("culture-south-asian-heritage", InterestGroup::Culture, "South Asian heritage"),
    i(
        "culture-east-and-south-east-asian-heritage",
        InterestGroup::Culture,
        "East and South East Asian heritage",
    ),
    i("culture-gypsy-roma-and-traveller", InterestGroup::Culture, "Gypsy, Roma and Traveller"),
    i("culture-lgbtq", InterestGroup::Culture, "LGBTQ+"),
    i("culture-women", InterestGroup::Culture, "Women"),
    i("culture-men", InterestGroup::Culture, "Men"),
    i("culture-young-adults", InterestGroup::Culture, "Young adults"),
    i("culture-older-people", InterestGroup::Culture, "Older people"),
    i("culture-veterans", InterestGroup::Culture, "Veterans"),
    i("culture-refugees-and-migrants", InterestGroup::Culture, "Refugees and migrants"),
    i("culture-deaf-and-bsl", InterestGroup::Culture, "Deaf and BSL"),
    i("culture-neurodivergent", InterestGroup::Culture, "Neurodivergent"),
    i("helping-volunteering", InterestGroup::Helping, "Volunteering"),
    i("helping-peer-support", InterestGroup::Helping, "Peer support"),
    i("helping-mentoring", InterestGroup::Helping, "Mentoring"),
    i("helping-charity-shop", InterestGroup::Helping, "Charity shop"),
    i("helping-befriending", InterestGroup::Helping, "Befriending"),
    i("helping-involvement-and-campaigning", InterestGroup::Helping, "Involvement and campaigning"),
    i("everyday-coffee-and-chat", InterestGroup::Everyday, "Coffee and chat"),
    i("everyday-day-trips", InterestGroup::Everyday, "Day trips"),
    i("everyday-shopping-together", InterestGroup::Everyday, "Shopping together"),
    i("everyday-men-s-shed", InterestGroup::Everyday, "Men's shed"),
    i("everyday-online-chat", InterestGroup::Everyday, "Online chat"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_used_once_and_start_with_their_group() {
        let codes: BTreeSet<&str> = ALL.iter().map(|i| i.code).collect();
        assert_eq!(codes.len(), ALL.len());
        assert_eq!(ALL.len(), 87);
        assert!(ALL.iter().all(|i| i.code.starts_with(i.group.code())));
        assert!(InterestGroup::ALL.into_iter().all(|g| of(g).count() > 0));
    }
}
