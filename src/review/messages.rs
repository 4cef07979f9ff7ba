//! What the review's front ends say, in English and Chinese, side by side. It must never hold a sentence about a rule.

/// The language of messages.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub enum UiLang {
    /// English.
    #[default]
    En,
    /// Chinese.
    Zh,
}

impl UiLang {
    /// From a tag or a locale, as `zh`, `zh_CN.UTF-8`, `en`.
    pub fn from_tag(tag: &str) -> Self {
        if tag.to_ascii_lowercase().starts_with("zh") { UiLang::Zh } else { UiLang::En }
    }
    /// The tag.
    pub const fn tag(self) -> &'static str {
        match self {
            UiLang::En => "en",
            UiLang::Zh => "zh-Hans",
        }
    }
    /// What a message is called in the table, in this language. An unknown name is itself.
    pub fn say(self, name: &'static str) -> &'static str {
        let row = MESSAGES.iter().find(|m| m.0 == name);
        row.map_or(name, |m| if self == UiLang::Zh { m.2 } else { m.1 })
    }
}

/// Name, English, Chinese.
const MESSAGES: &[(&str, &str, &str)] = &[
    ("auto", "auto", "自动"),
    ("proposed", "proposed", "待定"),
    ("accepted", "accepted", "接受"),
    ("rejected", "rejected", "拒绝"),
    ("edited", "edited", "改写"),
    ("doubt", "doubt", "存疑"),
    ("stale", "stale", "失效"),
    ("superseded", "superseded", "被替代"),
    ("accept", "accepted", "已接受"),
    ("reject", "rejected", "已拒绝"),
    ("edit", "own text", "改写"),
    ("undo", "undo", "撤销"),
    ("left", "{} decisions left", "还有 {} 项待决定"),
    ("settled", "everything is settled", "全部已处理"),
    ("nothing", "nothing there to decide", "这里没有可决定的"),
    ("oneIssue", "one act stays inside one issue", "一次操作只能在同一期内"),
    (
        "inside",
        "other changes stand inside this one, or it reaches over a page; accept or reject it",
        "此处含有其他改动或跨页，只能接受或拒绝",
    ),
    ("many", "{} places: the same key again confirms", "共 {} 处：再按一次确认"),
    ("notSaved", "not saved!", "未能保存！"),
    ("doubtNote", "Doubt: why?", "存疑的理由"),
    ("note", "note", "备注"),
    ("goto", "Go to row, page:line, group or id", "转到（序号、页:行、组或编号）"),
    ("downloaded", "decisions.jsonl downloaded", "已下载 decisions.jsonl"),
    ("imported", "{} decisions imported", "导入 {} 项决定"),
    ("badFile", "not a decision file:", "不是决定文件："),
    ("otherRun", "decisions of another run:", "属于另一次运行："),
    ("draft", "unsaved decisions of an earlier visit were taken up again", "已恢复上次未保存的决定"),
    ("beforeAfter", "Original and result", "原文与结果"),
    ("why", "Why", "理由"),
    ("single", "decided by itself", "须单独决定"),
    ("scope_page", "this page", "本页"),
    ("scope_issue", "this issue", "本期"),
    ("scope_all", "the whole run", "全部"),
    ("pages", "pages", "页"),
    ("page", "Page", "版面"),
    ("groups", "Groups", "分组"),
    ("concordance", "Occurrences", "出现之处"),
    ("search", "Search", "查找"),
    ("filter", "Filter", "筛选"),
    ("vertical", "vertical", "竖排"),
    ("reviewer", "Reviewer", "审阅人"),
    ("acts", "Decisions", "决定"),
    ("download", "Download decisions.jsonl", "下载 decisions.jsonl"),
    ("copy", "Copy command", "复制命令"),
    ("import", "Import", "导入"),
    ("cancel", "Cancel", "取消"),
    ("close", "Close", "关闭"),
    (
        "noscript",
        "This page needs JavaScript; recto diff OUT shows the same as text.",
        "本页需要 JavaScript；recto diff OUT 以文本显示同样内容。",
    ),
    ("key_a", "accept", "接受"),
    ("key_r", "reject", "拒绝"),
    ("key_s", "skip", "跳过"),
    ("key_e", "edit", "改写"),
    ("key_d", "doubt", "存疑"),
    ("key_A", "accept group", "接受整组"),
    ("key_R", "reject group", "拒绝整组"),
    ("key_w", "scope", "范围"),
    (
        "key_space",
        "skip; among occurrences: tick or untick the row for A and R",
        "跳过；在出现之处：勾选或取消，供 A R 使用",
    ),
    ("key_123", "scope: page, issue, run", "范围：版、期、批"),
    ("always", "always", "总是"),
    ("alone", "it stands alone: a accepts this one", "须单独决定：按 a 接受本处"),
    ("help_group", "the same for the whole group, as far as the scope reaches", "整组处理（按范围）"),
    ("help_undo", "undo the last act; list the acts and undo any", "撤销上一项；列出并撤销任一项"),
    ("help_move", "next and previous undecided; any; go to", "下一未决、上一未决；任一；转到"),
    ("help_panes", "occurrences; explanation", "出现之处；解释"),
    ("help_search", "search; filter by state, rule, confidence, page", "查找；按状态、规则、置信度、页筛选"),
    ("help_always", "always: this group wherever it stands in the run", "总是：全部同组"),
    ("help_escape", "back", "返回"),
    ("quit", "quit: every act is saved", "退出：决定都已保存"),
    ("own_text", "own text", "自己的文字"),
    ("why_doubt", "why in doubt", "存疑理由"),
    ("before", "before", "原"),
    ("after", "after", "改"),
    (
        "read_only",
        "read only: this name reviews elsewhere; --reviewer NAME writes beside it",
        "只读：同名审阅已在别处打开；可用 --reviewer 名字 另开",
    ),
    ("news", "another reviewer decided meanwhile", "另一审阅人已作决定"),
    ("lost_acts", "{} decisions lost their place (U lists them)", "{} 项决定已失去位置（U 列出）"),
    ("act_of", "act", "决定"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_is_there_in_both_languages_and_once() {
        let mut names: Vec<&str> = MESSAGES.iter().map(|m| m.0).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
        for (name, en, zh) in MESSAGES {
            assert!(!en.is_empty() && !zh.is_empty(), "{name}");
            assert_eq!(en.contains("{}"), zh.contains("{}"), "{name}");
        }
    }
}
