//! How well a module fits words.

use crate::types::Module;

/// The texts of a module in lower case.
#[derive(Clone, Debug)]
pub(super) struct Texts {
    id: String,
    title: String,
    category: String,
    keywords: Vec<String>,
    description: String,
}

/// The words of a query.
pub(super) fn words(query: &str) -> Vec<String> {
    query.split_whitespace().map(str::to_lowercase).collect()
}

impl Texts {
    pub(super) fn of(module: &Module) -> Texts {
        Texts {
            id: module.id.to_lowercase(),
            title: module.title.to_lowercase(),
            category: module.category.to_lowercase(),
            keywords: module.keywords.iter().map(|keyword| keyword.to_lowercase()).collect(),
            description: module.description.to_lowercase(),
        }
    }

    /// How well all words are found, each where it counts most; `None` if one is not.
    pub(super) fn score(&self, words: &[String]) -> Option<u32> {
        let mut score = 0;
        for word in words {
            score += self.score_of(word)?;
        }
        Some(score)
    }

    fn score_of(&self, word: &str) -> Option<u32> {
        let name = place(&self.title, word).max(place(&self.id, word)).map(|place| match place {
            Place::Whole => 100,
            Place::Start => 80,
            Place::Word => 60,
            Place::Inside => 40,
        });
        if name.is_some() {
            return name;
        }
        let keyword = self.keywords.iter().filter_map(|keyword| place(keyword, word)).max();
        let keyword = keyword.map(|place| match place {
            Place::Whole => 50,
            Place::Start | Place::Word => 30,
            Place::Inside => 10,
        });
        let category = place(&self.category, word).map(|place| if place > Place::Inside { 20 } else { 5 });
        let description = || place(&self.description, word).map(|place| if place > Place::Inside { 15 } else { 8 });
        keyword.max(category).or_else(description)
    }
}

/// Where in a text a word is, the better the later.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Inside,
    /// At the start of a word.
    Word,
    Start,
    Whole,
}

fn place(text: &str, word: &str) -> Option<Place> {
    let mut found = None;
    for (at, _) in text.match_indices(word) {
        let place = match text[..at].chars().next_back() {
            None if text.len() == word.len() => Place::Whole,
            None => Place::Start,
            Some(before) if before.is_alphanumeric() => Place::Inside,
            Some(_) => Place::Word,
        };
        found = found.max(Some(place));
        if place > Place::Inside {
            break;
        }
    }
    found
}
