"""How an English note says that the rep and somebody met or spoke: "spoke to", "call with", "email from"."""

MET = (
    r"(?i:met(?:\s(?:up\s)?with)?|(?:spoke|spoken|talked|chatted|connected|touched\sbase|caught\sup|sat\sdown|in\stouch)\s(?:to|with|w/)"
    r"|reached(?:\sout\sto)?|caught|rang|phoned|called|dialled|visited|saw|emailed|interviewed|got\s(?:hold\sof|through\sto)"
    r"|heard\s(?:back\s)?from)"
)
SPOKE = (
    rf"(?:{MET}|(?i:(?:call|meeting|mtg|demo|chat|conversation|convo|discussion|sync|phone|intro|visit|zoom|teams|tc|session"
    r"|interview|coffee|lunch|dinner|breakfast|follow-?\s?up|catch-?\s?up|mins?|minutes|msg|message|voicemail|vm|notes?)"
    r"\s(?:back\s)?(?:with|w/|from|by|to|for)|(?:inbound|enquiry|inquiry|referral|lead|request|e?-?mail|form|card)"
    r"(?:\s(?:call|email|lead|in))?\sfrom|(?:returned|answered|picked\sup|taken|booked|back)\sby|(?:contact|poc|person|caller)\s(?:is|was)"
    r"|asked\sfor|w/))"
)
SIGNS_OF_MET = (
    "spoke", "met ", "talked", "reached", "chatted", "connected", "caught", "called ", "rang ", "phoned",
    "visited", "saw ",
    "emailed", "touch", "heard ", "sat down", "got hold", "got through", "interviewed", "dialled",
)  # fmt: skip
