//! Reading `if`, `for` and `case`.

use super::ast::Node;
use super::ast::Script;
use super::dialect::Dialect;
use super::parse::{Parser, Res, Why, is_name};

impl Parser {
    pub(super) fn if_command(&mut self) -> Res<Node> {
        self.keyword("if");
        let mut arms = Vec::new();
        loop {
            let test = self.some_list(Some("then"))?;
            self.expect_keyword("then")?;
            let body = self.some_list(Some("fi"))?;
            arms.push((test, body));
            if !self.keyword("elif") {
                break;
            }
        }
        let otherwise = if self.keyword("else") {
            Some(self.some_list(Some("fi"))?)
        } else {
            None
        };
        self.expect_keyword("fi")?;
        Ok(Node::If(arms, otherwise))
    }

    pub(super) fn do_group(&mut self) -> Res<Script> {
        self.newlines()?;
        self.expect_keyword("do")?;
        let body = self.deeper(|p| p.some_list(Some("done")))?;
        self.expect_keyword("done")?;
        Ok(body)
    }

    pub(super) fn for_command(&mut self) -> Res<Node> {
        self.keyword("for");
        self.blanks();
        if self.starts("((") && self.dialect == Dialect::Bash {
            return self.for_arith();
        }
        let name = self.bare();
        if !is_name(&name) {
            let token = self.peek().map(String::from).unwrap_or_default();
            return self.error(Why::ForName(token));
        }
        self.eat(&name);
        self.newlines()?;
        let mut words = None;
        if self.keyword("in") {
            let mut list = Vec::new();
            loop {
                self.blanks();
                match self.word()? {
                    Some(word) => list.push(word),
                    None => break,
                }
            }
            words = Some(list);
        }
        self.blanks();
        self.eat(";");
        let body = self.do_group()?;
        Ok(Node::For(name, words, body))
    }

    pub(super) fn for_arith(&mut self) -> Res<Node> {
        self.eat("((");
        let mut parts = Vec::new();
        for end in [";", ";", "))"] {
            parts.push(self.arith_until(end)?);
        }
        self.blanks();
        self.eat(";");
        let body = self.do_group()?;
        let mut parts = parts.into_iter();
        let mut part = || parts.next().unwrap_or_default();
        Ok(Node::ForArith(part(), part(), part(), body))
    }

    pub(super) fn case_command(&mut self) -> Res<Node> {
        self.keyword("case");
        self.blanks();
        let Some(word) = self.word()? else {
            return self.unexpected(None);
        };
        self.newlines()?;
        self.expect_keyword("in")?;
        let mut arms = Vec::new();
        loop {
            self.newlines()?;
            if self.keyword("esac") {
                break;
            }
            self.eat("(");
            let mut patterns = Vec::new();
            loop {
                self.blanks();
                match self.word()? {
                    Some(pattern) => patterns.push(pattern),
                    None => return self.unexpected(Some(")")),
                }
                self.blanks();
                if !self.eat("|") {
                    break;
                }
            }
            if !self.eat(")") {
                return self.unexpected(Some(")"));
            }
            let body = self.list()?;
            arms.push((patterns, body));
            self.newlines()?;
            if !self.eat(";;") {
                self.expect_keyword("esac")?;
                break;
            }
        }
        Ok(Node::Case(word, arms))
    }
}
