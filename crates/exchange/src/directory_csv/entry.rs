//! One row to one entry. A value that is wrong is left out with a remark, unless the map
//! says that an entry must have it; then the row is refused.

use super::draft::{DESCRIPTION_MAX, Draft, add_new};
use super::map::{Columns, Field, Get, GetFrom, Map, NoMeans, plain, template_columns};
use super::report::{Outcome, Remark, RowRefusal};
use super::sheet::{LINES_MAX, Row};
use super::values;
use crate::place::PostcodeLookup;
use kith_domain::directory::{
    AdjustmentCode, Cost, DayHours, Eligibility, GenderPolicy, Known, Language, Location, Opening, Service,
    Source, Week, Weekday,
};
use kith_domain::id::OrganisationId;
use kith_domain::place::{Point, Postcode, PostcodeFact};
use kith_domain::text::{self, BadText};
use kith_domain::time::Instant;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The longest of other texts, in characters.
const ADDRESS_MAX: usize = 300;
const URL_MAX: usize = 2_000;
/// Further than this from its postcode, a point is taken to be wrong (metres).
const POINT_OFF_MAX: f64 = 2_000.0;

/// What becomes of one row.
pub(super) fn one(
    row: &Row,
    map: &Map,
    columns: &Columns,
    postcodes: Option<&dyn PostcodeLookup>,
    fetched_at: Option<Instant>,
) -> (Outcome, Vec<Remark>) {
    let mut reading = Reading { row, map, columns, remarks: Vec::new(), refusals: Vec::new() };
    if row.cells.iter().all(|c| c.trim().is_empty()) {
        return (Outcome::LeftOut { why: "The row is empty.".to_owned() }, Vec::new());
    }
    reading.check_shape();
    if reading.refusals.is_empty()
        && let Some(skip) =
            map.skip.iter().find(|s| s.is.iter().any(|w| plain(w) == plain(&reading.raw(&s.column))))
    {
        return (Outcome::LeftOut { why: skip.why.clone() }, Vec::new());
    }
    let draft = reading.refusals.is_empty().then(|| reading.draft(postcodes, fetched_at));
    let Reading { refusals, remarks, .. } = reading;
    match draft {
        Some(draft) if refusals.is_empty() => (Outcome::Imported(Box::new(draft)), remarks),
        _ => (Outcome::Refused(refusals), Vec::new()),
    }
}

/// One row being read.
struct Reading<'a> {
    row: &'a Row,
    map: &'a Map,
    columns: &'a Columns,
    remarks: Vec<Remark>,
    refusals: Vec<RowRefusal>,
}

impl Reading<'_> {
    fn refuse(&mut self, column: Option<String>, why: impl Into<String>, what_to_do: impl Into<String>) {
        self.refusals.push(RowRefusal {
            row: self.row.number,
            column,
            why: why.into(),
            what_to_do: what_to_do.into(),
        });
    }
    fn remark(&mut self, column: Option<String>, words: impl Into<String>) {
        self.remarks.push(Remark { column, words: words.into() });
    }

    /// A wrong value: refused where an entry must have it, otherwise left out.
    fn problem(&mut self, field: Field, why: &str) {
        let column = self.column_of(field);
        if field == Field::Name || self.map.must.contains(&field) {
            self.refuse(column, why, "Put it right in the file and import it again.");
        } else {
            self.remark(column, format!("{why} It is left out."));
        }
    }

    fn check_shape(&mut self) {
        let (cells, headings) = (self.row.cells.len(), self.columns.headings.len());
        if let Some(lines) =
            self.row.cells.iter().map(|c| c.matches('\n').count()).max().filter(|n| *n > LINES_MAX)
        {
            self.refuse(
                None,
                format!("One value runs on over {lines} lines, and has probably swallowed other rows."),
                "A quotation mark is missing at its end. Put it in.",
            );
        } else if self.row.cells.iter().skip(headings).any(|c| !c.trim().is_empty()) {
            self.refuse(
                None,
                format!(
                    "It has {cells} values under {headings} headings, so they may stand under the wrong ones."
                ),
                "Put quotation marks around a value that has a comma in it.",
            );
        } else if cells < headings {
            self.remark(None, "The row ends early. The rest counts as empty.");
        }
    }

    /// The text of a cell; nothing when it is one of the words for nothing.
    fn raw(&self, column: &str) -> String {
        let cell = self.columns.index(column).and_then(|i| self.row.cells.get(i)).map_or("", |c| c.trim());
        let null = self.map.file.null_words.iter().any(|w| w.trim().eq_ignore_ascii_case(cell));
        if null { String::new() } else { cell.to_owned() }
    }

    fn column_of(&self, field: Field) -> Option<String> {
        match self.map.fields.get(&field)? {
            Get::Column(column) => Some(column.clone()),
            Get::From(from) => {
                let first = from.columns.as_ref().and_then(|c| c.first().cloned());
                from.column
                    .clone()
                    .or(first)
                    .or_else(|| from.template.as_deref().and_then(|t| template_columns(t).into_iter().next()))
            }
        }
    }

    /// The values of a field, before they are typed: none, one or several.
    fn values(&self, field: Field) -> Vec<String> {
        let values = match self.map.fields.get(&field) {
            None => Vec::new(),
            Some(Get::Column(column)) => vec![self.raw(column)],
            Some(Get::From(from)) => self.values_from(from),
        };
        values.into_iter().filter(|v| !v.trim().is_empty()).collect()
    }

    fn values_from(&self, from: &GetFrom) -> Vec<String> {
        if let Some(value) = &from.value {
            return value.list().to_vec();
        }
        let text = match (&from.column, &from.columns, &from.template) {
            (Some(column), ..) => self.raw(column),
            (_, Some(columns), _) => {
                let parts = columns.iter().map(|c| self.raw(c)).filter(|c| !c.is_empty());
                parts.collect::<Vec<_>>().join(from.join.as_deref().unwrap_or(", "))
            }
            (_, _, Some(template)) => self.fill(template),
            _ => String::new(),
        };
        let parts: Vec<String> = match &from.separator {
            Some(separator) if !separator.is_empty() => {
                text.split(separator.as_str()).map(|p| p.trim().to_owned()).collect()
            }
            _ => vec![text],
        };
        if from.map.is_empty() && from.otherwise.is_none() {
            return parts;
        }
        let mapped = |part: &String| -> Vec<String> {
            let ours = from.map.iter().find(|(theirs, _)| plain(theirs) == plain(part)).map(|(_, ours)| ours);
            ours.or(from.otherwise.as_ref())
                .map_or_else(|| vec![part.clone()], |values| values.list().to_vec())
        };
        parts.iter().flat_map(mapped).collect()
    }

    /// A template filled in; nothing when one of its columns is empty.
    fn fill(&self, template: &str) -> String {
        let mut text = template.to_owned();
        for column in template_columns(template) {
            let value = self.raw(&column);
            if value.is_empty() {
                return String::new();
            }
            text = text.replacen(&format!("{{{column}}}"), &value, 1);
        }
        text
    }

    /// One text of a field, cleaned. Control characters and too long a text refuse the row.
    fn text(&mut self, field: Field, max: usize, lines: bool) -> Option<String> {
        let value = self.values(field).join("; ");
        let read = if lines { text::words(&value, max) } else { text::line(&value, max) };
        match read {
            Ok(text) => Some(text),
            Err(BadText::Empty) => {
                if field != Field::Name && self.map.must.contains(&field) {
                    let column = self.column_of(field);
                    self.refuse(
                        column,
                        format!("There is no {}.", values::field_name(field).replace('_', " ")),
                        "Write it in the file, or take the field out of `must` in the map.",
                    );
                }
                None
            }
            Err(BadText::TooLong(max)) => {
                let column = self.column_of(field);
                self.refuse(
                    column,
                    format!("The text is longer than {max} characters."),
                    "Shorten it. If it holds several rows, a quotation mark is missing.",
                );
                None
            }
            Err(BadText::Control) => {
                let column = self.column_of(field);
                self.refuse(
                    column,
                    "It has a character in it that cannot be shown.",
                    "Type the value again.",
                );
                None
            }
        }
    }

    /// A typed value of a field with one value.
    fn typed<T>(&mut self, field: Field, max: usize, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let text = self.text(field, max, false)?;
        match read(&text) {
            Ok(value) => Some(value),
            Err(why) => {
                self.problem(field, &why);
                None
            }
        }
    }

    /// Typed values of a field with several; wrong ones are told and left out.
    fn list<T: PartialEq>(&mut self, field: Field, read: impl Fn(&str) -> Result<T, String>) -> Vec<T> {
        let mut list = Vec::new();
        // The whole is checked for control characters and length before its parts are.
        if self.text(field, DESCRIPTION_MAX, true).is_none() {
            return list;
        }
        for value in self.values(field) {
            match text::line(&value, DESCRIPTION_MAX).map_err(|e| e.to_string()).and_then(|v| read(&v)) {
                Ok(item) if !list.contains(&item) => list.push(item),
                Ok(_) => {}
                Err(why) => self.problem(field, &why),
            }
        }
        list
    }

    fn draft(&mut self, postcodes: Option<&dyn PostcodeLookup>, fetched_at: Option<Instant>) -> Draft {
        let name = self.text(Field::Name, text::LINE, false).unwrap_or_default();
        if name.is_empty() && self.refusals.is_empty() {
            let column = self.column_of(Field::Name);
            self.refuse(column, "There is no name.", "Write the name of the service, or take the row out.");
        }
        let organisation = self.text(Field::Organisation, text::LINE, false).unwrap_or_else(|| name.clone());
        let mut service = Service::new(name, OrganisationId(Uuid::nil()));
        self.what(&mut service);
        self.whereabouts(&mut service, postcodes);
        self.who_for(&mut service);
        self.when_and_how(&mut service);
        self.yes_no(&mut service);
        self.rules(&mut service);
        if service.areas.is_empty() {
            let areas = service.needs.iter().filter_map(|n| n.area()).collect();
            add_new(&mut service.areas, areas);
        }
        if service.areas.is_empty() {
            self.remark(None, "It is in no area of life, so it is found only by its words. Add `areas` or a rule to the map.");
        }
        let key = self.key(&service);
        service.source = self.source(&key, fetched_at);
        Draft { row: self.row.number, organisation, key, service }
    }

    fn what(&mut self, service: &mut Service) {
        service.description = self.text(Field::Description, DESCRIPTION_MAX, true).unwrap_or_default();
        service.keywords = self.list(Field::Keywords, |v| Ok(v.to_owned()));
        service.areas = self.list(Field::Areas, values::area);
        service.needs = self.list(Field::Needs, values::need);
        service.status = self.typed(Field::Status, text::LINE, values::status).unwrap_or_default();
        service.contact.phone = self.typed(Field::Phone, text::LINE, values::phone);
        service.contact.email = self.typed(Field::Email, text::LINE, values::email);
        service.contact.url = self.typed(Field::Url, URL_MAX, values::url);
    }

    fn whereabouts(&mut self, service: &mut Service, postcodes: Option<&dyn PostcodeLookup>) {
        let postcode = self.typed(Field::Postcode, text::LINE, |v| {
            Postcode::parse(v)
                .map_err(|_| format!("{} does not have the shape of a postcode.", values::quoted(v)))
        });
        let fact = postcode.as_ref().and_then(|p| self.look_up(p, postcodes));
        let address = self.text(Field::Address, ADDRESS_MAX, true).map(|a| a.replace('\n', ", "));
        let name = self.text(Field::LocationName, text::LINE, false);
        let point = self.point(fact.as_ref());
        let mut places = self.list(Field::Places, values::place);
        add_new(&mut places, fact.map(|f| f.places()).unwrap_or_default());
        if address.is_some() || postcode.is_some() || point.is_some() {
            service.locations =
                vec![Location::At { name, address: address.unwrap_or_default(), postcode, point, places }];
        }
        let serves = self.values(Field::Serves);
        match values::serves(&serves) {
            Ok(serves) => service.serves = serves,
            Err(why) => self.problem(Field::Serves, &why),
        }
        service.delivery = self.list(Field::Delivery, values::delivery);
    }

    fn look_up(
        &mut self,
        postcode: &Postcode,
        postcodes: Option<&dyn PostcodeLookup>,
    ) -> Option<PostcodeFact> {
        let table = postcodes?;
        let found = table.find(postcode);
        if found.is_none() && table.covers(&postcode.outward()) {
            let column = self.column_of(Field::Postcode);
            self.remark(
                column,
                "The postcode is not in the list of postcodes in use. It may be new, closed or mistyped.",
            );
        }
        found.cloned()
    }

    /// The published point, unless it is far from the postcode; otherwise the middle of
    /// the postcode.
    fn point(&mut self, fact: Option<&PostcodeFact>) -> Option<Point> {
        let middle = fact.and_then(|f| f.point);
        let (lat, lon) = (self.values(Field::Lat).concat(), self.values(Field::Lon).concat());
        if lat.is_empty() && lon.is_empty() {
            return middle;
        }
        match (values::point(&lat, &lon), middle) {
            (Ok(point), Some(middle)) if point.metres_to(middle) > POINT_OFF_MAX => {
                let column = self.column_of(Field::Lat);
                self.remark(
                    column,
                    format!(
                        "The point is {:.0} km from the postcode. The middle of the postcode is used.",
                        point.metres_to(middle) / 1000.0
                    ),
                );
                Some(middle)
            }
            (Ok(point), _) => Some(point),
            (Err(why), middle) => {
                self.problem(Field::Lat, &why);
                middle
            }
        }
    }

    fn who_for(&mut self, service: &mut Service) {
        let gender =
            self.text(Field::Gender, text::LINE, false).map_or(GenderPolicy::NotSaid, |g| values::gender(&g));
        let (mut age_min, mut age_max) = (
            self.typed(Field::AgeMin, text::LINE, values::age),
            self.typed(Field::AgeMax, text::LINE, values::age),
        );
        if let (Some(min), Some(max)) = (age_min, age_max)
            && min > max
        {
            self.problem(Field::AgeMin, &format!("The youngest age, {min}, is over the oldest, {max}."));
            (age_min, age_max) = (None, None);
        }
        service.eligibility = Eligibility {
            age_min,
            age_max,
            gender,
            substance_use_ok: self
                .typed(Field::SubstanceUseOk, text::LINE, values::known)
                .unwrap_or_default(),
            needs_diagnosis: self.typed(Field::NeedsDiagnosis, text::LINE, values::known).unwrap_or_default(),
            not_for: self.list(Field::NotFor, |v| Ok(v.to_owned())),
            text: self.text(Field::Eligibility, DESCRIPTION_MAX, true).unwrap_or_default(),
        };
    }

    fn when_and_how(&mut self, service: &mut Service) {
        service.languages = self.list(Field::Languages, |v| Ok(Language(v.to_owned())));
        service.cost = Cost {
            free: self.typed(Field::Free, text::LINE, values::known).unwrap_or_default(),
            text: self.text(Field::Cost, text::LINE * 5, true).unwrap_or_default(),
        };
        service.joining = self.list(Field::Joining, values::joining);
        service.capacity.space = self.typed(Field::Space, text::LINE, values::space).unwrap_or_default();
        service.opening = self.opening();
        service.checked = self.typed(Field::Checked, text::LINE, values::day).or(self.map.source.published);
    }

    /// The week from its seven columns, or from one text. What cannot be read as hours is
    /// kept in words.
    fn opening(&mut self) -> Opening {
        let text = self.text(Field::Opening, text::LINE * 5, true).unwrap_or_default();
        if self.map.hours.is_empty() {
            let week = Week::parse(&text);
            if !text.is_empty() && week.is_none() {
                let column = self.column_of(Field::Opening);
                self.remark(column, "The opening hours could not be read as times. They are kept in words.");
            }
            return Opening { text, week: week.unwrap_or_default() };
        }
        let mut week = Week::default();
        let mut lines: Vec<String> = if text.is_empty() { Vec::new() } else { vec![text] };
        for (day, column) in &self.map.hours {
            let raw = self.raw(column);
            match text::line_or_none(&raw, text::LINE) {
                Ok(Some(words)) => lines.push(self.day(*day, column, &words, &mut week)),
                Ok(None) => {}
                Err(e) => self.refuse(
                    Some(column.clone()),
                    format!("{e}."),
                    "Type the hours again, such as 09:00-17:00.",
                ),
            }
        }
        Opening { text: lines.join("\n"), week }
    }

    fn day(&mut self, day: Weekday, column: &str, words: &str, week: &mut Week) -> String {
        match DayHours::parse(words) {
            Ok(hours) => week.0[day.index()] = hours,
            Err(e) => self.remark(Some(column.to_owned()), format!("{e}. The hours are kept in words.")),
        }
        format!("{}: {words}", day.title())
    }

    fn yes_no(&mut self, service: &mut Service) {
        for rule in &self.map.yes_no {
            let cells: Vec<String> = rule.columns.iter().map(|c| plain(&self.raw(c))).collect();
            let among = |words: &[String], cell: &String| words.iter().any(|w| plain(w) == *cell);
            let answer = if cells.iter().all(|c| among(&rule.yes, c)) {
                Known::Yes
            } else if cells.iter().any(|c| among(&rule.no, c)) {
                Known::No
            } else {
                if let Some(odd) = cells.iter().find(|c| !c.is_empty() && !among(&rule.yes, c)) {
                    self.remarks.push(Remark {
                        column: rule.columns.first().cloned(),
                        words: format!("{} is neither yes nor no. It is left out.", values::quoted(odd)),
                    });
                }
                Known::NotSaid
            };
            let code = rule.adjustment.as_deref().and_then(|a| AdjustmentCode::parse(a).ok());
            match answer {
                Known::Yes => {
                    add_new(&mut service.adjustments, code.into_iter().collect());
                    add_new(&mut service.keywords, rule.keyword.clone().into_iter().collect());
                }
                Known::No if rule.no_means == NoMeans::Cannot => {
                    add_new(&mut service.cannot_adjust, code.into_iter().collect())
                }
                Known::No | Known::NotSaid => {}
            }
        }
        let promised = service.adjustments.clone();
        service.cannot_adjust.retain(|c| !promised.contains(c));
    }

    fn rules(&mut self, service: &mut Service) {
        for rule in &self.map.rules {
            let said = spaced(&rule.columns.iter().map(|c| self.raw(c)).collect::<Vec<_>>().join(" | "));
            if !rule.words.iter().any(|w| said.contains(&spaced(w))) {
                continue;
            }
            // Codes were checked with the map.
            add_new(&mut service.needs, rule.needs.iter().filter_map(|n| values::need(n).ok()).collect());
            add_new(&mut service.areas, rule.areas.iter().filter_map(|a| values::area(a).ok()).collect());
            add_new(
                &mut service.delivery,
                rule.delivery.iter().filter_map(|d| values::delivery(d).ok()).collect(),
            );
            add_new(
                &mut service.joining,
                rule.joining.iter().filter_map(|j| values::joining(j).ok()).collect(),
            );
        }
    }

    /// What makes an entry the same each time: the columns that join rows, the
    /// publisher's identifier, or name and postcode (without one, the address).
    fn key(&mut self, service: &Service) -> String {
        if let Some(join) = &self.map.join {
            let parts: Vec<String> = join.by.iter().map(|c| text::fold(&self.raw(c))).collect();
            if parts.iter().all(String::is_empty) {
                self.refuse(
                    join.by.first().cloned(),
                    "It is empty, so it is not known which entry the row belongs to.",
                    "Fill it in.",
                );
            }
            return parts.join("|");
        }
        if let Some(identifier) = self.text(Field::Identifier, text::LINE, false) {
            return identifier;
        }
        let place =
            service.locations.first().map(|l| l.postcode().map_or_else(|| l.words(), ToString::to_string));
        text::fold(&format!("{}|{}", service.name, place.unwrap_or_default()))
    }

    fn source(&self, key: &str, fetched_at: Option<Instant>) -> Source {
        let source = &self.map.source;
        Source {
            publisher: source.publisher.clone(),
            list: source.name.clone(),
            licence: source.licence.clone(),
            attribution: source.attribution.clone(),
            url: source.url.clone(),
            identifier: Some(key.to_owned()),
            row: Some(self.row.number),
            fetched_at,
            said: BTreeMap::new(),
        }
    }
}

/// Lower-case words with one space on each side, so that whole words can be looked for.
fn spaced(text: &str) -> String {
    let words: Vec<String> = text
        .to_lowercase()
        .replace(['\u{2019}', '\''], "")
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect();
    format!(" {} ", words.join(" "))
}
