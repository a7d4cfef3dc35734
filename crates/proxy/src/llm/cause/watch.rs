//! Notes, while a body is scanned, where the texts lie that tell its cause, and where its last step lies: calls of tools and their results.
//!
//! Understands the conversations of OpenAI's two dialects and of Anthropic's by the names of their fields, in any order. Keeps places, no text.

use super::prompt::{Told, told};
use crate::llm::json::{Kind, Token, Visit};

/// Places of one step that are kept. Agents make a handful of calls at once; what goes beyond is not compared.
const MOST: usize = 32;
/// Inside a member of the conversation.
const MEMBER: u32 = 3;
/// Inside a block of a member's content.
const BLOCK: u32 = 5;

/// Where a text lies in the body, without its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: usize,
    pub(super) to: usize,
}

/// The prompt that is being worked on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prompt {
    pub(super) told: Told,
    pub(super) text: Span,
}

/// What a scan found.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    part: Part,
    key: Key,
    /// The member's own field in which the walk is.
    field: Key,
    member: Member,
    /// Depth of a tool's input, which is the tool's own JSON.
    foreign: Option<(u32, usize)>,
    /// End of the system prompt.
    pub(super) system: Option<Span>,
    /// End of what the user said first.
    pub(super) first: Option<Span>,
    pub(super) prompt: Option<Prompt>,
    /// Names and arguments of the last step since that prompt.
    pub(super) calls: Vec<Span>,
    /// What came back.
    pub(super) results: Vec<Span>,
}

/// Which field of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Part {
    #[default]
    Other,
    Conversation,
    System,
}

/// Which field of a member, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Key {
    #[default]
    Other,
    Role,
    Type,
    Content,
    Text,
    Name,
    Arguments,
    Input,
    Output,
}

/// One member of the conversation, so far.
#[derive(Debug, Default)]
struct Member {
    role: Role,
    begins: Option<Told>,
    text: Option<Span>,
    calls: Vec<Span>,
    results: Vec<Span>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Role {
    #[default]
    Other,
    User,
    System,
    Tool,
}

impl Visit for Watch {
    fn key(&mut self, depth: u32, key: Token<'_>) {
        if depth == 1 {
            self.part = part(key.bytes);
        }
        if self.part == Part::Other || self.foreign.is_some() {
            return;
        }
        self.key = name(key.bytes);
        if depth == MEMBER {
            self.field = self.key;
        }
    }

    fn string(&mut self, depth: u32, text: Token<'_>) {
        if self.foreign.is_some() {
            return;
        }
        match self.part {
            Part::Other => {}
            Part::System if depth == 1 || self.key == Key::Text => self.system = Some(inner(text)),
            Part::System => {}
            Part::Conversation if depth == 1 => self.said(text.bytes, inner(text)),
            Part::Conversation => self.member(depth, text),
        }
    }

    fn scalar(&mut self, _: u32, _: Token<'_>) {}

    fn open(&mut self, depth: u32, kind: Kind, at: usize) {
        if self.part != Part::Conversation || self.foreign.is_some() {
            return;
        }
        if depth == MEMBER && kind == Kind::Object {
            self.member.clear();
            self.key = Key::Other;
        }
        if depth > MEMBER && matches!(self.key, Key::Input | Key::Arguments) {
            self.foreign = Some((depth, at));
        }
    }

    fn close(&mut self, depth: u32, _: Kind, to: usize) {
        if let Some((outer, from)) = self.foreign {
            if outer == depth {
                self.foreign = None;
                push(&mut self.member.calls, Span { from, to });
            }
        } else if self.part == Part::Conversation && depth == MEMBER {
            self.end_member();
        }
    }
}

impl Watch {
    /// A string somewhere in a member.
    fn member(&mut self, depth: u32, text: Token<'_>) {
        let span = inner(text);
        let member = &mut self.member;
        match self.key {
            Key::Role if depth == MEMBER => member.role = role(text.bytes),
            // Deeper than a block, or in a tool's output, it is what a tool said.
            Key::Text | Key::Content if depth > BLOCK || self.field == Key::Output => {
                push(&mut member.results, span);
            }
            Key::Content if depth == BLOCK => push(&mut member.results, span),
            Key::Text | Key::Content => member.add(text.bytes, span),
            Key::Name | Key::Arguments | Key::Input => push(&mut member.calls, span),
            Key::Output => push(&mut member.results, span),
            Key::Role | Key::Type | Key::Other => {}
        }
    }

    fn end_member(&mut self) {
        let member = &mut self.member;
        match member.role {
            Role::System => self.system = member.text.or(self.system),
            Role::Tool => {
                member.results.extend(member.text);
                self.results.append(&mut member.results);
            }
            _ if !member.results.is_empty() => self.results.append(&mut member.results),
            Role::User => {
                if let Some((begins, text)) = member.begins.zip(member.text) {
                    self.asked(begins, text);
                }
            }
            Role::Other if !member.calls.is_empty() => {
                // Calls of one step stand together, before their results.
                if !self.results.is_empty() {
                    self.calls.clear();
                    self.results.clear();
                }
                self.calls.append(&mut member.calls);
            }
            Role::Other => {}
        }
        self.calls.truncate(MOST);
        self.results.truncate(MOST);
    }

    /// The conversation is one text.
    fn said(&mut self, head: &[u8], text: Span) {
        self.asked(told(head), text);
    }

    fn asked(&mut self, told: Told, text: Span) {
        if told != Told::Context {
            self.prompt = Some(Prompt { told, text });
            self.first = self.first.or(Some(text));
            self.calls.clear();
            self.results.clear();
        }
    }
}

impl Member {
    fn add(&mut self, head: &[u8], text: Span) {
        self.begins = self.begins.or_else(|| Some(told(head)));
        self.text = Some(text);
    }

    /// Empty again, with the memory it has.
    fn clear(&mut self) {
        self.calls.clear();
        self.results.clear();
        (self.role, self.begins, self.text) = (Role::Other, None, None);
    }
}

fn push(spans: &mut Vec<Span>, span: Span) {
    if spans.len() < MOST {
        spans.push(span);
    }
}

fn inner(text: Token<'_>) -> Span {
    let (from, to) = (text.from + 1, text.to - 1);
    Span { from, to }
}

fn part(key: &[u8]) -> Part {
    match key {
        b"messages" | b"input" => Part::Conversation,
        b"system" | b"instructions" => Part::System,
        _ => Part::Other,
    }
}

fn name(key: &[u8]) -> Key {
    match key {
        b"role" => Key::Role,
        b"type" => Key::Type,
        b"content" => Key::Content,
        b"text" => Key::Text,
        b"name" => Key::Name,
        b"arguments" => Key::Arguments,
        b"input" => Key::Input,
        b"output" => Key::Output,
        _ => Key::Other,
    }
}

fn role(word: &[u8]) -> Role {
    match word {
        b"user" => Role::User,
        b"system" | b"developer" => Role::System,
        b"tool" => Role::Tool,
        _ => Role::Other,
    }
}
