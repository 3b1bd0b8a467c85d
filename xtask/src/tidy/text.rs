//! Taking Rust source apart just far enough: code, comments and string literals, line by line,
//! and which lines are only compiled for tests. It is not a parser; it knows where strings and
//! comments begin and end, so that a rule about code is not fooled by words, nor the reverse.

/// A Rust file in parts. All line numbers count from 1.
pub struct Rust {
    /// Each line with comments and the inside of strings blanked.
    pub code: Vec<String>,
    /// Comment text and its line.
    pub comments: Vec<(usize, String)>,
    /// String literals, as written, and the line on which each begins.
    pub strings: Vec<(usize, String)>,
    /// For each line, whether it is inside a `#[cfg(test)]` module.
    pub only_test: Vec<bool>,
}

impl Rust {
    /// Takes a file apart.
    pub fn parse(text: &str) -> Rust {
        let mut reader = Reader { chars: text.chars().collect(), at: 0, line: 1, rust: Rust::empty() };
        reader.read();
        let mut rust = reader.rust;
        rust.only_test = test_lines(&rust.code);
        rust
    }

    fn empty() -> Rust {
        Rust { code: vec![String::new()], comments: Vec::new(), strings: Vec::new(), only_test: Vec::new() }
    }

    /// Whether this line is only compiled for tests.
    pub fn in_test(&self, line: usize) -> bool {
        line.checked_sub(1).and_then(|at| self.only_test.get(at)).copied().unwrap_or(false)
    }

    /// The lines of code outside tests, with their numbers.
    pub fn product_code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code
            .iter()
            .enumerate()
            .map(|(at, line)| (at + 1, line.as_str()))
            .filter(|(n, _)| !self.in_test(*n))
    }

    /// The string literals outside tests, with their lines.
    pub fn product_strings(&self) -> impl Iterator<Item = (usize, &str)> {
        self.strings
            .iter()
            .map(|(line, text)| (*line, text.as_str()))
            .filter(|(line, _)| !self.in_test(*line))
    }
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    line: usize,
    rust: Rust,
}

impl Reader {
    fn read(&mut self) {
        while let Some(c) = self.peek(0) {
            match c {
                '/' if self.peek(1) == Some('/') => self.line_comment(),
                '/' if self.peek(1) == Some('*') => self.block_comment(),
                '"' => self.string(),
                'r' | 'b' | 'c' if self.is_raw_string() => self.raw_string(),
                '\'' => self.quote(),
                _ => self.keep(),
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn newline(&mut self) {
        self.line += 1;
        self.rust.code.push(String::new());
    }

    /// Moves one character on, into the code when `kept`.
    fn step(&mut self, kept: bool) {
        let Some(c) = self.peek(0) else { return };
        self.at += 1;
        if c == '\n' {
            self.newline();
        } else if kept && let Some(line) = self.rust.code.last_mut() {
            line.push(c);
        }
    }

    /// Keeps an identifier whole, so that the `r` of `for"x"` is never taken for a raw string.
    fn keep(&mut self) {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let began_word = self.peek(0).is_some_and(word);
        self.step(true);
        while began_word && self.peek(0).is_some_and(word) {
            self.step(true);
        }
    }

    fn line_comment(&mut self) {
        let line = self.line;
        let mut text = String::new();
        while let Some(c) = self.peek(0).filter(|c| *c != '\n') {
            text.push(c);
            self.step(false);
        }
        self.rust.comments.push((line, text));
    }

    fn block_comment(&mut self) {
        let (line, mut depth, mut text) = (self.line, 0, String::new());
        while let Some(c) = self.peek(0) {
            let two = (c, self.peek(1));
            match two {
                ('/', Some('*')) => depth += 1,
                ('*', Some('/')) => depth -= 1,
                _ => {}
            }
            if matches!(two, ('/', Some('*')) | ('*', Some('/'))) {
                self.step(false);
            }
            text.push(c);
            self.step(false);
            if depth == 0 {
                break;
            }
        }
        self.rust.comments.push((line, text));
    }

    fn string(&mut self) {
        let line = self.line;
        let mut text = String::new();
        self.step(true);
        while let Some(c) = self.peek(0).filter(|c| *c != '"') {
            text.push(c);
            self.step(false);
            if c == '\\' {
                if let Some(escaped) = self.peek(0) {
                    text.push(escaped);
                }
                self.step(false);
            }
        }
        self.step(true);
        self.rust.strings.push((line, text));
    }

    /// At the start of `r"`, `r#"`, `br"`, `cr#"` and so on.
    fn is_raw_string(&self) -> bool {
        let mut ahead = 1;
        if matches!(self.peek(0), Some('b' | 'c')) {
            if self.peek(1) != Some('r') {
                return false;
            }
            ahead = 2;
        }
        while self.peek(ahead) == Some('#') {
            ahead += 1;
        }
        self.peek(ahead) == Some('"')
    }

    fn raw_string(&mut self) {
        let (line, mut hashes, mut text) = (self.line, 0, String::new());
        while let Some(c) = self.peek(0).filter(|c| *c != '"') {
            hashes += usize::from(c == '#');
            self.step(true);
        }
        self.step(true);
        while let Some(c) = self.peek(0) {
            if c == '"' && (1..=hashes).all(|ahead| self.peek(ahead) == Some('#')) {
                break;
            }
            text.push(c);
            self.step(false);
        }
        for _ in 0..=hashes {
            self.step(true);
        }
        self.rust.strings.push((line, text));
    }

    /// A character literal is skipped, a lifetime is code.
    fn quote(&mut self) {
        if self.peek(1) == Some('\\') {
            self.step(true);
            self.step(false);
            self.step(false);
            while self.peek(0).is_some_and(|c| c != '\'') {
                self.step(false);
            }
            self.step(true);
        } else if self.peek(2) == Some('\'') {
            self.step(true);
            self.step(false);
            self.step(true);
        } else {
            self.keep();
        }
    }
}

/// Marks the lines of every module that follows `#[cfg(test)]`.
fn test_lines(code: &[String]) -> Vec<bool> {
    let mut marks = vec![false; code.len()];
    let mut at = 0;
    while at < code.len() {
        if code[at].trim().starts_with("#[cfg(test)]") {
            let end = end_of_item(code, at);
            marks[at..=end].fill(true);
            at = end;
        }
        at += 1;
    }
    marks
}

/// The line on which the item that starts here ends: at its closing brace, or its semicolon.
fn end_of_item(code: &[String], start: usize) -> usize {
    let mut depth = 0_i32;
    for (at, line) in code.iter().enumerate().skip(start) {
        for c in line.chars() {
            match c {
                '{' => depth += 1,
                '}' => {
                    depth -= 1;
                    if depth == 0 {
                        return at;
                    }
                }
                ';' if depth == 0 => return at,
                _ => {}
            }
        }
    }
    code.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_comments_and_code_are_told_apart() {
        let text = concat!(
            "let a = \"x // \\\" y\"; // why\n",
            "let b = r#\"raw \"quoted\" text\"#; /* a /* nested */ note */ let c = 'x';\n",
            "fn f<'a>(x: &'a str) { for_each(\"z\"); let q = '\"'; let n = '\\n'; }\n",
        );
        let rust = Rust::parse(text);
        let strings: Vec<&str> = rust.strings.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(strings, ["x // \\\" y", "raw \"quoted\" text", "z"]);
        assert_eq!(rust.code[0], "let a = \"\"; ");
        assert!(rust.code[1].ends_with("let c = '';"), "{}", rust.code[1]);
        assert!(rust.code[2].contains("<'a>(x: &'a str)"), "{}", rust.code[2]);
        assert_eq!(rust.comments.len(), 2);
        assert_eq!(rust.comments[0], (1, "// why".to_owned()));
    }

    #[test]
    fn a_string_over_several_lines_keeps_the_count() {
        let rust = Rust::parse("let a = \"one\ntwo\";\nlet b = 1; // three\n");
        assert_eq!(rust.strings, [(1, "one\ntwo".to_owned())]);
        assert_eq!(rust.comments[0].0, 3);
    }

    #[test]
    fn test_modules_are_marked_and_nothing_after_them() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() { 1 }\n}\nfn c() {}\n";
        let rust = Rust::parse(text);
        let lines: Vec<usize> = rust.product_code().map(|(line, _)| line).collect();
        assert_eq!(lines, [1, 6, 7]);
        let other = Rust::parse("#[cfg(test)]\nmod tests;\nfn c() {}");
        assert_eq!(other.only_test, [true, true, false]);
    }
}
