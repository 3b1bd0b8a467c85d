//! `cargo xtask components`: fetch the pinned page components.
//!
//! Two published packages, the NHS.UK frontend (npm) and its Jinja port (PyPI), are
//! downloaded with their own tools, checked against `components.lock`, and unpacked
//! into the ignored folder `/components`:
//!
//! - `components/embed/` goes into the program: one style sheet, one script, the
//!   small icons, the Jinja macros, the licence texts;
//! - `components/fixtures/` is only for tests: what the frontend's authors say each
//!   component looks like as HTML.
//!
//! Left out on purpose, because they are for NHS organisations only: the logo (the
//! header and footer components), favicons, touch icons, manifest and the sharing
//! picture. Taken out of the style sheet: the Frutiger font, which would also ask a
//! server outside for every page view. Colours in the style sheet become variables
//! with the old value as fallback, so that our themes can set them.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Bump when the unpacking below changes, so that old folders are made again.
const UNPACK_VERSION: u32 = 3;

/// Components that draw the NHS logo or frame the page in it. We draw our own.
const NOT_OURS_TO_USE: [&str; 3] = ["header", "footer", "template"];

/// What `cargo xtask components` can be told.
#[derive(clap::Args, Debug, Default)]
pub struct Args {
    /// Fetch and unpack again even when everything is already in place.
    #[arg(long)]
    pub force: bool,
}

/// Why the components could not be fetched, in words for the person at the keyboard.
#[derive(Debug)]
pub enum Error {
    /// A program this needs is not installed.
    Missing { program: &'static str, why: &'static str },
    /// A program ran and failed.
    Failed { what: String, output: String },
    /// The archive is not the one that was pinned.
    WrongHash { archive: String, expected: String, found: String },
    /// The unpacked files are not what we expect.
    Unexpected(String),
    /// A file could not be read or written.
    File { path: PathBuf, cause: io::Error },
    /// `components.lock` could not be read.
    Lock(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Missing { program, why } => {
                write!(f, "{program} is not installed. It is needed {why}. Install it and run this again.")
            }
            Error::Failed { what, output } => write!(f, "{what} did not work:\n{output}"),
            Error::WrongHash { archive, expected, found } => write!(
                f,
                "{archive} is not the file that components.lock pins.\n  expected sha256 {expected}\n  found    sha256 {found}\nNothing was unpacked."
            ),
            Error::Unexpected(what) => write!(f, "the components are not as expected: {what}"),
            Error::File { path, cause } => write!(f, "{}: {cause}", path.display()),
            Error::Lock(cause) => write!(f, "components.lock: {cause}"),
        }
    }
}

impl std::error::Error for Error {}

#[derive(Deserialize)]
struct Lock {
    component: Vec<Component>,
}

#[derive(Deserialize)]
struct Component {
    name: String,
    version: String,
    source: Source,
    archive: String,
    sha256: String,
    licence: String,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Source {
    Npm,
    Pypi,
}

/// Fetches, checks and unpacks the components, unless that was done already.
pub fn run(args: &Args) -> Result<(), Error> {
    run_in(&repository(), args)
}

/// True when the components are in place for the pinned versions.
pub fn present() -> bool {
    let root = repository();
    match fs::read_to_string(root.join("components.lock")) {
        Ok(lock) => is_in_place(&root.join("components"), &stamp_of(&lock)),
        Err(_) => false,
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository").to_path_buf()
}

fn run_in(root: &Path, args: &Args) -> Result<(), Error> {
    let lock_path = root.join("components.lock");
    let lock_text = read(&lock_path)?;
    let lock: Lock = toml::from_str(&lock_text).map_err(|e| Error::Lock(e.to_string()))?;
    let folder = root.join("components");
    let stamp = stamp_of(&lock_text);
    if !args.force && is_in_place(&folder, &stamp) {
        println!("Page components are in place.");
        return Ok(());
    }

    need("npm", "to download nhsuk-frontend")?;
    need("python3", "to download nhsuk-frontend-jinja and to unpack both packages")?;

    // Everything is made beside the old folder and moved in at the end, so that a
    // failure or Ctrl-C never leaves half a set.
    let work = tempfile::Builder::new()
        .prefix(".components-")
        .tempdir_in(root)
        .map_err(|cause| Error::File { path: root.to_path_buf(), cause })?;
    let fresh = work.path().join("fresh");
    let mut licences = String::new();
    for component in &lock.component {
        println!("Fetching {} {} ...", component.name, component.version);
        let archive = download(component, work.path())?;
        check_hash(&archive, component)?;
        let unpacked = work.path().join(&component.name);
        unpack(&archive, component.source, &unpacked)?;
        match component.source {
            Source::Npm => take_frontend(&unpacked.join("package"), &fresh)?,
            Source::Pypi => take_templates(&unpacked.join("nhsuk_frontend_jinja/templates"), &fresh)?,
        }
        licences.push_str(&licence_text(component));
    }
    write(&fresh.join("embed/nhsuk/LICENCES.txt"), licences.as_bytes())?;
    check_embedded(&fresh.join("embed"))?;
    write(&fresh.join("stamp"), stamp.as_bytes())?;
    replace(&fresh, &folder)?;
    println!("Page components are ready in components/.");
    Ok(())
}

fn stamp_of(lock: &str) -> String {
    format!("{UNPACK_VERSION} {}\n", hex::encode(Sha256::digest(lock.as_bytes())))
}

fn is_in_place(folder: &Path, stamp: &str) -> bool {
    fs::read_to_string(folder.join("stamp")).is_ok_and(|found| found == stamp)
}

fn need(program: &'static str, why: &'static str) -> Result<(), Error> {
    match Command::new(program).arg("--version").output() {
        Ok(output) if output.status.success() => Ok(()),
        _ => Err(Error::Missing { program, why }),
    }
}

fn download(component: &Component, into: &Path) -> Result<PathBuf, Error> {
    let mut command = match component.source {
        Source::Npm => {
            let mut c = Command::new("npm");
            c.args(["pack", "--silent", "--ignore-scripts"]);
            c.arg(format!("{}@{}", component.name, component.version));
            c
        }
        Source::Pypi => {
            let mut c = Command::new("python3");
            c.args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]);
            c.arg("--disable-pip-version-check");
            c.arg(format!("{}=={}", component.name, component.version));
            c
        }
    };
    execute(command.current_dir(into), &format!("Downloading {}", component.name))?;
    let archive = into.join(&component.archive);
    if archive.is_file() {
        Ok(archive)
    } else {
        Err(Error::Unexpected(format!("{} did not arrive", component.archive)))
    }
}

fn execute(command: &mut Command, what: &str) -> Result<(), Error> {
    let failed = |output: String| Error::Failed { what: what.to_owned(), output };
    let output = command.output().map_err(|e| failed(e.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
}

fn check_hash(archive: &Path, component: &Component) -> Result<(), Error> {
    let bytes = fs::read(archive).map_err(|cause| Error::File { path: archive.to_path_buf(), cause })?;
    let found = hex::encode(Sha256::digest(&bytes));
    if found == component.sha256 {
        return Ok(());
    }
    Err(Error::WrongHash { archive: component.archive.clone(), expected: component.sha256.clone(), found })
}

fn unpack(archive: &Path, source: Source, into: &Path) -> Result<(), Error> {
    fs::create_dir_all(into).map_err(|cause| Error::File { path: into.to_path_buf(), cause })?;
    let module = match source {
        Source::Npm => "tarfile",
        Source::Pypi => "zipfile",
    };
    execute(
        Command::new("python3").args(["-m", module, "-e"]).arg(archive).arg(into),
        &format!("Unpacking {}", archive.display()),
    )
}

/// From the npm package: the style sheet, the script, the plain icons, the fixtures.
fn take_frontend(package: &Path, fresh: &Path) -> Result<(), Error> {
    let dist = package.join("dist/nhsuk");
    let embed = fresh.join("embed/nhsuk");
    let css = read(&dist.join("nhsuk-frontend.min.css"))?;
    write(&embed.join("nhsuk-frontend.min.css"), prepare_css(&css).as_bytes())?;
    let js = read(&dist.join("nhsuk-frontend.min.js"))?;
    write(&embed.join("nhsuk-frontend.min.js"), without_source_map(&js).as_bytes())?;

    let images = dist.join("assets/images");
    for path in list(&images)? {
        let name = file_name(&path);
        if is_plain_icon(&name) {
            copy(&path, &embed.join("images").join(&name))?;
        }
    }
    for path in list(&dist.join("components"))? {
        let fixture = path.join("fixtures.json");
        if fixture.is_file() && !NOT_OURS_TO_USE.contains(&file_name(&path).as_str()) {
            copy(&fixture, &fresh.join("fixtures").join(format!("{}.json", file_name(&path))))?;
        }
    }
    Ok(())
}

/// From the Python package: the Jinja templates, but for the branded ones.
fn take_templates(templates: &Path, fresh: &Path) -> Result<(), Error> {
    let embed = fresh.join("embed/templates");
    let mut waiting = vec![templates.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        for path in list(&folder)? {
            let name = file_name(&path);
            if path.is_dir() {
                if !NOT_OURS_TO_USE.contains(&name.as_str()) {
                    waiting.push(path);
                }
            } else if path.extension().is_some_and(|e| e == "jinja") && !is_page_template(&path, templates) {
                let relative = path.strip_prefix(templates).expect("it was found below this folder");
                copy(&path, &embed.join(relative))?;
            }
        }
    }
    Ok(())
}

/// `nhsuk/template.jinja` and its sister draw a whole NHS page; component folders
/// each have a `template.jinja` of their own, which we need.
fn is_page_template(path: &Path, templates: &Path) -> bool {
    path.parent() == Some(&templates.join("nhsuk"))
}

/// Arrow, tick, cross and so on. The same folder holds favicons, touch icons, the
/// mask icon and the sharing picture, which carry the NHS identity.
fn is_plain_icon(name: &str) -> bool {
    name.ends_with(".svg") && name.starts_with("nhsuk-icon-") && name != "nhsuk-icon-mask.svg"
}

/// The style sheet without the font of the NHS, with icons beside it rather than at
/// a fixed address, and with a font and colours that a theme can set.
fn prepare_css(css: &str) -> String {
    let css = without_font_faces(&without_source_map(css))
        .replace("Frutiger W01,", "")
        .replace("font-family:arial,sans-serif", "font-family:var(--n-font,arial,sans-serif)")
        .replace("url(/assets/images/", "url(images/");
    with_colour_variables(&css)
}

fn without_source_map(text: &str) -> String {
    match text.rfind("sourceMappingURL=") {
        Some(at) => {
            let start = text[..at].rfind(['\n', ';', '}']).map_or(0, |i| i + 1);
            format!("{}\n", text[..start].trim_end())
        }
        None => text.to_owned(),
    }
}

fn without_font_faces(css: &str) -> String {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(start) = rest.find("@font-face{") {
        kept.push_str(&rest[..start]);
        rest = match rest[start..].find('}') {
            Some(end) => &rest[start + end + 1..],
            None => "",
        };
    }
    kept.push_str(rest);
    kept
}

/// Writes each `#rrggbb` in a declaration as `var(--n-KIND-rrggbb,#rrggbb)`, KIND
/// being `fg`, `bg` or `line` by property, or `focus` in rules that draw the yellow
/// focus state, whose dark text must stay dark in a dark theme.
fn with_colour_variables(css: &str) -> String {
    let mut out = String::with_capacity(css.len() * 5 / 4);
    let mut rest = css;
    while let Some(close) = rest.find('}') {
        match rest[..close].rfind('{') {
            Some(open) => {
                out.push_str(&rest[..=open]);
                out.push_str(&block_with_variables(&rest[open + 1..close]));
                out.push('}');
            }
            None => out.push_str(&rest[..=close]),
        }
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
    out
}

fn block_with_variables(block: &str) -> String {
    let focus = block.contains("#ffeb3b");
    let declarations: Vec<String> = block
        .split(';')
        .map(|declaration| match declaration.split_once(':') {
            // The package's own variables and anything with an address stay as they are.
            Some((property, value))
                if !property.trim_start().starts_with("--") && !value.contains("url(") =>
            {
                let kind = if focus { "focus" } else { colour_kind(property.trim()) };
                format!("{property}:{}", value_with_variables(value, kind))
            }
            _ => declaration.to_owned(),
        })
        .collect();
    declarations.join(";")
}

fn colour_kind(property: &str) -> &'static str {
    match property {
        "color" | "fill" | "-webkit-text-fill-color" => "fg",
        p if p.starts_with("background") => "bg",
        _ => "line",
    }
}

fn value_with_variables(value: &str, kind: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('#') {
        out.push_str(&rest[..at]);
        let digits: String = rest[at + 1..].chars().take_while(char::is_ascii_hexdigit).collect();
        if digits.len() == 3 || digits.len() == 6 {
            out.push_str(&format!("var(--n-{kind}-{digits},#{digits})"));
        } else {
            out.push('#');
            out.push_str(&digits);
        }
        rest = &rest[at + 1 + digits.len()..];
    }
    out.push_str(rest);
    out
}

/// The archives carry no licence file, only its name; the MIT licence asks that its
/// text travels with the code.
fn licence_text(component: &Component) -> String {
    let holder = match component.source {
        Source::Npm => "Crown Copyright (NHS England)",
        Source::Pypi => "the authors of nhsuk-frontend-jinja (Mat Moore and contributors)",
    };
    format!(
        "{} {}\nLicence: {}. Copyright (c) {holder}\n\n{MIT_TEXT}\n\n",
        component.name, component.version, component.licence
    )
}

const MIT_TEXT: &str = "Permission is hereby granted, free of charge, to any person obtaining a copy of this \
software and associated documentation files (the \"Software\"), to deal in the Software without restriction, \
including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell \
copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following \
conditions:\n\nThe above copyright notice and this permission notice shall be included in all copies or substantial \
portions of the Software.\n\nTHE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, \
INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. \
IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN \
ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER \
DEALINGS IN THE SOFTWARE.";

/// What must never be in the program, whatever a newer package brings.
fn check_embedded(embed: &Path) -> Result<(), Error> {
    let mut found: BTreeMap<PathBuf, String> = BTreeMap::new();
    let mut waiting = vec![embed.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        for path in list(&folder)? {
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.insert(path.clone(), read(&path)?);
            }
        }
    }
    for (path, text) in &found {
        for forbidden in ["assets.nhs.uk", "Frutiger", "@font-face"] {
            if text.contains(forbidden) {
                return Err(Error::Unexpected(format!("{} still holds {forbidden}", path.display())));
            }
        }
        let is_markup = path.extension().is_some_and(|e| e == "jinja" || e == "svg");
        if is_markup && text.contains("header__logo") {
            return Err(Error::Unexpected(format!("{} draws the header logo", path.display())));
        }
    }
    for needed in [
        "nhsuk/nhsuk-frontend.min.css",
        "nhsuk/nhsuk-frontend.min.js",
        "templates/nhsuk/components/button/macro.jinja",
    ] {
        if !found.contains_key(&embed.join(needed)) {
            return Err(Error::Unexpected(format!("{needed} is missing")));
        }
    }
    Ok(())
}

fn replace(fresh: &Path, folder: &Path) -> Result<(), Error> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|cause| Error::File { path: folder.to_path_buf(), cause })?;
    }
    fs::rename(fresh, folder).map_err(|cause| Error::File { path: folder.to_path_buf(), cause })
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

fn list(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let problem = |cause| Error::File { path: folder.to_path_buf(), cause };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(problem)? {
        paths.push(entry.map_err(problem)?.path());
    }
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|cause| Error::File { path: path.to_path_buf(), cause })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let problem = |cause| Error::File { path: path.to_path_buf(), cause };
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(problem)?;
    }
    fs::write(path, bytes).map_err(problem)
}

fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    let bytes = fs::read(from).map_err(|cause| Error::File { path: from.to_path_buf(), cause })?;
    write(to, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSS: &str = "@font-face{font-family:Frutiger W01;src:url(https://assets.nhs.uk/a.woff2)}\
        body{color:#212b32;font-family:Frutiger W01,arial,sans-serif;background-color:#fff}\
        @media print{a:focus{color:#212b32;background-color:#ffeb3b}}\
        .x{background:url(/assets/images/nhsuk-icon-cross.svg)}:root{--nhsuk-brand-colour:#005eb8}\
        /*# sourceMappingURL=a.css.map */";

    #[test]
    fn css_loses_the_font_and_every_outside_address() {
        let css = prepare_css(CSS);
        assert!(!css.contains("assets.nhs.uk") && !css.contains("Frutiger") && !css.contains("@font-face"));
        assert!(!css.contains("sourceMappingURL"));
        assert!(css.contains("font-family:var(--n-font,arial,sans-serif)"));
        assert!(css.contains("url(images/nhsuk-icon-cross.svg)"));
    }

    #[test]
    fn colours_become_variables_that_fall_back_to_themselves() {
        let css = prepare_css(CSS);
        assert!(css.contains("color:var(--n-fg-212b32,#212b32)"), "{css}");
        assert!(css.contains("background-color:var(--n-bg-fff,#fff)"), "{css}");
        assert!(css.contains("a:focus{color:var(--n-focus-212b32,#212b32)"), "{css}");
        assert!(css.contains("--nhsuk-brand-colour:#005eb8"), "the package's own variables stay");
    }

    #[test]
    fn only_plain_icons_are_taken() {
        assert!(is_plain_icon("nhsuk-icon-tick.svg"));
        for name in [
            "nhsuk-icon-mask.svg",
            "favicon.svg",
            "favicon.ico",
            "nhsuk-icon-180.png",
            "nhsuk-opengraph-image.png",
        ] {
            assert!(!is_plain_icon(name), "{name}");
        }
    }

    #[test]
    fn an_archive_with_another_hash_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("a.tgz");
        fs::write(&archive, b"something else").unwrap();
        let component = Component {
            name: "a".into(),
            version: "1".into(),
            source: Source::Npm,
            archive: "a.tgz".into(),
            sha256: "00".into(),
            licence: "MIT".into(),
        };
        let error = check_hash(&archive, &component).unwrap_err();
        assert!(error.to_string().contains("components.lock pins"), "{error}");
    }

    #[test]
    fn embedded_files_with_a_logo_or_the_font_are_refused() {
        for bad in ["<svg class=\"nhsuk-header__logo\">", "Frutiger", "https://assets.nhs.uk/x"] {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join("a.jinja"), bad).unwrap();
            assert!(check_embedded(folder.path()).is_err(), "{bad}");
        }
    }
}
