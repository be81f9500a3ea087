"""A small unmodified slack-bolt app for driving the stand-in: a command, a modal, a card, buttons and Home."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Workspace

LEADS = "C0LEADS0001"
MANAGERS = "C0MANAGERS1"


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str) -> dict[str, Any]:
    return {"text": plain(text), "value": value}


def button(text: str, action_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(text), "value": "L-1", **more}


def field(label: str, block_id: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **more}


OUTCOMES = [option(text, value) for text, value in (("Connected", "connected"), ("No answer", "no_answer"))]


def call_form(**more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "log_call",
        "title": plain("Log a call"),
        "submit": plain("Save"),
        "close": plain("Cancel"),
        "notify_on_close": True,
        "private_metadata": "L-1",
        "blocks": [
            field(
                "Outcome",
                "outcome",
                {"type": "radio_buttons", "action_id": "outcome", "options": OUTCOMES},
                dispatch_action=True,
            ),
            field("Note", "note", {"type": "plain_text_input", "action_id": "note", "multiline": True}, optional=True),
            field("Lead", "lead", {"type": "external_select", "action_id": "lead", "min_query_length": 1}),
        ],
        **more,
    }


def card(text: str = "*朝日工具*　5 open questions") -> list[dict[str, Any]]:
    return [
        {"type": "section", "block_id": "about", "text": mrkdwn(text)},
        {
            "type": "actions",
            "block_id": "do",
            "elements": [
                button("Claim", "claim", style="primary"),
                button("Log call", "open_form"),
                {
                    "type": "overflow",
                    "action_id": "more",
                    "options": [option("Snooze", "snooze"), option("Hand back", "hand_back")],
                },
            ],
        },
    ]


def sample_app(workspace: Workspace, api_url: str) -> AsyncApp:
    """The app as any operator would build it; only the base URL points at the stand-in."""
    client = AsyncWebClient(token=workspace.bot_token, base_url=api_url, retry_handlers=[])
    app = AsyncApp(client=client, signing_secret=workspace.signing_secret)

    @app.command("/lead")
    async def lead(ack: Any, command: Any, client: Any) -> None:
        if command["text"] == "help":
            await ack("find, new, mine")
            return
        await ack()
        await client.views_open(trigger_id=command["trigger_id"], view=call_form())

    @app.options("lead")
    async def leads(ack: Any, payload: Any) -> None:
        names = [name for name in ("Asahi Tools", "Asahi Foods", "Kita Bank") if payload["value"] in name]
        await ack(options=[option(name, name) for name in names])

    @app.action("outcome")
    async def outcome_chosen(ack: Any, body: Any, client: Any) -> None:
        await ack()
        chosen = body["actions"][0]["selected_option"]["value"]
        more = (
            [field("Call back", "back", {"type": "datepicker", "action_id": "back"})] if chosen == "no_answer" else []
        )
        view = call_form()
        view["blocks"] += more
        await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

    @app.view("log_call")
    async def save(ack: Any, view: Any, client: Any) -> None:
        values = view["state"]["values"]
        if values["note"]["note"]["value"] == "bad":
            await ack(response_action="errors", errors={"note": "Please say more."})
            return
        if values["note"]["note"]["value"] == "astray":
            await ack(response_action="errors", errors={"no_such_block": "Nobody reads this."})
            return
        if values["note"]["note"]["value"] == "twice":
            await ack(response_action="update", view=call_form(title=plain("Second page")))
            return
        await ack()
        await client.chat_postMessage(
            channel=LEADS,
            text="New lead: Asahi",
            blocks=card(),
            metadata={"event_type": "lead_card", "event_payload": {"lead": "L-1"}},
        )

    @app.view_closed("log_call")
    async def closed(ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.chat_postMessage(channel=LEADS, text=f"draft kept, cleared {body['is_cleared']}")

    @app.action("claim")
    async def claim(ack: Any, body: Any, client: Any, respond: Any) -> None:
        await ack()
        text = f"Claimed by <@{body['user']['id']}>"
        await client.chat_update(
            channel=body["channel"]["id"], ts=body["message"]["ts"], text=text, blocks=card(f"*朝日工具*　{text}")
        )
        await respond("It is yours.")

    @app.action("open_form")
    async def open_form(ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=call_form())

    @app.action("more")
    async def more(ack: Any, body: Any, client: Any) -> None:
        await ack()
        channel, ts = body["channel"]["id"], body["message"]["ts"]
        chosen = body["actions"][0]["selected_option"]["value"]
        await client.chat_postMessage(channel=channel, thread_ts=ts, text=f"{chosen} done", reply_broadcast=True)

    @app.action("home_button")
    async def home_button(ack: Any, body: Any, client: Any) -> None:
        await ack()
        await publish(client, body["user"]["id"], f"pressed in {body['container']['type']}")

    @app.event("app_home_opened")
    async def home(event: Any, client: Any) -> None:
        if event["tab"] == "home":
            await publish(client, event["user"], "Your queue")

    async def publish(client: Any, user: str, title: str) -> None:
        blocks = [
            {"type": "header", "text": plain(title)},
            {"type": "actions", "block_id": "home", "elements": [button("Refresh", "home_button")]},
        ]
        await client.views_publish(user_id=user, view={"type": "home", "blocks": blocks})

    @app.shortcut("log_a_call")
    async def log_a_call(ack: Any, shortcut: Any, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=shortcut["trigger_id"], view=call_form())

    @app.shortcut("make_lead")
    async def make_lead(ack: Any, shortcut: Any, client: Any) -> None:
        await ack()
        text = f"lead from: {shortcut['message']['text']}"
        await client.chat_postMessage(channel=shortcut["channel"]["id"], thread_ts=shortcut["message_ts"], text=text)

    @app.event("message")
    async def message(event: Any) -> None:
        return

    @app.event("app_mention")
    async def mention(event: Any, say: Any) -> None:
        await say(f"hello <@{event['user']}>", thread_ts=event["ts"])

    return app
