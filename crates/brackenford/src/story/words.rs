//! What people say, in their own words, for each need; how things go; small talk that
//! fills a story. Written for this place, and about nobody.

/// Words for one need.
pub struct NeedWords {
    /// The code of the need.
    pub code: &'static str,
    /// How common it is here.
    pub weight: u32,
    /// How people say it.
    pub said: [&'static str; 3],
    /// A goal that goes with it.
    pub goal: &'static str,
    /// A small step.
    pub step: &'static str,
    /// How it was, afterwards.
    pub after: [&'static str; 2],
}

const fn n(
    code: &'static str,
    weight: u32,
    said: [&'static str; 3],
    goal: &'static str,
    step: &'static str,
    after: [&'static str; 2],
) -> NeedWords {
    NeedWords { code, weight, said, goal, step, after }
}

/// Words for each need that people here have.
#[rustfmt::skip]
pub const NEEDS: &[NeedWords] = &[
    n("money-benefits", 90, ["They stopped my money and I don't know why.", "I can't face that form again.", "I want to know what I'm owed."],
        "Get my money sorted and keep it sorted", "Find the last letter and bring it along", ["She rang them with me in the room. It's sorted.", "He didn't make me feel stupid."]),
    n("money-debt", 60, ["The letters are in a bag behind the door.", "I owe and I can't look.", "They keep ringing about the council tax."],
        "Sleep without thinking of the post", "Bring the bag of letters, unopened is fine", ["We opened them together. It was less than I thought.", "They can't ring me for sixty days."]),
    n("money-food", 30, ["There's nothing in by Wednesday.", "I eat at my sister's when I can.", "The cupboard's empty and so am I."],
        "Eat something warm most days", "Take the voucher to the hall", ["Nobody asked me anything. Just gave me the bag.", "The soup was better than mine."]),
    n("money-energy", 20, ["It's warmer outside.", "I sit in my coat.", "The meter ate twenty quid in three days."],
        "One warm room", "Photograph the meter", ["I've got the heating on. That's all.", "The curtains made a difference."]),
    n("money-budget", 16, ["It goes in two days when I'm high.", "I've never had a bank account.", "I lend it out and it doesn't come back."],
        "Have something left on a Sunday", "Write down one week of spending", ["We put it in jars. It works for now.", "I said no to him. First time."]),
    n("money-papers", 12, ["I've got no ID. It went with the flat.", "All my post goes to my ex.", "They want a birth certificate and I've never had one."],
        "Have papers with my name on", "Ask for the birth certificate", ["I've got a card with my face on.", "It took a while. Worth it."]),
    n("housing-find", 40, ["I want a door I can lock.", "I'm on the sofa at my cousin's and it can't last.", "I've bid every week for a year."],
        "A place of my own with a lock", "Go through the bids together", ["I've got the keys. I keep looking at them.", "They told me the truth about the list."]),
    n("housing-tonight", 18, ["Somewhere dry.", "I've been in the car since August.", "He threw me out with a carrier bag."],
        "Somewhere dry and then somewhere mine", "Meet the outreach worker at six", ["Slept. First time in a week.", "They let the dog in."]),
    n("housing-supported", 40, ["I can't be on my own at night yet.", "I'd like people in the building.", "Somewhere with staff who knock."],
        "Live with people near but not on top of me", "Visit one place and see", ["The room has a window that opens.", "They knock and wait."]),
    n("housing-keep", 30, ["They've given me notice.", "I'm two months behind.", "If I lose this flat I'm done."],
        "Keep my home", "Ring the landlord together", ["The court gave me time.", "I'm still here."]),
    n("housing-repairs", 16, ["There's mould on the baby's wall.", "No hot water since Easter.", "The landlord says it's my breathing."],
        "A dry bedroom", "Take pictures of the wall", ["Someone came with a bucket and a van.", "Still waiting but I've got it in writing."]),
    n("housing-set-up", 16, ["I've got a flat and a kettle.", "I sleep on the floor and it's fine but it isn't.", "No curtains. Everyone can see in."],
        "A bed and curtains", "List what's missing", ["Two lads carried a bed up. Stayed for tea.", "It looks like mine now."]),
    n("health-talk", 45, ["I want to talk to someone who doesn't look at the clock.", "It all sits in my chest.", "I'm all right till about four in the morning."],
        "Get through a week without going under", "Write down one thing each night", ["It helped. I didn't think it would.", "Didn't suit me, but they listened when I said so."]),
    n("health-peer", 35, ["Someone who's been there.", "I'm sick of people with lanyards.", "I want to hear it gets better from someone it got better for."],
        "Know one person who gets it", "Come and see the room, no need to stay", ["I stayed the whole time.", "He said the thing I'd never said."]),
    n("health-key-worker", 30, ["I've had nine workers in two years.", "Nobody knows me.", "I just want the same face."],
        "One worker who knows me", "Ask for the same worker each time", ["Same face three times running.", "She remembered the cat."]),
    n("health-medicine", 24, ["The tablets make me sleep till two.", "I've put on four stone.", "I stopped them and nobody noticed."],
        "A dose I can live with", "Write down how mornings are", ["They changed the time of day. Simple as that.", "He explained it without talking down."]),
    n("health-drink-drugs", 28, ["I drink to stop the noise.", "I've cut down but I can't do the last bit.", "They won't see me till I stop and I can't stop till they see me."],
        "Have a week I remember", "Go once, and leave if I want", ["Twelve days.", "They didn't send me away."]),
    n("health-care-act", 20, ["I can't keep on top of the flat.", "I don't wash when it's bad.", "Some days I need a hand and some days I don't."],
        "Keep the kitchen clean", "Say what a bad day looks like", ["She comes Tuesdays. The kitchen's clean.", "They turned me down but told me why."]),
    n("health-carer", 26, ["I haven't had a day off since my mum came out.", "Everyone asks how he is.", "I'm tired in a way sleep doesn't fix."],
        "One afternoon a week that's mine", "Pick the afternoon", ["I went and sat in a café. Just sat.", "Someone asked how I was."]),
    n("health-advocate", 14, ["I want someone on my side in that room.", "They talk over me.", "I said it three times and it isn't in the notes."],
        "Be heard at the meeting", "Write the three things to say", ["I said my three things.", "They wrote it down this time."]),
    n("health-trauma", 18, ["I don't sleep with the light off.", "It comes back when I smell petrol.", "I've never told anyone all of it."],
        "Feel safe in my own skin", "Choose who I'd talk to", ["I set the pace. That mattered.", "Not yet. But they kept my place."]),
    n("health-grief", 12, ["He died in March and I still lay two places.", "People cross the road.", "It was my brother. It was his choice, they said."],
        "Say his name without falling over", "Bring a photograph if I want", ["I said his name for an hour.", "It was quiet. That was right."]),
    n("physical-check", 30, ["Nobody's checked my heart in years.", "I'm always thirsty.", "My gran had sugar and I think I have."],
        "Know how my body's doing", "Book the long appointment", ["All done in one go.", "They found something and told me straight."]),
    n("physical-move", 36, ["I used to swim for the school.", "I get out of breath on the stairs.", "I'd like to be tired for a good reason."],
        "Move twice a week", "Walk to the canal and back", ["Mel met me at the door.", "I did four lengths. Four."]),
    n("physical-smoking", 14, ["Thirty a day on the ward.", "It's my only break.", "I'd like to smell the garden."],
        "Smoke less than ten", "Count for one day", ["Down to eight.", "Not this time. They said come back."]),
    n("physical-gp", 16, ["I haven't got a doctor since I moved.", "They struck me off for shouting.", "The phone queue's an hour."],
        "A doctor who knows my name", "Go in before eight", ["Registered. No proof of address needed.", "They've put me down for the quiet slot."]),
    n("physical-teeth", 12, ["I don't smile.", "I pulled one myself.", "I'm scared of the chair."],
        "Eat an apple", "Sit in the waiting room once", ["They told me before they did anything.", "Two fillings, no lecture."]),
    n("work-job", 30, ["I want to work. Nobody thinks I can.", "I was a good plasterer.", "Four hours a week would do me."],
        "A job, a small one to start", "Say three things I'm good at", ["I start Monday. Eight hours a week.", "The boss had a brother like me."]),
    n("work-keep", 14, ["I'm off sick and scared to go back.", "They want to know what's wrong with me.", "I cry in the loos."],
        "Go back slowly", "Ask for the slow start in writing", ["Mornings only till spring.", "She came with me to the meeting."]),
    n("work-learn", 20, ["I left school at fourteen.", "I'd like to learn something just for me.", "I want to know about plants, properly."],
        "Finish one course", "Look round the college when it's quiet", ["I've got a certificate. It's on the fridge.", "I finished it. I never finish anything."]),
    n("work-read", 12, ["I can't read that. I never could.", "The kids read me the letters.", "I get by till there's a form."],
        "Read my own post", "Meet the teacher, just to say hello", ["I read the bus times.", "She never made a face."]),
    n("work-computer", 14, ["Everything's online and I'm not.", "I've got a phone but no credit.", "My grandson set it up and now it's locked."],
        "Do my claim without asking anyone", "Borrow a tablet", ["I sent a message to Jamaica.", "I can do the claim on my own now."]),
    n("connection-company", 70, ["I can go a week without saying a word.", "I'd like someone to have a brew with.", "Sundays are the worst."],
        "Talk to one person a day", "Go once with somebody beside me", ["I stayed for the washing up.", "They asked where I'd been last week."]),
    n("connection-befriend", 20, ["If the phone rang, I'd jump.", "Somebody to ring me, that's all.", "I don't go out. Somebody could come in."],
        "A voice each week", "Choose a day for the call", ["Thursday is my phone day.", "He likes the same music."]),
    n("connection-interest", 36, ["I used to paint.", "Get my hands in the soil again.", "I'd sing if nobody laughed."],
        "Do something with my hands", "Go and look through the gate", ["My beans came up.", "I sang. At the back, but I sang."]),
    n("connection-family", 18, ["I want to see my kids without someone taking notes.", "Me and my lad don't talk.", "I'm scared they'll take her."],
        "A good Saturday with my children", "Write one postcard", ["We made pancakes.", "He rang back."]),
    n("connection-culture", 20, ["I miss hearing my own language.", "I'm the only Black man on every list.", "People who know what the food means."],
        "Be somewhere I don't have to explain", "Go for the food first", ["I didn't have to explain a thing.", "We argued about rice for an hour."]),
    n("connection-useful", 14, ["I want to be some use.", "I can fix things.", "I'd rather make the tea than drink it."],
        "Help out one morning a week", "Ask what needs mending", ["I mended the urn.", "They gave me a key."]),
    n("connection-travel", 12, ["I can't do the bus.", "It's two buses and I lose my nerve.", "I can't get there for nine."],
        "Get to my appointments", "Ride one stop with somebody", ["The driver waited.", "I've got the pass."]),
];

/// What the areas of life look like when they go well, and what people want different.
pub const GOING_WELL: [(&str, &str); 6] = [
    ("I take my tablets and I know my early signs.", "I want to be asked before things are decided."),
    ("The flat is quiet at the back.", "I want a lock that works and no surprises by post."),
    ("I like being busy. I was never late when I worked.", "I want something to get up for."),
    ("I walk most days.", "I want to sleep through and lose the weight."),
    ("My sister rings on Sundays.", "I want more than one person to talk to."),
    ("The rent is paid straight from my money.", "I want a bit over at the end of the week."),
];

/// The same of a home, for somebody who has none.
pub const NO_HOME: (&str, &str) =
    ("I know where it is dry, and who lets me in.", "I want a door of my own that locks.");

/// About me.
pub const ABOUT: [&str; 14] = [
    "I keep canaries. I talk better when I'm doing something.",
    "I was a bus driver for eleven years. I know every street.",
    "I like to be called by my first name and not to be hurried.",
    "I have two grown-up children and a cat called Biscuit.",
    "I look after a child at home as well as myself.",
    "I'm good before noon and no good after.",
    "I hear voices. Two of them are kind.",
    "I came here from far away and I'm proud of what I carried.",
    "Please don't touch my shoulder. I like a table between us.",
    "I'd rather walk and talk than sit and talk.",
    "I make people laugh. Don't take it to mean I'm fine.",
    "I like facts. Tell me what will happen and when.",
    "I write everything down. Give me time to find the page.",
    "I've been in hospital four times and I don't want a fifth.",
];

/// What matters.
pub const MATTERS: [&str; 12] = [
    "My door stays mine.",
    "Seeing my daughter on Saturdays.",
    "The dog.",
    "Being told the truth, even when it's no.",
    "My faith, and Friday afternoons.",
    "Not going back on the ward.",
    "Music. Loud when I'm well, quiet when I'm not.",
    "That nobody rings my mother without asking me.",
    "Getting my driving licence back.",
    "The allotment in spring.",
    "Doing things myself, even slowly.",
    "A proper dinner.",
];

/// Strengths.
pub const STRENGTHS: [&str; 10] = [
    "I've got through every bad week so far.",
    "I can mend nearly anything.",
    "People tell me things.",
    "I speak three languages.",
    "I notice when somebody's left out.",
    "I cook for six on next to nothing.",
    "I'm on time.",
    "I know when I'm getting ill before anybody else does.",
    "My neighbour Val has a key.",
    "I draw.",
];

/// Staying well.
pub const STAYING_WELL: [&str; 6] = [
    "Early signs: I stop opening the curtains. What helps: a walk, and someone who doesn't talk.",
    "Early signs: buying things at night. What helps: giving my card to my sister.",
    "Early signs: three nights without sleep. What helps: ring the team the same day.",
    "Early signs: I stop eating with others. What helps: the breakfast on Tuesdays.",
    "Early signs: I think the neighbours are talking. What helps: checking it out with one person I trust.",
    "Early signs: drinking before noon. What helps: being somewhere else by noon.",
];

/// Notes of a contact.
pub const CONTACT: [&str; 12] = [
    "Met for a brew. Sleeping better. Wants to leave the housing form till next week.",
    "Rang as agreed. Short call; a bad morning. Said the dog is well.",
    "Walked round the park. Talked about work and about the brother.",
    "Read the letter together. Rang them from my phone.",
    "Came to the drop-in. Stayed an hour. Laughed.",
    "Went through the plan. Two lines changed, one taken out.",
    "Spoke at the door for ten minutes. Did not want to come out today. That is fine.",
    "Text as agreed, answered within the hour.",
    "Met with the support worker. Everybody heard the same thing.",
    "Talked about what a good week looks like. Wrote it down.",
    "Went along to the first session and waited outside.",
    "Said no to the course. Said yes to the garden.",
];

/// What people write to their navigator.
pub const MESSAGES: [&str; 8] = [
    "Can we make it later on Thursday? Mornings are no good with the new tablets.",
    "I got the letter. It says no. I don't know what happens now.",
    "Just to say it went all right.",
    "Please don't ring this week. My sister is staying.",
    "I've changed my mind about the group. Can you come with me the first time?",
    "The man at the desk was kind. Thank you.",
    "That line about my drinking isn't right. It was three years ago.",
    "When will I hear about the flat?",
];

/// Kind words with a decline.
pub const NO_FROM_FULL: [&str; 3] = [
    "We are full until the spring. We are sorry, and we would like to be asked again then.",
    "All our places are taken. It is nothing you did.",
    "There is no room now. Your name does not have to wait here; ask again whenever you like.",
];
