"""The words of the screens, Chinese and English side by side; sentences come from ``backend.texts``."""

from collections.abc import Mapping
from typing import Any  # the claim's document, as the API sends it

from backend.texts.load import Language, raw_tables
from cli.review_case import has_differing_receipt

_LABELS = {
    "farm": ("farm", "养殖场"),
    "loss": ("loss", "损失"),
    "path": ("path", "通道"),
    "reasons": ("doubts", "疑点"),
    "count": ("heads", "头数"),
    "fence": ("place", "位置"),
    "photos": ("photos", "照片"),
    "animals": ("animals", "牲畜"),
    "offer": ("offer", "赔款"),
    "market price": ("market price", "市场价"),
    "lanes": ("lanes", "会审"),
    "assessment": ("assessed", "定损"),
    "answered": ("answered by the assessment", "已定损核实"),
    "listed": ("listed", "在列"),
    "amount": ("sum", "赔款"),
    "heads": ("heads", "头数"),
    "tag": ("ear tag", "耳标"),
    "category": ("category", "类别"),
    "weight_kg": ("kg", "公斤"),
    "weight_source": ("weighed by", "重量来源"),
    "age_months": ("months", "月龄"),
    "age_percent": ("age %", "年龄比例 %"),
    "normal_mortality_percent": ("normal mortality %", "正常死亡率 %"),
    "size_band": ("size", "体型"),
    "notes": ("notes", "备注"),
    "holds": ("holds", "暂停"),
    "acceptance": ("farmer", "养殖户"),
    "handover": ("handover", "移交单"),
    "certificate": ("papers", "处理证明"),
    "payout": ("payout", "支付"),
    "rejection": ("rejected", "拒赔"),
    "asked": ("asked", "待补充"),
    "assisted_by": ("assisted by", "代办人"),
    "next": ("next", "下一步"),
    "clean": ("none, a clean claim", "无，材料清楚"),
    "insurer": ("insurer", "保险公司"),
    "veterinary": ("veterinary", "畜牧部门"),
    "inspection": ("inspection", "动检部门"),
    "open": ("open", "待审"),
    "approved": ("approved", "同意"),
    "rejected": ("rejected", "不同意"),
    "asked_lane": ("asked", "已询问"),
    "void": ("void, decide again", "作废，重审"),
    "due": ("due", "时限"),
    "late": ("late", "超时"),
    "for": ("for", "代"),
    "recused": ("stepped back", "回避"),
    "clock": ("time", "时限"),
    "paused": ("stands still", "暂停计时"),
    "claimed": ("claimed", "申报"),
    "assessed": ("assessed", "核定"),
    "counted": ("counted", "清点"),
    "labelled": ("labelled", "标注"),
    "teaching": ("teaching", "训练"),
    "may teach": ("the photos may teach the counter", "照片可用于训练清点模型"),
    "unsure": ("unsure", "不确定"),
    "incomplete": ("incomplete: a weight or age is unknown", "未定：体重或月龄不明"),
    "out of cover": ("out of cover", "不在保障内"),
    "inside": ("{metres} m inside {premises}", "{premises} 界内 {metres} 米"),
    "outside": ("{metres} m outside {premises}", "{premises} 界外 {metres} 米"),
    "missing": ("not arrived", "未到"),
    "accepted": ("agreed", "已同意"),
    "account": ("account …", "账号尾号 "),
    "sent": ("sent", "已发"),
    "waiting to be sent": ("not yet", "待发"),
    "given_up": ("given up", "未发出"),
    "no_address": ("no number", "无号码"),
    "paid in": ("from report to money", "从报案到到账"),
    "not paid": ("not paid yet", "尚未到账"),
    "held by": ("held by", "办理方"),
    "farmer": ("farmer", "养殖户"),
    "machine": ("machine", "系统"),
    "disposal": ("disposal", "无害化处理"),
    "bank": ("bank", "银行"),
    "line broken": ("the line broke, trying again", "连接中断，正在重连"),
    "waiting": ("waiting", "件待审"),
    "lasting": ("still open", "进行中"),
    "upload": ("upload", "上传"),
    "verification": ("verification", "核验"),
    "evidence": ("evidence", "补充材料"),
    "hold": ("hold", "暂停"),
    "joint_review": ("joint review", "联合审核"),
    "payment": ("payment", "支付"),
    "payments": ("payments", "付款"),
    "stopped": ("stopped", "已暂停"),
    "by gateway": ("leave through the bank's gateway", "经银行接口付出"),
    "by file": ("leave in payment files (payout export)", "以付款文件付出（payout export）"),
    "today": ("today", "今日"),
    "waits for resume": ("payments are stopped", "付款已暂停"),
    "waits for higher_limit": ("above the day's limit by itself: raise it", "单笔超过每日限额，需提高限额"),
    "waits for programme_limit": ("the programme's limit is reached: programme list", "已达项目限额"),
    "waits for next_day": ("the day's limit is used up", "当日额度已用完"),
    "waits for file": ("the next payment file", "等待下一个付款文件"),
    "waits for soon": ("leaves within a minute", "一分钟内付出"),
    "incurred": ("incurred", "赔付支出"),
    "reserve": ("reserve", "未决准备金"),
    "payable": ("payable", "应付赔款"),
    "transit": ("transit", "在途资金"),
    "paid": ("paid", "已付赔款"),
    "returned": ("returned", "退汇"),
    "sum": ("sum", "合计"),
    "lines": ("lines", "笔"),
    "agree": ("agree", "相符"),
    "differ": ("differ", "不符"),
    "other money in": ("other in-payment(s), none of ours", "笔其他入账，与赔款无关"),
    "pending": ("not booked yet, left out", "笔未入账，未计"),
    "our books": ("our books", "我方账"),
    "recorded": ("recorded", "已记录"),
    "apply": (
        "Next: the same with --apply records, in your name, what the statement proves.",
        "加 --apply 即以您的名义记录对账单证明的付款和退汇。",
    ),
    "unreadable": ("cannot be read", "无法读取"),
    "wrong_currency": ("another currency", "币种不符"),
    "not_ours": ("in the bank, not ours", "银行有，我方无"),
    "not_in_bank": ("ours, not in the bank", "我方有，银行无"),
    "amount_differs": ("the amount differs", "金额不符"),
    "date_differs": ("the date differs", "日期不符"),
    "paid_twice": ("paid twice", "重复支付"),
    "found_paid": ("found paid", "查到已付"),
    "found_returned": ("found returned", "查到退汇"),
    "report_to_paid": ("report to paid", "报案到到账"),
}

_STAGES = {
    "acceptance": ("farmer's agreement", "养殖户确认"),
    "handover": ("handover of the carcasses", "移交"),
    "certificate": ("disposal certificate", "无害化处理证明"),
}
"""Stages whose names say something else elsewhere on the screens."""

_NEXT = {
    "REPORTED": ("the photos arrive from the farmer's phone", "等待养殖户的照片"),
    "VERIFYING": ("the machine checks the photos", "系统正在核验照片"),
    "EVIDENCE_REQUESTED": ("the farmer sends what was asked for", "等待养殖户补充材料"),
    "TRIAGED": ("the insurer looks and releases the hold, or rejects", "保险公司查看后放行或拒赔"),
    "JOINT_REVIEW": ("lanes still to decide", "待审"),
    "OFFERED": ("the farmer agrees to the sum with the code that was sent", "等待养殖户凭验证码同意赔款"),
    "ACCEPTED": ("the collector records the handover", "等待收运员登记移交单"),
    "RECEIPT_DIFFERS": (
        "the insurer assesses again, or the collector corrects the receipt",
        "保险公司重新定损，或收运员更正移交单",
    ),
    "STOP_PAYMENTS": (
        "the insurer lets payments go on: flashclaim payout status",
        "保险公司恢复付款：flashclaim payout status",
    ),
    "DAILY_LIMIT": (
        "the next day, or a higher limit: flashclaim payout status",
        "等到次日或提高限额：flashclaim payout status",
    ),
    "PROGRAMME_LIMIT": (
        "a higher limit, or another assessment: flashclaim programme list",
        "等待提高项目限额或重新定损：flashclaim programme list",
    ),
    "PAYABLE": ("the payout is about to leave", "即将支付"),
    "PAYING": ("the bank confirms the payout", "等待银行确认到账"),
    "PAYMENT_UNKNOWN": ("the bank is asked what became of the payout", "正在向银行查询"),
    "PAYMENT_FAILED": ("the insurer mends the account and runs payout retry", "保险公司核对账户后重付"),
    "PAID": ("the inspection office issues the disposal certificate", "等待动检部门出具无害化处理证明"),
    "CLOSED": ("nothing: paid and certified", "无：已到账，证明齐全"),
    "REJECTED": ("nothing, unless the farmer disputes it", "无；养殖户可提出异议"),
    "WITHDRAWN": ("nothing: the farmer took the report back", "无：养殖户已撤案"),
}

_COMMANDS = {
    "EVIDENCE_REQUESTED": "flashclaim claim answer {number} --note TEXT PHOTO...",
    "RECEIPT_DIFFERS": "flashclaim claim assess {number} --from-handover --reason TEXT",
}
"""What the one who is waited for may run; on a line of its own, so that a narrow screen does not break it."""

COLOURS = {
    "FAST": "green",
    "ASSISTED": "yellow",
    "HOLD": "red",
    "PAID": "bold green",
    "CLOSED": "bold green",
    "REJECTED": "bold red",
    "WITHDRAWN": "dim",
    "PAYMENT_FAILED": "bold red",
    "PAYMENT_UNKNOWN": "bold yellow",
    "EVIDENCE_REQUESTED": "bold yellow",
    "approved": "green",
    "rejected": "red",
    "asked": "yellow",
    "void": "yellow",
    "INSIDE": "green",
    "INSIDE_WITHIN_UNCERTAINTY": "green",
    "OUTSIDE": "red",
    "UNKNOWN": "yellow",
}
"""Colour never stands alone: the word is always there."""


def label(name: str, language: Language) -> str:
    """The word for *name*: the screens' own, else the sentences' word, else *name* itself."""
    if name in _LABELS:
        return _in(language, _LABELS[name])
    return raw_tables(language)["words"].get(name, name)


def stage_label(stage: str, language: Language) -> str:
    """The word for a stage of a claim's way."""
    return _in(language, _STAGES[stage]) if stage in _STAGES else label(stage, language)


def next_step(shown: Mapping[str, Any], language: Language) -> str:
    """What a claim (``claim show``) waits for, from whom, and on a second line the command where one helps."""
    state, holder = shown["state"], shown["held_by"]
    if state == "ACCEPTED" and shown["holds"]:
        kind = shown["holds"][0]["kind"]
        # A person has to look, as where doubts hold; but what stands above all payouts ends by itself or for all.
        state = kind if kind in _NEXT else "TRIAGED"
    elif has_differing_receipt(shown):
        state = "RECEIPT_DIFFERS"
    step = _in(language, _NEXT.get(state, (state, state)))
    if state == "JOINT_REVIEW":
        return f"{step}: {', '.join(label(lane, language) for lane in holder.split('+'))}"
    whole = f"{step} ({label('held by', language)} {label(holder, language)})" if holder else step
    command = _COMMANDS.get(state)
    return f"{whole}\n{command.format(number=shown['number'])}" if command else whole


def _in(language: Language, words: tuple[str, str]) -> str:
    english, chinese = words
    return chinese if language is Language.ZH else english
