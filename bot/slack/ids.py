"""Every name Slack sends back to us: buttons, forms, fields, the command and the shortcuts.

A button carries the lead's public id as its value, never a message's place.
"""

import re

from qualification.ids import is_id

ANYTHING = re.compile(".*", re.DOTALL)

COMMAND = "/lead"

# -- buttons and menus -------------------------------------------------------------------------
CLAIM = "lead_claim"
LOG_CALL = "lead_log_call"
SEND_MAIL = "lead_send_mail"
ACCEPT = "lead_accept"
HAND_BACK = "lead_hand_back"
MORE = "lead_more"
UNDO = "lead_undo"
REASSIGN = "lead_reassign"
TURN_PAGE = "home_"  # and the way
OUTCOME_BUTTON = "lead_outcome_"  # and the outcome
COMPARE = "lead_compare"
SETTLE = "lead_settle_"  # and the mark of the answer that is right
TAKE_OVER = "lead_take_over"
BACK_TO_BOT = "lead_back_to_bot"

# -- buttons in forms --------------------------------------------------------------------------
READ_NOTE = "form_read_note"

# -- entries of the menu "more" ----------------------------------------------------------------
SNOOZE = "snooze"
SEEN = "seen"
INTERVIEW = "interview"
TURN_DOWN = "hand_back"
REASSIGN_ENTRY = "reassign"
TAKE_OVER_ENTRY = "take_over"
DEAL_ENTRY = "deal"

# -- forms -------------------------------------------------------------------------------------
CALL_FORM = "call_form"
CALL_BACK_FORM = "call_back_form"
MAIL_CHOICE_FORM = "mail_choice_form"
MAIL_FORM = "mail_form"
HAND_BACK_FORM = "hand_back_form"
REASSIGN_FORM = "reassign_form"
SNOOZE_FORM = "snooze_form"
INTERVIEW_FORM = "interview_form"
INTERVIEW_END = "interview_end"
PICK_LEAD_FORM = "pick_lead_form"
NEW_LEAD_FORM = "new_lead_form"
COMPARE_FORM = "compare_form"
DEAL_FORM = "deal_form"
NOTE = "only_words"

# -- fields: the same name for the block and its element ---------------------------------------
OUTCOME = "outcome"
CALL_BACK_AT = "call_back_at"
CALL_NOTE = "call_note"
CALL_MINUTES = "call_minutes"
NEW_OWNER = "new_owner"
SAME_PERSON = "same_person"
REASON = "reason"
TO_NURTURE = "to_nurture"
WRITE_AGAIN = "write_again"
UNTIL = "until"
UNTIL_AT = "until_at"
TEMPLATE = "template"
LANGUAGE = "language"
SUBJECT = "subject"
BODY = "body"
CHOICE = "choice"
SAID = "said"
PICK_LEAD = "pick_lead"
RESULT = "result"
AMOUNT = "amount"
DEAL_WORDS = "deal_words"

# -- shortcuts ---------------------------------------------------------------------------------
LOG_CALL_SHORTCUT = "shortcut_log_call"
NEW_LEAD_SHORTCUT = "shortcut_new_lead"

BUTTONS = (CLAIM, LOG_CALL, SEND_MAIL, ACCEPT, HAND_BACK, MORE, UNDO, REASSIGN, COMPARE, TAKE_OVER, BACK_TO_BOT)
FORMS = (
    CALL_FORM,
    CALL_BACK_FORM,
    MAIL_CHOICE_FORM,
    MAIL_FORM,
    HAND_BACK_FORM,
    REASSIGN_FORM,
    SNOOZE_FORM,
    INTERVIEW_FORM,
    INTERVIEW_END,
    PICK_LEAD_FORM,
    NEW_LEAD_FORM,
    COMPARE_FORM,
    DEAL_FORM,
)
SHORTCUTS = (LOG_CALL_SHORTCUT, NEW_LEAD_SHORTCUT)


def menu_value(entry: str, lead_id: str) -> str:
    return f"{entry}:{lead_id}"


def lead_id_in(value: str) -> str | None:
    """The lead's id in a button's or a menu entry's value, if it has the shape of one."""
    found = value.rpartition(":")[2]
    return found if is_id(found) else None


def menu_entry_in(value: str) -> str:
    return value.partition(":")[0]
