//! Small changes to the text of a policy, each of which ought to be noticed: a condition left out, a
//! word or an action taken from a list, a number moved by one, a scope made wider, a permit turned into
//! a forbid, a policy left out. Text in, text out; whether it still fits the schema is not decided here.

use std::ops::Range;

/// One change to one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The file, without its ending.
    pub file: String,
    /// The id of the policy.
    pub policy: String,
    /// What was done, in words.
    pub what: String,
    /// The whole file with the change made.
    pub text: String,
}

/// Every change to the policies of a file.
pub fn changes(file: &str, text: &str) -> Vec<Change> {
    let mut all = Vec::new();
    for (id, at) in policies(text) {
        let mut one = One { file, text, id: &id, all: &mut all };
        one.policy(at);
    }
    all
}

/// The id of each policy and where it stands, from its `@id` to its semicolon.
fn policies(text: &str) -> Vec<(String, Range<usize>)> {
    let starts = text.match_indices("@id(\"").map(|(at, _)| at);
    let one = |at: usize| {
        let end = at + end_of(&text[at..]) + 1;
        let id = text[at..].split('"').nth(1)?.to_owned();
        Some((id, at..end))
    };
    starts.filter_map(one).collect()
}

/// Where the first semicolon is that stands in no quotes and no comment.
fn end_of(text: &str) -> usize {
    let (mut quoted, mut comment) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            '\n' => comment = false,
            '/' if !quoted && text[at..].starts_with("//") => comment = true,
            '"' if !comment => quoted = !quoted,
            ';' if !quoted && !comment => return at,
            _ => {}
        }
    }
    text.len().saturating_sub(1)
}

/// Where the bracket that opens at `open` closes.
fn closes(text: &str, open: usize) -> usize {
    let (mut depth, mut quoted) = (0, false);
    for (at, c) in text[open..].char_indices() {
        match c {
            '"' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return open + at;
        }
    }
    text.len()
}

/// The parts between an operator that stands in no bracket and no quotes, without the space around.
fn parts(text: &str, within: Range<usize>, operator: &str) -> Vec<Range<usize>> {
    let (mut found, mut from, mut at) = (Vec::new(), within.start, within.start);
    while at < within.end {
        let rest = &text[at..within.end];
        match rest.as_bytes()[0] {
            b'(' | b'[' | b'{' => at = closes(text, at) + 1,
            b'"' => at += rest[1..].find('"').map_or(rest.len(), |end| end + 2),
            _ if rest.starts_with(operator) => {
                found.push(trimmed(text, from..at));
                at += operator.len();
                from = at;
            }
            _ => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    found.push(trimmed(text, from..within.end));
    found
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let inner = &text[range.clone()];
    let start = range.start + (inner.len() - inner.trim_start().len());
    start..(start + inner.trim().len())
}

/// The policy that is being changed.
struct One<'a> {
    file: &'a str,
    text: &'a str,
    id: &'a str,
    all: &'a mut Vec<Change>,
}

impl One<'_> {
    fn change(&mut self, at: Range<usize>, new: &str, what: impl Into<String>) {
        let text = format!("{}{new}{}", &self.text[..at.start], &self.text[at.end..]);
        let what = what.into().split_whitespace().collect::<Vec<_>>().join(" ");
        self.all.push(Change { file: self.file.to_owned(), policy: self.id.to_owned(), what, text });
    }

    fn policy(&mut self, at: Range<usize>) {
        let text = self.text;
        self.change(at.clone(), "", "left out");
        for (from, to) in [("permit (", "forbid ("), ("forbid (", "permit (")] {
            if let Some(found) = text[at.clone()].find(from) {
                let start = at.start + found;
                // What permits has to say on what basis.
                let basis = if to == "permit (" { "@basis(\"self\")\n" } else { "" };
                let what = format!("turned into {}", to.trim_end_matches(" ("));
                self.change(start..start + from.len(), &format!("{basis}{to}"), what);
            }
        }
        let Some(open) = text[at.clone()].find("(principal").map(|found| at.start + found) else { return };
        let scope_end = closes(text, open);
        self.scope(open..scope_end);
        for word in ["when", "unless"] {
            for clause in clauses(text, scope_end..at.end, word) {
                if word == "unless" {
                    self.change(clause.0.clone(), "", format!("without: unless {}", &text[clause.1.clone()]));
                }
                self.conditions(clause.1, true);
            }
        }
    }

    /// The scope: any action, or one action fewer.
    fn scope(&mut self, at: Range<usize>) {
        let text = self.text;
        let Some(middle) = parts(text, at.start + 1..at.end, ",").into_iter().nth(1) else { return };
        if &text[middle.clone()] != "action" {
            self.change(
                middle.clone(),
                "action",
                format!("for every action, not only {}", &text[middle.clone()]),
            );
        }
        self.lists(middle);
    }

    /// Conditions left out one by one, inside brackets too.
    fn conditions(&mut self, at: Range<usize>, whole: bool) {
        let text = self.text;
        for operator in ["||", "&&"] {
            let found = parts(text, at.clone(), operator);
            if found.len() < 2 {
                continue;
            }
            for (n, part) in found.iter().enumerate() {
                let gone = if n == 0 { part.start..found[1].start } else { found[n - 1].end..part.end };
                self.change(gone, "", format!("without: {}", &text[part.clone()]));
            }
            found.into_iter().for_each(|part| self.conditions(part, false));
            return;
        }
        let bare = text[at.clone()].trim_start_matches('!');
        let open = at.end - bare.len();
        if bare.starts_with('(') && closes(text, open) + 1 == at.end {
            self.conditions(trimmed(text, open + 1..at.end - 1), false);
            return;
        }
        if whole {
            self.change(at.clone(), "true", format!("always, not only when {}", &text[at.clone()]));
        }
        self.lists(at.clone());
        self.numbers(at);
    }

    /// Each word of a list taken out.
    fn lists(&mut self, at: Range<usize>) {
        let text = self.text;
        let Some(open) = text[at.clone()].find('[').map(|found| at.start + found) else { return };
        let words = parts(text, open + 1..closes(text, open), ",");
        if words.len() < 2 {
            return;
        }
        for (n, word) in words.iter().enumerate() {
            let gone = if n == 0 { word.start..words[1].start } else { words[n - 1].end..word.end };
            self.change(gone, "", format!("a list without {}", &text[word.clone()]));
        }
    }

    /// A number that is one more.
    fn numbers(&mut self, at: Range<usize>) {
        let text = self.text;
        let Some(digit) = text[at.clone()].rfind(|c: char| c.is_ascii_digit()) else { return };
        let digit = at.start + digit;
        let before = text[..digit].trim_end();
        if !before.ends_with(['<', '>', '=']) {
            return;
        }
        let Ok(number) = text[digit..=digit].parse::<u32>() else { return };
        let more = (number + 1).to_string();
        self.change(digit..digit + 1, &more, format!("{more} in: {}", &text[at]));
    }
}

/// The clauses of one word: the whole of each, and what stands in its brackets.
fn clauses(text: &str, within: Range<usize>, word: &str) -> Vec<(Range<usize>, Range<usize>)> {
    let all = parts(text, within.clone(), word);
    let opens = all.iter().skip(1).map(|part| {
        let open = part.start;
        let close = closes(text, open);
        let start = text[..open].rfind(word).unwrap_or(open);
        (start..close + 1, trimmed(text, open + 1..close))
    });
    opens.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = r#"// A sentence; with a semicolon.
@id("X1") @basis("self")
permit (principal, action in [Action::"view", Action::"print"], resource)
when { context.a && (context.b || !context.c) && context.level <= 2 && ["x", "y"].contains(context.word) }
unless { context.d };
"#;

    fn whats() -> Vec<String> {
        changes("file", POLICY).into_iter().map(|c| c.what).collect()
    }

    #[test]
    fn each_part_of_a_policy_is_changed_once() {
        let expected = [
            "left out",
            "turned into forbid",
            "for every action, not only action in [Action::\"view\", Action::\"print\"]",
            "a list without Action::\"view\"",
            "a list without Action::\"print\"",
            "without: context.a",
            "without: (context.b || !context.c)",
            "without: context.level <= 2",
            "without: [\"x\", \"y\"].contains(context.word)",
            "without: context.b",
            "without: !context.c",
            "3 in: context.level <= 2",
            "a list without \"x\"",
            "a list without \"y\"",
            "without: unless context.d",
            "always, not only when context.d",
        ];
        assert_eq!(whats(), expected);
    }

    #[test]
    fn what_is_left_is_still_a_policy() {
        let all = changes("file", POLICY);
        let text = |what: &str| &all.iter().find(|c| c.what == what).expect("made").text;
        assert!(text("without: context.a").contains("when { (context.b || !context.c) && context.level"));
        assert!(text("without: context.b").contains("(!context.c)"));
        assert!(text("without: unless context.d").trim_end().ends_with("}\n;"));
        assert!(text("a list without \"x\"").contains("[\"y\"].contains"));
        assert!(!text("left out").contains("permit"));
        assert!(text("turned into forbid").contains("@basis(\"self\")\nforbid (principal"));
    }
}
