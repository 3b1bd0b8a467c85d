//! The addresses of pages that layouts and several features share. A feature keeps
//! its other addresses beside its handlers. No address ever holds anything about a
//! person but an opaque record id.

use std::sync::LazyLock;

use minijinja::Value;

/// The public front page.
pub const HOME: &str = "/";
/// Find support near you.
pub const FIND: &str = "/find";
/// Ask for help, for yourself or somebody else.
pub const ASK: &str = "/ask-for-help";
/// Crisis help.
pub const HELP: &str = "/help";
/// My rights, for everybody.
pub const RIGHTS: &str = "/my-rights";
/// How pages look.
pub const APPEARANCE: &str = "/appearance";
/// Leave in a hurry.
pub const LEAVE: &str = "/leave";
/// The plain page that leaving ends on.
pub const AWAY: &str = "/away";
/// Sign in.
pub const SIGN_IN: &str = "/sign-in";
/// Sign out.
pub const SIGN_OUT: &str = "/sign-out";
/// Say that you are worried about someone.
pub const WORRIED: &str = "/worried";
/// A navigator's day.
pub const TODAY: &str = "/today";
/// The people a worker supports.
pub const PEOPLE: &str = "/people";
/// A person's own pages.
pub const MINE: &str = "/mine";
/// A receiving organisation's requests.
pub const INBOX: &str = "/inbox";
/// The partnership's counts.
pub const PARTNERSHIP: &str = "/partnership";

/// What is lost at a lead's own organisation.
pub const LOST: &str = "/lost";

/// How the messages to the outside stand.
pub const MESSAGES: &str = "/partnership/messages";

/// Who works here, for administrators.
pub const WORKERS: &str = "/workers";
/// The members of the partnership.
pub const ORGANISATIONS: &str = "/organisations";
/// Who looked at what, for information governance.
pub const AUDIT: &str = "/audit";
/// Join with the code of an invitation.
pub const JOIN: &str = "/join";

/// The same, for templates: `page.paths.help`.
pub(crate) fn template_value() -> Value {
    static VALUE: LazyLock<Value> = LazyLock::new(|| {
        minijinja::context! {
            home => HOME,
            find => FIND,
            ask => ASK,
            help => HELP,
            rights => RIGHTS,
            appearance => APPEARANCE,
            leave => LEAVE,
            sign_in => SIGN_IN,
            sign_out => SIGN_OUT,
            worried => WORRIED,
            today => TODAY,
            people => PEOPLE,
            mine => MINE,
            inbox => INBOX,
            partnership => PARTNERSHIP,
            messages => MESSAGES,
            workers => WORKERS,
            organisations => ORGANISATIONS,
            join => JOIN,
        }
    });
    VALUE.clone()
}
