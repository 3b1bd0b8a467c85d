//! What somebody wants to do. Every route names one of these, and every policy speaks of
//! them by their stored form.

use crate::code::codes;

codes! {
    /// What is asked for. The schema of the policies holds the same list; a test says so.
    pub enum Action {
        /// Read the whole of one item.
        View = "view",
        /// Take an item out as a file.
        Export = "export",
        /// Put an item on paper.
        Print = "print",
        /// Disclose an item under a records duty (B10).
        Disclose = "disclose",
        /// See a referral and its packet without the name: a receiver who has not yet said
        /// who they are.
        ViewPacket = "view_packet",
        /// See the name the person likes to be called, on a worklist or a referral.
        SeeName = "see_name",
        /// See that a safety plan exists and whom to ask; nothing that is in it.
        SeeStub = "see_stub",
        /// See where a referral stands and how it ended; not the receiver's own notes.
        ViewReferralStatus = "view_referral_status",
        /// See who looked and what was changed: who, when, what kind, why; not content.
        ViewAudit = "view_audit",

        /// See at what one has looked oneself: references, kinds and moments; not content.
        ViewOwnLooks = "view_own_looks",

        /// Make something new about a person in one's own organisation's part.
        Create = "create",
        /// Make a new version of a living record: plan section, need, goal, step, referral.
        Update = "update",
        /// Change an authored note: its author, within the hours the place allows.
        Edit = "edit",
        /// Add an amendment under an authored note.
        Amend = "amend",
        /// Mark something as a mistake. The journal keeps it.
        TakeBack = "take_back",
        /// Add the person's own words: a line, a disagreement, a message.
        Contribute = "contribute",
        /// Write a sealed item: a safe address, a key-safe code.
        Seal = "seal",
        /// Delete. Never allowed; a mistake is taken back, and retention has its own way.
        Delete = "delete",

        /// Send a referral with its packet.
        SendReferral = "send_referral",
        /// Answer a referral as its receiver: accept, ask, offer dates, decline, came, ended.
        AnswerReferral = "answer_referral",
        /// Offer people to a colleague, accept them, or say who covers while a worker is away.
        HandOver = "hand_over",

        /// Give or widen an agreement to share.
        ManageConsent = "manage_consent",
        /// Narrow or stop sharing, or stop everything.
        StopSharing = "stop_sharing",
        /// Let a supporter in, or change what they may do.
        ManageProxy = "manage_proxy",
        /// Open emergency access. Reading under it is `View`.
        BreakGlass = "break_glass",

        /// Add a new person. Never says whether anyone else knows them.
        AddPerson = "add_person",
        /// Ask for help, for oneself or for somebody one cares for.
        AskForHelp = "ask_for_help",
        /// Say "I am worried about someone" who may not be in Kith.
        RaiseWorry = "raise_worry",
        /// An exact match on somebody, answered by "can refer" only.
        FindToRefer = "find_to_refer",
        /// Decide whether two records are one person.
        ResolveMatch = "resolve_match",

        /// Read the public directory.
        BrowseDirectory = "browse_directory",
        /// Change an entry of the directory.
        KeepListing = "keep_listing",
        /// Say how much space a service has.
        SetCapacity = "set_capacity",
        /// Read figures that have passed the disclosure gate.
        Aggregate = "aggregate",
        /// Read the lost list: references and holding organisations, never names.
        ViewLost = "view_lost",
        /// Keep organisations, teams, workers, agreements and settings; no content.
        Administer = "administer",
        /// Look at who has which place in an organisation, and say that it is right or ends.
        ReviewAccess = "review_access",
        /// Put something to the lived-experience panel, and read what it is asked.
        AskPanel = "ask_panel",
        /// Answer and decide as a member of the panel.
        DecidePanel = "decide_panel",
        /// Read how to reach somebody, to tell them that there is news. Jobs only.
        Tell = "tell",
        /// Work out who holds a thing and by when. Jobs and the command line only; nothing
        /// of what is read leaves but references.
        Check = "check",
    }
}

impl Action {
    /// May a permit for this action open the whole of the item it names?
    pub fn opens_content(self) -> bool {
        matches!(
            self,
            Action::View
                | Action::Export
                | Action::Print
                | Action::Disclose
                | Action::Update
                | Action::Edit
                | Action::Amend
                | Action::TakeBack
                | Action::Contribute
                | Action::Seal
                | Action::AnswerReferral
                | Action::HandOver
                | Action::KeepListing
                | Action::SetCapacity
                | Action::Administer
                | Action::ReviewAccess
                | Action::ManageConsent
                | Action::StopSharing
                | Action::ManageProxy
                | Action::ResolveMatch
                | Action::Tell
                | Action::Check
        )
    }
}
