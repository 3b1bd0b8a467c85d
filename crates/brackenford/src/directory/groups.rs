//! The groups: people who meet.

use super::{GroupLine, Is, g};

/// The lines.
#[rustfmt::skip]
pub(super) const GROUPS: &[GroupLine] = &[
    g("breakfast_tue", "breakfast", "Tuesday breakfast", "St Aldric's", "Tue 8:30am 150", "food-community-meals everyday-coffee-and-chat", "money-food connection-company",
        "Eggs, toast, tea and papers. Nobody asks why you are here. An adviser from DebtHelp sits at the end table.", 40, "Joan at the door"),
    g("breakfast_fri", "breakfast", "Friday breakfast", "St Aldric's", "Fri 8:30am 150", "food-community-meals everyday-coffee-and-chat", "money-food connection-company", "The same as on Tuesdays, with showers and a washing machine.", 35, "Joan at the door"),
    g("walkers", "peers", "Canal walkers", "Lockside", "Wed 10:30am 90", "outdoors-walking outdoors-nature-and-birdwatching", "connection-company physical-move", "A slow walk along the canal, with stops. Dogs welcome.", 12, "Callum by the lock gate, with a red flask").is(&[Is::Small]),
    g("voices_group", "peers", "Hearing voices group", "Market Quarter", "Mon 6pm 90", "helping-peer-support", "health-peer", "For people who hear voices or see things. Nobody is told what to think of them.", 8, "Josie, ten minutes early").is(&[Is::Small, Is::TellFirst]),
    g("bipolar", "peers", "Ups and downs", "Market Quarter", "T1 7pm 90", "helping-peer-support", "health-peer", "For people with bipolar, and those who think they may have it.", 10, "Josie").is(&[Is::Small]),
    g("plot_group", "plot", "Plot and Pot open garden", "Skylark Farm", "Tue 10am 180", "outdoors-gardening-and-allotments food-growing-food", "connection-interest connection-company", "Dig, or sit by the stove. Soup at noon.", 9, "Hazel or Ted at the gate").is(&[Is::Small, Is::TellFirst]),
    g("shed", "breakfast", "The shed", "Tanyard", "Thu 1pm 180", "making-woodwork making-repair-caf everyday-men-s-shed", "connection-interest connection-company", "Wood, bikes and radios. For men, and anybody who lives as one.", 10, "Vic in the blue apron").is(&[Is::Men("Men, trans men included.")]),
    g("choir", "peers", "Sing because", "St Aldric's", "Wed 7pm 90", "music-singing", "connection-interest connection-company", "No auditions, no sheet music.", 28, "somebody with a yellow badge"),
    g("football", "sport", "Back on the ball", "Hopeworks", "Tue 6pm 60", "sport-football", "physical-move connection-company", "Five-a-side, all levels. Boots can be borrowed.", 16, "Mel at the cage gate"),
    g("walking_football", "sport", "Walking football", "Hopeworks", "Fri 2pm 60", "sport-walking-sports sport-football", "physical-move connection-company", "For over 45s, or anybody with sore knees.", 12, "Mel"),
    g("chair", "sport", "Chair exercise", "Lammas Park", "Mon 11am 45", "sport-chair-exercise", "physical-move", "Music, stretching and a cup of tea.", 14, "Mel's helper at the lift"),
    g("boxing", "sport", "Pads and gloves", "Cindermill", "Thu 6pm 60", "sport-boxing", "physical-move connection-interest", "Boxing without hitting anybody.", 12, "Coach Tyrone"),
    g("swim", "sport", "Quiet swim", "Hopeworks", "Sun 8am 60", "sport-swimming", "physical-move", "Lights low, no music, a lane of your own if you like.", 8, "the lifeguard in green").is(&[Is::Small, Is::Quiet]),
    g("yoga", "sport", "Gentle yoga", "Larkmead", "Sat 10am 60", "sport-yoga faith-meditation-and-mindfulness", "physical-move physical-sleep", "On a mat or on a chair. Nobody touches you.", 10, "the teacher, at the door").is(&[Is::Small, Is::Quiet]),
    g("women_circle", "sorrel", "Thursday women's circle", "Market Quarter", "Thu 1pm 120", "culture-women making-knitting-and-sewing", "connection-company health-trauma", "Sewing, talking, being quiet. Children can come.", 9, "Bernadette").is(&[Is::Women("All women are welcome, trans women included. Nobody is asked about their past or their body. A woman who runs the group decides if somebody makes others feel unsafe."), Is::TellFirst, Is::Small]),
    g("men_talk", "peers", "Men talk", "Weir Street", "Mon 7pm 90", "culture-men helping-peer-support", "connection-company health-talk", "Pool, chips and straight talk.", 12, "Tony").is(&[Is::Men("Men, trans men included.")]),
    g("black_men", "peers", "Brothers' table", "Weir Street", "Sat 1pm 150", "culture-african-heritage culture-caribbean-heritage food-cooking culture-men", "connection-culture connection-company health-peer", "Black men cook, eat and talk. Run by Black men.", 14, "Courtney in the kitchen").is(&[Is::Men("Black men, trans men included.")]),
    g("apna", "carers", "Apna lunch", "Lammas Park", "Wed 12pm 120", "culture-south-asian-heritage food-cooking", "connection-culture connection-company", "Lunch, in four languages.", 22, "Parveen").is(&[Is::Speaks("Urdu Punjabi Bengali")]),
    g("carers_cafe", "carers", "Carers' café", "Lammas Park", "Fri 10:30am 90", "everyday-coffee-and-chat helping-peer-support", "health-carer connection-company", "Somebody else's kettle for once.", 15, "Parveen"),
    g("carers_night", "carers", "Carers in the evening", "Market Quarter", "T2 7pm 90", "helping-peer-support", "health-carer", "For carers who work.", 8, "a volunteer in the lobby").is(&[Is::Small]),
    g("tidewell_mutual", "tidewell", "One day at a time", "Weir Street", "Mon 12:30pm 60", "helping-peer-support", "health-drink-drugs health-peer", "For anybody who wants to drink or use less. No need to have stopped.", 18, "Luminita"),
    g("tidewell_sunday", "tidewell", "Sober Sunday lunch", "Weir Street", "Sun 12pm 150", "food-community-meals", "connection-company health-drink-drugs", "Roast dinner without a drink in sight.", 24, "Craig"),
    g("books", "college", "Short books", "Market Quarter", "M1 2pm 75", "words-reading-and-book-groups", "connection-interest work-learn", "Nothing over 150 pages. You may listen instead.", 7, "Owen").is(&[Is::Small, Is::Quiet]),
    g("write", "college", "Write it down", "Market Quarter", "Tue 4pm 75", "words-creative-writing words-poetry", "connection-interest", "Ten minutes' writing, and only those who want to read aloud.", 8, "Owen").is(&[Is::Small]),
    g("games", "peers", "Board games and crisps", "Station Road", "Thu 6pm 150", "games-board-games games-cards", "connection-company connection-interest", "Old games, new games, a quiet corner.", 14, "Callum"),
    g("coding", "college", "Tinkerers", "Station Road", "Sat 11am 120", "games-computers-and-coding games-video-games", "connection-interest work-computer", "Games, small machines, no question too simple.", 10, "a student").is(&[Is::Small]),
    g("rainbow_group", "peers", "Rainbow tea", "Market Quarter", "T1 5pm 90", "culture-lgbtq everyday-coffee-and-chat", "connection-lgbt connection-company", "LGBTQ+ people of every age.", 11, "a host with a teapot badge").is(&[Is::TellFirst]),
    g("deaf_group", "advice", "Deaf coffee morning", "Market Quarter", "M3 10:30am 120", "culture-deaf-and-bsl everyday-coffee-and-chat", "connection-culture connection-company", "In British Sign Language. Learners welcome.", 13, "somebody signing hello").is(&[Is::Speaks("British Sign Language")]),
    g("young", "community", "Seventeen plus", "Market Quarter", "Wed 5pm 120", "culture-young-adults games-video-games food-cooking", "health-young connection-company", "Pizza and whatever you bring, for ages 17 to 25.", 9, "Anneka").is(&[Is::Ages(17, 25), Is::Small]),
    g("northside_tea", "northside", "Northside tea dance", "Upper Mere", "Sat 2pm 120", "music-dance music-listening-to-music culture-older-people", "connection-company", "A record player and a good floor.", 26, "Una at the urn"),
];
