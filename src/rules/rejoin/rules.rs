//! The rules of the stage as data: what kind of break each of them mends. It must never hold code.

use crate::rule::{Confidence, Example, Rule, Stage};

/// A word stands across the break.
pub(super) static SPLIT_WORD: Rule = Rule::certain(
    Stage::Rejoin,
    "split-word-across-break",
    "断行拆词",
    "A column, page or line ended in the middle of a word, and the reading order put blank lines or other white space \
     between its halves. The word list knows the joined word. Joined without a space in Chinese.",
    &[
        Example::new(
            "他说，今年的医\n\n疗卫生工作取得了明显成效，群众的满意度不断提高。\n",
            "他说，今年的医疗卫生工作取得了明显成效，群众的满意度不断提高。\n",
        ),
        Example::new(
            "会议要求，各部门要为企业的发展创造良好的环\n\n境，切实解决企业遇到的困难和问题。\n",
            "会议要求，各部门要为企业的发展创造良好的环境，切实解决企业遇到的困难和问题。\n",
        ),
    ],
    &[
        "市里召开医疗卫生工作会议\n\n弘扬精神 再立新功\n",
        "会议听取了情况汇报。\n\n疗养院的工作人员参加了会议。\n",
        "会议结束，\n\n本报讯（记者 王文）昨日，市里召开座谈会。\n",
    ],
);

/// A paragraph in two parts on one page.
pub(super) static BY_COLUMN: Rule = Rule::certain(
    Stage::Rejoin,
    "paragraph-split-by-column",
    "分栏断段",
    "A paragraph stands in two parts with blank lines between them: it went on at the head of the next column, or the \
     OCR saw a space that was none. No mark ends the first part, or the measure of both lines says that it went on.",
    &[
        Example::new(
            "这次会议总结了全年的工作，分析了当前的形势，\n\n并对下一阶段的工作作了全面部署。\n",
            "这次会议总结了全年的工作，分析了当前的形势，并对下一阶段的工作作了全面部署。\n",
        ),
        Example::new(
            "今年以来，全市经济运行态势良好，各项工作取得新成效。下半年，我市\n\n将继续优化营商环境，确保完成全年的目标任务。\n",
            "今年以来，全市经济运行态势良好，各项工作取得新成效。下半年，我市将继续优化营商环境，确保完成全年的目标任务。\n",
        ),
    ],
    &[
        "会议总结了全年的工作。\n\n下一阶段的工作已经部署。\n",
        "要坚持全面整改和重点整改相结合，\n\n市长到海关调研\n\n本报讯（记者 王文）昨日，市长到海关调研。\n",
        "By Ruth Kendall\n\nPlans for a new generation of aircraft were unveiled.\n",
    ],
);

/// A paragraph in two parts on two pages.
pub(super) static BY_PAGE: Rule = Rule::certain(
    Stage::Rejoin,
    "paragraph-split-by-page",
    "跨版断段",
    "A paragraph goes on at the head of the next page of the issue. It stays whole on the page where it begins; the page \
     break goes to its end.",
    &[
        Example::new(
            "这次会议总结了全年的工作，分析了当前的形势，\n\u{C}并对下一阶段的工作作了全面部署。\n新的一年。\n",
            "这次会议总结了全年的工作，分析了当前的形势，并对下一阶段的工作作了全面部署。\n新的一年。\n",
        ),
        Example::new(
            "会议要求，各部门要为企业的发展创造良好的环\n\u{C}境，切实解决企业遇到的困难和问题。\n",
            "会议要求，各部门要为企业的发展创造良好的环境，切实解决企业遇到的困难和问题。\n",
        ),
    ],
    &[
        "会议总结了全年的工作。\n\u{C}下一阶段的工作已经部署。\n",
        "工作圆满完成。\n\u{C}市长到海关调研\n\n本报讯（记者 王文）昨日，市长到海关调研。\n",
        "一版\n\u{C}二版\n",
    ],
);

/// An ordinary line end inside a paragraph.
pub(super) static LINE_END: Rule = Rule::certain(
    Stage::Rejoin,
    "line-end-in-paragraph",
    "段内断行",
    "The text is set in lines as it was printed; the paragraph goes on in the next line. Joined with nothing in Chinese, \
     with a space in scripts that have them.",
    &[
        Example::new(
            "各地正忙着春季田管和\n春耕备耕工作，为完成\n全年的粮食稳产打下良\n好基础。\n当前正值冬小麦返青关\n键期，农业部门派出技\n术人员进入田间地头。\n",
            "各地正忙着春季田管和春耕备耕工作，为完成全年的粮食稳产打下良好基础。\n当前正值冬小麦返青关键期，农业部门派出技术人员进入田间地头。\n",
        ),
        Example::new(
            "Plans for a new generation of\nsilent aircraft that would make\nmuch less noise while they also\nneed less fuel have been shown\nby experts in both countries.\n",
            "Plans for a new generation of silent aircraft that would make much less noise while they also need less fuel have been shown by experts in both countries.\n",
        ),
    ],
    &[
        "会议总结了全年的工作。\n下一阶段的工作已经部署。\n",
        "一、听取汇报\n二、研究部署\n三、通过决议\n",
        "The first paragraph ends here.\nThe second one begins here.\n",
        "Plans for a new generation of\nsilent aircraft that would   make the road\nmuch less noise while   they also were\nneed less fuel have   been shown by men\nby experts in both   countries then and\nwho came to see it.\n",
        "The plans for a new generation of\n— Continued on Page 4\nsilent aircraft that would make it.\n",
        "The plans for a new — Turn to Page 4\nsilent aircraft that would make it.\n",
    ],
);

/// A hyphen at the end of a line.
pub(super) static HYPHEN: Rule = Rule::certain(
    Stage::Rejoin,
    "hyphen-at-line-end",
    "行末连字符",
    "A word was divided at the end of a line. The hyphen goes where the joined word is spelt without one, and stays in \
     compounds.",
    &[
        Example::new(
            "Auf Ersuchen des Nachbars sind am Mittwoch die Behör-\nden aktiv geworden und führten eine Durchsuchung durch.\n",
            "Auf Ersuchen des Nachbars sind am Mittwoch die Behörden aktiv geworden und führten eine Durchsuchung durch.\n",
        ),
        Example::new(
            "The new plane also does away with flaps, a major source of noise, while the under-\ncarriage has been simplified.\n",
            "The new plane also does away with flaps, a major source of noise, while the undercarriage has been simplified.\n",
        ),
    ],
    &[
        "The years 1914-\n1918 were hard.\n",
        "A list -\nof things\n",
        "第一 -\n第二\n",
        "Der Bericht über die Wahl kam aus Bregen-\n\ndennoch wusste niemand davon.\n",
        "The shop sold toys for Easter-\nOn the day the doors were shut.\n",
        "The guests had to be-\n\nMrs. Jane Holt, the widow of the mayor, was there too.\n",
        "Der Vertreter der Berner-\n\nM ontag war ein Feiertag.\n",
        "Die Feste der Ruderei-\nFreudentage waren laut.\n",
        "The council met.\n-o-\nnothing was said.\n",
        "The council met.\n-o-\u{AD}\nnothing was said.\n",
        "He asked them to go and Fi-\nScher went.\n",
    ],
);

const CUT: &str = "市长指出，要坚持问题导向，狠抓问题整改，坚持全面整改和重点整改相结合，\n\n市长到海关调研\n\n本报讯（记者 王文）昨日，市长到海关调研。\n";
const CUT_SHORT: &str = "几位居民说，他们已经等了三年，希望有关部门尽快把路修好，让大家出行\n\n新校落成\n\n本报讯（记者 王文）昨日，新校落成。\n";

/// A story that stops in mid-sentence.
pub(super) static CUT_OFF: Rule = Rule {
    id: "article-cut-off",
    name_zh: "文章中断",
    stage: Stage::Rejoin,
    confidence: Confidence::Suggest,
    doc: "A story stops in mid-sentence, and another story's headline or start follows. What is missing may stand on \
          another page, after a jump line, or elsewhere on this one. A flag: nothing is changed.",
    examples: &[Example::new(CUT, CUT), Example::new(CUT_SHORT, CUT_SHORT)],
    leaves_alone: &[
        "工作圆满完成。\n\n市长到海关调研\n\n本报讯（记者 王文）昨日，市长到海关调研。\n",
        "市里召开座谈会\n\n弘扬精神 再立新功\n\n本报讯（记者 王文）昨日，市里召开座谈会。\n",
        "会议总结了全年的工作。\n",
    ],
    flag: true,
};
