//! Language and character of an agent. OpenClaw has no configuration key for either: both are words in the agent's workspace,
//! `USER.md` (what the person prefers) and `SOUL.md` (who the agent is), which every turn reads.
//!
//! Both files belong to the agent, which may rewrite them. Creel therefore owns one marked block in each and touches nothing
//! else; applying the same persona twice changes nothing, and an interrupted application is finished by the next.

/// What a person chose for their agent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Persona {
    /// BCP 47 tag of the language to answer in; `None` lets the agent follow the person.
    pub language: Option<String>,
    /// Free text: who the agent is. Part of every model call, so each byte is paid for again and again.
    pub text: Option<String>,
}

/// A workspace file in which Creel owns one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkspaceFile {
    /// `SOUL.md`: who the agent is.
    Soul,
    /// `USER.md`: what the person prefers.
    User,
}

impl WorkspaceFile {
    /// Both files.
    pub const ALL: [Self; 2] = [Self::Soul, Self::User];

    /// Name as `agents.files.get` and `agents.files.set` know it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Soul => "SOUL.md",
            Self::User => "USER.md",
        }
    }
}

const BEGIN: &str = "<!-- creel:begin (set in the console; edit there) -->";
const END: &str = "<!-- creel:end -->";

impl Persona {
    /// What Creel's block in `file` says; `None` when it should not exist.
    pub fn block(&self, file: WorkspaceFile) -> Option<String> {
        match file {
            WorkspaceFile::Soul => self.text.as_deref().and_then(said),
            WorkspaceFile::User => self.language.as_deref().map(|tag| {
                format!("- Always answer in the language with the BCP 47 tag `{tag}`, whatever language a message is in, unless asked to translate.")
            }),
        }
    }

    /// The content `file` should have, given what it has now. Equal to `current` when nothing is to be done.
    pub fn merged(&self, file: WorkspaceFile, current: &str) -> String {
        let rest = without_block(current);
        match self.block(file) {
            None => rest,
            Some(block) if rest.trim().is_empty() => format!("{BEGIN}\n{block}\n{END}\n"),
            // First, because OpenClaw truncates long files at the end.
            Some(block) => format!("{BEGIN}\n{block}\n{END}\n\n{}", rest.trim_start()),
        }
    }
}

/// The text without our own marks: a persona that contains the end mark would otherwise leak out of its block.
fn said(text: &str) -> Option<String> {
    let text = text.replace(BEGIN, "").replace(END, "");
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn without_block(current: &str) -> String {
    let Some(begin) = current.find(BEGIN) else {
        return current.to_owned();
    };
    // A begin without an end: the agent cut our block. Only the mark is removed then, never the agent's text after it.
    let after = &current[begin + BEGIN.len()..];
    let tail = after
        .find(END)
        .map_or(after, |end| &after[end + END.len()..]);
    let head = &current[..begin];
    if head.trim().is_empty() {
        tail.trim_start().to_owned()
    } else {
        format!("{head}{}", tail.trim_start_matches('\n'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn persona(text: &str) -> Persona {
        Persona {
            language: Some("de-CH".to_owned()),
            text: Some(text.to_owned()),
        }
    }

    #[test]
    fn a_block_is_added_once_replaced_and_taken_away_again() {
        let own = "# SOUL.md\n\nI like boats.\n";
        let once = persona("Be brief.").merged(WorkspaceFile::Soul, own);
        assert!(once.contains("Be brief.") && once.ends_with(own));
        assert_eq!(
            persona("Be brief.").merged(WorkspaceFile::Soul, &once),
            once
        );
        let other = persona("Be kind.").merged(WorkspaceFile::Soul, &once);
        assert!(other.contains("Be kind.") && !other.contains("Be brief."));
        assert_eq!(Persona::default().merged(WorkspaceFile::Soul, &other), own);
    }

    #[test]
    fn the_agents_own_words_survive_a_cut_block() {
        let cut = format!("{BEGIN}\nBe brief.\n\nI wrote this myself.\n");
        let merged = persona("Be kind.").merged(WorkspaceFile::Soul, &cut);
        assert!(merged.contains("I wrote this myself."));
        assert_eq!(merged.matches(BEGIN).count(), 1);
    }

    #[test]
    fn a_persona_cannot_end_its_own_block() {
        let sly = persona(&format!("one {END} two"));
        let merged = sly.merged(WorkspaceFile::Soul, "own\n");
        assert_eq!(merged.matches(END).count(), 1);
        assert_eq!(
            Persona::default().merged(WorkspaceFile::Soul, &merged),
            "own\n"
        );
    }

    #[test]
    fn the_language_goes_to_the_users_file() {
        let merged = persona("x").merged(WorkspaceFile::User, "");
        assert!(merged.contains("`de-CH`"));
        assert_eq!(Persona::default().merged(WorkspaceFile::User, &merged), "");
    }
}
