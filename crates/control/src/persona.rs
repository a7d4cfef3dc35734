//! Templates of personas: texts to begin with, written to the agent. Data, not behaviour; an instance keeps its own copy and never changes with them.

/// A template.
#[derive(Debug, Clone, Copy)]
pub struct Template {
    /// Stable word.
    pub id: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// One sentence.
    pub summary: &'static str,
    text: &'static str,
}

impl Template {
    /// The whole text, as it would stand in the agent's workspace.
    pub fn text(&self) -> &'static str {
        self.text.trim()
    }
}

macro_rules! template {
    ($id:literal, $name:literal, $summary:literal) => {
        Template {
            id: $id,
            name: $name,
            summary: $summary,
            text: include_str!(concat!("persona/", $id, ".md")),
        }
    };
}

/// Every template, the most general first.
pub const TEMPLATES: &[Template] = &[
    template!(
        "assistant",
        "General assistant",
        "Takes whatever comes, answers first and explains briefly."
    ),
    template!(
        "editor",
        "Writer and editor",
        "Sharpens texts and keeps the writer's own voice."
    ),
    template!(
        "tutor",
        "Study tutor",
        "Helps people find the answer themselves, one hint at a time."
    ),
    template!(
        "family",
        "Family organiser",
        "Keeps a household's dates, lists and promises."
    ),
    template!(
        "scout",
        "Research scout",
        "Finds out what is known, how well, and what is missing."
    ),
    template!(
        "coder",
        "Coding partner",
        "Reads before it writes and keeps changes small."
    ),
    template!(
        "shop",
        "Small-shop helper",
        "Answers customers kindly and collects what the owner must decide."
    ),
    template!(
        "language",
        "Language partner",
        "Talks with learners just above their level and corrects gently."
    ),
];

/// The text of the template with this id.
pub(crate) fn text(id: &str) -> Option<String> {
    let found = TEMPLATES.iter().find(|template| template.id == id)?;
    Some(found.text().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_worth_its_place_in_every_model_call() {
        for template in TEMPLATES {
            let words = template.text().split_whitespace().count();
            assert!((80..=150).contains(&words), "{}: {words}", template.id);
            assert!(template.text().starts_with("You are"), "{}", template.id);
        }
        let mut ids: Vec<_> = TEMPLATES.iter().map(|template| template.id).collect();
        ids.dedup();
        assert_eq!(ids.len(), 8);
    }
}
