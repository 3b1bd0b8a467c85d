//! Joining: the code of an invitation, a password, a code app. The code travels in the
//! forms, never in an address.

use super::{home_of, with_cookie};
use crate::app::{App, Oops, Posted};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::mine::qr_path;
use crate::view::{Html, View, render};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kith_care::CareError;
use kith_care::sign_in::join::{Invited, Phone};
use serde::Serialize;

/// Step one: the code.
#[derive(Debug, Serialize)]
pub struct JoinPage {
    form: Filled,
}

impl View for JoinPage {
    const TEMPLATE: &'static str = "sign_in/join.html";

    fn title(&self) -> String {
        "Join".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let wrong = FormErrors::one("code", "That code does not work.");
        vec![
            ("empty", JoinPage { form: Filled::blank() }),
            ("ordinary", JoinPage { form: Filled::with([("code", "4F7K-9QXM-2B3C-8XYZ")]) }),
            ("difficult", JoinPage { form: Filled::of(&FormData::from_text("code=%3Cb%3E"), &wrong) }),
        ]
    }
}

/// Step two: a name and a password.
#[derive(Debug, Serialize)]
pub struct JoinPasswordPage {
    name: String,
    organisation: String,
    role: &'static str,
    code: String,
    /// The places elsewhere that they can join with instead.
    elsewhere: Vec<(String, String)>,
    form: Filled,
}

impl JoinPasswordPage {
    fn new(app: &App, invited: &Invited, code: &str, form: Filled) -> JoinPasswordPage {
        JoinPasswordPage {
            name: invited.name.clone(),
            organisation: invited.organisation.clone(),
            role: invited.role,
            code: code.to_owned(),
            elsewhere: super::elsewhere::places(app),
            form,
        }
    }
}

impl View for JoinPasswordPage {
    const TEMPLATE: &'static str = "sign_in/join_password.html";

    fn title(&self) -> String {
        "Choose a password".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, form| JoinPasswordPage {
            name: words.into(),
            organisation: words.into(),
            role: "Navigator",
            code: "4F7K-9QXM-2B3C-8XYZ".into(),
            elsewhere: if words.len() > 20 { vec![("x".into(), words.into())] } else { Vec::new() },
            form,
        };
        let wrong = FormErrors::one("password", "Choose a longer password.");
        vec![
            ("ordinary", page("Pat Osier", Filled::with([("login", "pat")]))),
            ("empty", page("", Filled::blank())),
            ("longest", page(&"Long name ".repeat(12), Filled::blank())),
            ("difficult", page("<b>\"'&", Filled::of(&FormData::from_text("login=%3Cb%3E"), &wrong))),
        ]
    }
}

/// Step three: the code app.
#[derive(Debug, Serialize)]
pub struct JoinPhonePage {
    code: String,
    secret: String,
    link: String,
    qr: String,
    qr_size: usize,
    form: Filled,
}

impl JoinPhonePage {
    fn new(phone: &Phone, code: &str, form: Filled) -> JoinPhonePage {
        let (qr_size, qr) = qr_path(&phone.link);
        JoinPhonePage {
            code: code.to_owned(),
            secret: in_fours(&phone.secret),
            link: phone.link.clone(),
            qr,
            qr_size,
            form,
        }
    }
}

/// Letters in groups of four are easier to type.
fn in_fours(secret: &str) -> String {
    let signs: Vec<char> = secret.chars().collect();
    signs.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

impl View for JoinPhonePage {
    const TEMPLATE: &'static str = "sign_in/join_phone.html";

    fn title(&self) -> String {
        "Set up a code app".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        let phone = |login: &str| Phone {
            secret: secret.into(),
            link: format!("otpauth://totp/Kith-Lode:{login}?secret={secret}&issuer=Kith-Lode"),
        };
        let wrong = FormErrors::one("digits", "Those digits are not right.");
        let code = "4F7K-9QXM-2B3C-8XYZ";
        vec![
            ("ordinary", JoinPhonePage::new(&phone("pat"), code, Filled::blank())),
            ("longest", JoinPhonePage::new(&phone(&"long".repeat(25)), code, Filled::blank())),
            (
                "difficult",
                JoinPhonePage::new(&phone("p"), "<b>\"'", Filled::of(&FormData::from_text(""), &wrong)),
            ),
        ]
    }
}

pub(super) async fn show(State(app): State<App>, page: PageContext) -> Result<Html, Oops> {
    app.kith.real_people_join()?;
    Ok(render(&page, &JoinPage { form: Filled::blank() }))
}

fn begin_again(page: &PageContext, code: &str, why: &str) -> Response {
    let kept = FormData::from_pairs([("code", code)]);
    let form = Filled::of(&kept, &FormErrors::one("code", why));
    render(page, &JoinPage { form }).into_response()
}

pub(super) async fn code(State(app): State<App>, page: PageContext, form: Posted) -> Result<Response, Oops> {
    app.kith.real_people_join()?;
    let mut read = Reader::new(&form.data);
    let Some(code) = read.required_text("code", TextRule::line("your code").max(60)) else {
        return Ok(render(&page, &JoinPage { form: Filled::of(&form.data, read.errors()) }).into_response());
    };
    match app.kith.invited(&code, app.now()).await {
        Ok(invited) => {
            let login = Filled::with([("login", invited.login.clone())]);
            Ok(render(&page, &JoinPasswordPage::new(&app, &invited, &code, login)).into_response())
        }
        Err(CareError::Refused(why)) => Ok(begin_again(&page, &code, &why)),
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn password(
    State(app): State<App>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    app.kith.real_people_join()?;
    let code = form.data.value("code").unwrap_or_default().to_owned();
    let mut read = Reader::new(&form.data);
    let login = read.required_text("login", TextRule::line("a name to sign in with").max(100));
    let typed = |name: &str| form.data.value(name).unwrap_or_default().to_owned();
    let (password, again) = (typed("password"), typed("again"));
    if password.is_empty() {
        read.problem("password", "Enter a password.");
    } else if password != again {
        read.problem("again", "The two passwords differ. Type the same one twice.");
    }
    if let (Some(login), true) = (login, read.is_ok()) {
        match app.kith.choose_password(&code, &login, password, app.now()).await {
            Ok(phone) => {
                return Ok(render(&page, &JoinPhonePage::new(&phone, &code, Filled::blank())).into_response());
            }
            Err(CareError::Fields(problems)) => {
                for p in problems {
                    read.problem(&p.field, p.problem);
                }
            }
            Err(CareError::Refused(why)) => return Ok(begin_again(&page, &code, &why)),
            Err(other) => return Err(other.into()),
        }
    }
    let invited = match app.kith.invited(&code, app.now()).await {
        Ok(invited) => invited,
        Err(CareError::Refused(why)) => return Ok(begin_again(&page, &code, &why)),
        Err(other) => return Err(other.into()),
    };
    // A password is never sent back.
    let kept = FormData::from_pairs([("login", form.data.value("login").unwrap_or_default())]);
    let filled = Filled::of(&kept, read.errors());
    Ok(render(&page, &JoinPasswordPage::new(&app, &invited, &code, filled)).into_response())
}

pub(super) async fn phone(State(app): State<App>, page: PageContext, form: Posted) -> Result<Response, Oops> {
    app.kith.real_people_join()?;
    let code = form.data.value("code").unwrap_or_default().to_owned();
    let mut read = Reader::new(&form.data);
    let digits = read.required_text("digits", TextRule::line("the six digits from your app").max(20));
    if let Some(digits) = digits {
        match app.kith.join(&code, &digits, app.now()).await {
            Ok((session, identity)) => {
                return Ok(with_cookie(&app.site, &session.cookie, home_of(&identity)));
            }
            Err(CareError::Fields(problems)) => {
                for p in problems {
                    read.problem(&p.field, p.problem);
                }
            }
            Err(CareError::Refused(why)) => return Ok(begin_again(&page, &code, &why)),
            Err(other) => return Err(other.into()),
        }
    }
    match app.kith.phone_again(&code, app.now()).await {
        Ok(phone) => {
            let filled = Filled::of(&FormData::from_text(""), read.errors());
            Ok(render(&page, &JoinPhonePage::new(&phone, &code, filled)).into_response())
        }
        Err(CareError::Refused(why)) => Ok(begin_again(&page, &code, &why)),
        Err(other) => Err(other.into()),
    }
}
