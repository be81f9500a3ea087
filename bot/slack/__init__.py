"""Everything a rep and a manager touch in Slack: cards, threads, forms, the /lead command and Home.

ids blocks card home...   pure: facts in, blocks out
claim call_log ...        one file for each thing a rep does: button, form and submission together
gateway errors sender     the way out: the only callers of Slack's Web API
door app people once      the way in: who may act, and every press counted once
"""
