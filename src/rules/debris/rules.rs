//! The rules on heads, feet, rules and specks as data: the class of debris is the rule's id. It must never hold code.

use crate::rule::{Confidence, Example, Rule, Stage};

/// Running heads.
pub(super) static HEAD: Rule = Rule::certain(
    Stage::Debris,
    "running-head",
    "报眉",
    "The head of a page: date, page, section, the paper's name, the editors of the page. Recognised by what it says and by \
     its like on the other pages of the issue, however the OCR garbled each copy.",
    &[
        Example::new(
            "A5　要闻　2015年10月15日 星期四　江州日报\n各地春耕扎实推进，农民抢抓时机。\n农户购买种子。\n",
            "各地春耕扎实推进，农民抢抓时机。\n农户购买种子。\n",
        ),
        Example::new(
            "Page 2   MILLPORT EVENING NEWS   Thursday, August 28, 2014   Local\nPlans for a new aircraft have been\nunveiled by experts.\n",
            "Plans for a new aircraft have been\nunveiled by experts.\n",
        ),
    ],
    &[
        "8月19日，市里召开座谈会，总结工作。\n会议指出，\n要继续努力。\n",
        "2001年1月1日零时，随着新世纪钟声的响起，礼花齐放。\n人们欢呼。\n",
        "On Thursday, August 28, 2014, the council of the town met and decided\nto build a school.\n",
    ],
);

/// Names of papers with number and price.
pub(super) static MASTHEAD: Rule = Rule::certain(
    Stage::Debris,
    "masthead",
    "报头",
    "The paper's name at the head of the first page, with the line of number, date and price below it.",
    &[
        Example::new(
            "海陵商报\n2014年9月23日 星期二　农历　第11263期　今日6版\n市里召开会议，研究工作。\n会议开得很好。\n",
            "市里召开会议，研究工作。\n会议开得很好。\n",
        ),
        Example::new(
            "The Harrow Gazette\nNo. 9700   Wednesday, December 20, 2017   PRICE ONE PENNY\nThe council met on the same day and\ndecided to build a school.\n",
            "The council met on the same day and\ndecided to build a school.\n",
        ),
    ],
    &[
        "市里召开会议\n会议开得很好。\n",
        "No. 5 was the winner of the race, and the price was a penny for each of those who came.\nIt was late.\n",
        "The Harrow Gazette reports that the council has met.\nIt was late.\n",
    ],
);

/// Feet.
pub(super) static FOOT: Rule = Rule::certain(
    Stage::Debris,
    "page-foot",
    "报脚",
    "The foot of a page: imprint, address, telephone, printer. Recognised by what it says and by its like on other pages.",
    &[
        Example::new(
            "会议开得很好。\n大家都很高兴。\n本报地址：江州市新华路168号　邮编：417367　广告热线：0731-22007367\n",
            "会议开得很好。\n大家都很高兴。\n",
        ),
        Example::new(
            "The council met.\nIt was late.\nPrinted and published by the Millport Evening News Company, Price 2 pence\n",
            "The council met.\nIt was late.\n",
        ),
    ],
    &[
        "会议开得很好。\n他的电话一直打不通，大家都很着急。\n",
        "The council met.\nThe book was printed and published by a company in the high street of the town.\n",
        "地址：江州\n",
    ],
);

/// Editors of a page.
pub(super) static CREDITS: Rule = Rule::certain(
    Stage::Debris,
    "margin-credits",
    "版面署名",
    "The editors and proof-readers of a page, named in its margin. They are no part of a story.",
    &[
        Example::new(
            "责任编辑：王敏 美术编辑：张芳 校对：李华\n会议开得很好，大家都很高兴。\n人们欢呼。\n",
            "会议开得很好，大家都很高兴。\n人们欢呼。\n",
        ),
        Example::new(
            "会议开得很好。\n人们欢呼。\n大家都很高兴。\n本版责编 王敏 校对 李华\n",
            "会议开得很好。\n人们欢呼。\n大家都很高兴。\n",
        ),
    ],
    &[
        "会议开得很好。\n大家都很高兴。\n（视频编辑：王敏 文字编辑：李华）\n",
        "责任编辑王敏说，校对工作十分重要。\n大家都很高兴。\n",
        "本报记者 王敏\n会议开得很好。\n",
        "校对工作\n会议开得很好。\n",
    ],
);

/// Page numbers.
pub(super) static FOLIO: Rule = Rule::certain(
    Stage::Debris,
    "page-number",
    "页码",
    "A page's number on a line of its own. Applied where the numbers of the issue's pages follow each other or dashes set \
     the number off; a bare number on one page alone is only proposed.",
    &[
        Example::new("会议开得很好。\n人们欢呼。\n— 3 —\n", "会议开得很好。\n人们欢呼。\n"),
        Example::new(
            "1\n会议开得很好。\n人们欢呼。\n大家都很高兴。\n\u{C}2\n农民抢抓时机。\n农户购买种子。\n",
            "会议开得很好。\n人们欢呼。\n大家都很高兴。\n\u{C}农民抢抓时机。\n农户购买种子。\n",
        ),
    ],
    &["会议开得很好。\n1949\n", "CIVIL\nThe council met.\nMIX\n", "会议开得很好。\n3月\n"],
);

/// Headlines printed again.
pub(super) static JUMP_HEAD: Rule = Rule::certain(
    Stage::Debris,
    "jump-head",
    "接版标题",
    "The headline, or its beginning, printed again over the rest of a story on a later page, right after the line that says \
     where the story comes from. The story has it already.",
    &[
        Example::new(
            "Drought to impact on farms\nThe rain has not come.\nContinued on page 3\n\u{C}(Continued from page 1)\nDrought to impact on\nThe farmers are waiting for it.\n",
            "Drought to impact on farms\nThe rain has not come.\nContinued on page 3\n\u{C}(Continued from page 1)\nThe farmers are waiting for it.\n",
        ),
        Example::new(
            "上半年我国港口运行良好\n各地港口货运量持续增长，\n\u{C}>>> 上接第6版\n上半年我国港口运行良好\n吞吐量也在增加。\n",
            "上半年我国港口运行良好\n各地港口货运量持续增长，\n\u{C}>>> 上接第6版\n吞吐量也在增加。\n",
        ),
    ],
    &[
        "Drought to impact on farms\nThe rain has not come.\n\u{C}Drought to impact on\nThe farmers are waiting.\n",
        "上半年我国港口运行良好\n各地港口货运量持续增长，\n\u{C}上半年我国港口运行良好\n",
        "(Continued from page 1)\nDrought to impact on\nThe farmers are waiting.\n",
    ],
);

/// Printed rules and boxes.
pub(super) static RULE_LINE: Rule = Rule::certain(
    Stage::Debris,
    "rule-line",
    "栏线",
    "A printed rule, the side of a box or a column bar that the OCR read as characters.",
    &[
        Example::new("会议开得很好。\n──────────\n人们欢呼。\n", "会议开得很好。\n人们欢呼。\n"),
        Example::new("The council met.\n-----------\nIt was late.\n", "The council met.\nIt was late.\n"),
    ],
    &["他说：\n——\n那就好。\n", "第一章\n一\n会议开得很好。\n", "……\n会议开得很好。\n", "*  *  *\nIt was late.\n"],
);

/// Specks.
pub(super) static SPECK: Rule = Rule::certain(
    Stage::Debris,
    "speck-line",
    "污点",
    "One or two stray marks on a line of their own: dirt, the end of a rule, a column bar.",
    &[
        Example::new("会议开得很好。\n|\n人们欢呼。\n", "会议开得很好。\n人们欢呼。\n"),
        Example::new("The council met.\n \\ ^\nIt was late.\n", "The council met.\nIt was late.\n"),
    ],
    &["他说得对\n。\n人们欢呼。\n", "（他说得对\n）\n人们欢呼。\n", "a\nb\n"],
);

/// Letters that were never printed.
pub(super) static STRAY_LETTERS: Rule = Rule {
    id: "stray-letters",
    name_zh: "杂散字母",
    stage: Stage::Debris,
    confidence: Confidence::Suggest,
    doc: "A line of one or two words of up to three small Latin letters on a page that is Chinese throughout: what the OCR \
          made of a picture or of dirt. Only proposed: it may be all that is left of a printed line.",
    examples: &[
        Example::new(STRAY, STRAY_OUT),
        Example::new(
            "会议开得很好。\nee  oo\n大家都很高兴。\n农民抢抓时机。\n农户购买种子。\n人们欢呼。\n会议闭幕。\n一\n二\n三\n四\n五\n",
            "会议开得很好。\n大家都很高兴。\n农民抢抓时机。\n农户购买种子。\n人们欢呼。\n会议闭幕。\n一\n二\n三\n四\n五\n",
        ),
    ],
    leaves_alone: &["会议开得很好。\nee\n", "The council met.\nno\nIt was late.\n", STRAY_OUT],
    flag: false,
};

const STRAY: &str = "会议开得很好。\n大家都很高兴。\n农民抢抓时机。\nae\n农户购买种子。\n人们欢呼。\n会议闭幕。\nGDP\nkg\n一\n二\n三\n四\n五\n";
const STRAY_OUT: &str = "会议开得很好。\n大家都很高兴。\n农民抢抓时机。\n农户购买种子。\n人们欢呼。\n会议闭幕。\nGDP\nkg\n一\n二\n三\n四\n五\n";

/// Bars between columns.
pub(super) static COLUMN_BAR: Rule = Rule {
    id: "column-bar",
    name_zh: "栏间竖线",
    stage: Stage::Debris,
    confidence: Confidence::Likely,
    doc: "The rule between two columns, read as a bar at the beginning or the end of a line. A bar inside a line, or one at \
          both ends, stays: the columns were read across, or it is a table.",
    examples: &[
        Example::new("| the mayor said that the\ncouncil had met |\n", "the mayor said that the\ncouncil had met\n"),
        Example::new("│ 会议总结了全年的工作，\n分析了形势。\n", "会议总结了全年的工作，\n分析了形势。\n"),
    ],
    leaves_alone: &[
        "| the mayor said |\n",
        "the mayor said | who had been\n",
        "|x| is a number\n",
        "wenn |x| wächst |\n",
    ],
    flag: false,
};
