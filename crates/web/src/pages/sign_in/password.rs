//! A name, a password, and six digits from an app.

use super::{home_for, known_again, with_cookie};
use crate::app::{App, Asking, Oops, Posted};
use crate::form::{Filled, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::view::{View, render};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::CareError;
use kith_care::sign_in::with_password::Typed;
use serde::Serialize;

/// The sign-in page.
#[derive(Debug, Serialize)]
pub struct PasswordPage {
    form: Filled,
    /// The places elsewhere: word in addresses, and name.
    elsewhere: Vec<(String, String)>,
}

impl View for PasswordPage {
    const TEMPLATE: &'static str = "sign_in/password.html";

    fn title(&self) -> String {
        "Sign in".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let wrong =
            FormErrors::one("login", "The name, password or code is not right. Check them and try again.");
        let at = |n: usize, name: &str| (0..n).map(|i| (format!("x{i}"), name.to_owned())).collect();
        let page = |form| PasswordPage { form, elsewhere: Vec::new() };
        vec![
            ("with others", PasswordPage { form: Filled::blank(), elsewhere: at(2, "NHS login") }),
            (
                "longest",
                PasswordPage { form: Filled::blank(), elsewhere: at(12, "A <long> name of a place & more") },
            ),
            ("empty", page(Filled::blank())),
            ("ordinary", page(Filled::with([("login", "aisha")]))),
            ("difficult", page(Filled::of(&crate::form::FormData::from_text("login=%3Cb%3E"), &wrong))),
        ]
    }
}

fn view(app: &App, form: Filled) -> PasswordPage {
    PasswordPage { form, elsewhere: super::elsewhere::places(app) }
}

/// In the made-up place the chooser is the way in.
pub(super) async fn show(State(app): State<App>, page: PageContext) -> Response {
    if app.kith.is_made_up() {
        return Redirect::to("/demo").into_response();
    }
    render(&page, &view(&app, Filled::blank())).into_response()
}

pub(super) async fn sign_in(
    State(app): State<App>,
    Asking(visitor): Asking,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let login = read.required_text("login", TextRule::line("your sign-in name").max(100));
    let code = read.required_text("code", TextRule::line("the six digits from your app").max(20));
    let password = form.data.value("password").filter(|p| !p.is_empty()).map(str::to_owned);
    if password.is_none() {
        read.problem("password", "Enter your password.");
    }
    let again = |errors: &FormErrors| {
        let login = form.data.value("login").unwrap_or_default();
        // The password and the code are never sent back.
        let kept = crate::form::FormData::from_pairs([("login", login)]);
        Ok(render(&page, &view(&app, Filled::of(&kept, errors))).into_response())
    };
    let (Some(login), Some(code), Some(password), true) = (login, code, password, read.is_ok()) else {
        return again(read.errors());
    };
    let mut visitor = visitor;
    visitor.shared = read.ticked("shared");
    let device = known_again(&mut visitor)?;
    let typed = Typed { login, password, code };
    match app.kith.sign_in_with_password(typed, &visitor, app.now()).await {
        Ok(session) => {
            let to = home_for(&app, &session.cookie).await?;
            Ok(super::with_device(&app.site, with_cookie(&app.site, &session.cookie, to), device))
        }
        Err(CareError::Refused(why)) => again(&FormErrors::one("login", why)),
        Err(other) => Err(other.into()),
    }
}
