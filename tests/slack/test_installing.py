"""The app is added to a workspace by a link: once for each state, by those who may, and its token dies with it."""

import contextlib
import re
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from sqlmodel import select
from starlette.applications import Starlette
from starlette.routing import Route

from bot.bootstrap import Services
from bot.sandbox.driver import all_words
from bot.slack.records import SlackWorkspace
from bot.slack.workspaces import Workspaces, forget_workspace, keep_workspace
from tests.clock import Clock
from tests.desk import MEGUMI, YUKI, Bench, listening, open_bench, qualified_lead

TEAM, SISTER = "T0SANDBOX1", "T0SISTER001"
BY_LINK = {
    "slack_bot_token": "",
    "slack_client_id": "1000000000.2000000000",
    "slack_client_secret": "sandbox-client-secret",
}


@contextlib.asynccontextmanager
async def by_link(
    make_services: Callable[..., Services], clock: Clock, *workspaces: str
) -> AsyncIterator[tuple[Bench, str]]:
    """A desk without a token, and the address of its two pages."""
    settings = {**BY_LINK, "slack_workspaces": workspaces or (TEAM,)}
    async with open_bench(make_services, clock, **settings) as bench:
        installing = bench.door.installing
        assert installing is not None
        routes = [Route("/slack/install", installing.begin), Route("/slack/oauth_redirect", installing.finish)]
        async with listening(Starlette(routes=routes)) as url:
            bench.workspace.redirect_url = f"{url}/slack/oauth_redirect"
            yield bench, url


async def install(url: str, press: str = "allow") -> tuple[int, str, str]:
    """A person follows the link, presses Allow or Cancel, and comes back; status, page, and where they came back to."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        async with browser.get(f"{url}/slack/install") as asked:
            page = await asked.text()
            link = re.search(f'id="{press}" href="([^"]+)"', page)
            assert link is not None, page
            there = asked.url.join(type(asked.url)(link[1].replace("&amp;", "&")))
        async with browser.get(there) as back:
            return back.status, await back.text(), str(back.url)


def installed(bench: Bench) -> list[SlackWorkspace]:
    return list(bench.services.store.read(lambda session: session.exec(select(SlackWorkspace)).all()))


async def installs_itself_in_the_sister(bench: Bench) -> None:
    """The same app in a second workspace, with a token of its own."""
    scopes = bench.workspace.installation.scopes
    token = bench.workspace.issue("bot", "xoxb-sister", scopes, bench.workspace.bot.id, team=SISTER)
    facts = {
        "team_id": SISTER,
        "name": "Sister",
        "bot_token": token,
        "bot_user_id": bench.workspace.bot.id,
        "scopes": ",".join(sorted(scopes)),
        "installed_by": MEGUMI,
    }
    await bench.services.store.run(lambda tx: keep_workspace(tx, facts))


async def test_a_workspace_installs_the_app_and_its_people_work_with_it(
    make_services: Callable[..., Services], clock: Clock
) -> None:
    async with by_link(make_services, clock) as (bench, url):
        status, page, _ = await install(url)
        assert (status, "インストールが完了しました" in page) == (200, True)
        lead_id = await bench.has_lead()
        await bench.person("yuki").clicks("担当する", on=bench.card(lead_id))
        await bench.settle()
        assert (await bench.dossier(lead_id)).lead.owner_id == YUKI
        assert [row.team_id for row in installed(bench)] == [TEAM]
        assert installed(bench)[0].bot_token.startswith("xoxb-installed-")


async def test_before_it_is_installed_nobody_can_do_anything_and_nothing_is_lost(
    make_services: Callable[..., Services], clock: Clock
) -> None:
    async with by_link(make_services, clock) as (bench, url):
        lead_id = await bench.services.store.run(lambda tx: qualified_lead(tx).id)
        await bench.settle()
        await bench.person("yuki").slash("/lead", "mine")
        assert "reinstall" in bench.person("yuki").sees_privately("#leads")[0].text
        await install(url)
        bench.clock.advance(minutes=2)
        await bench.settle()
        assert bench.card(lead_id)


async def test_who_presses_cancel_installs_nothing(make_services: Callable[..., Services], clock: Clock) -> None:
    async with by_link(make_services, clock) as (bench, url):
        status, page, _ = await install(url, "cancel")
        assert (status, "行われませんでした" in page) == (200, True)
        assert installed(bench) == []


async def test_a_workspace_that_is_not_on_the_list_is_refused_and_its_token_not_kept(
    make_services: Callable[..., Services], clock: Clock
) -> None:
    async with by_link(make_services, clock, "T0ANOTHER01") as (bench, url):
        status, page, _ = await install(url)
        assert (status, "運用担当者" in page) == (403, True)
        assert installed(bench) == []


async def test_a_state_works_once_only_for_its_browser_and_not_for_long(
    make_services: Callable[..., Services], clock: Clock
) -> None:
    async with by_link(make_services, clock) as (bench, url):
        _, _, back = await install(url)
        state = parse_qs(urlsplit(back).query)["state"][0]
        cookie = {"Cookie": f"bantline_slack_install={state}"}
        async with aiohttp.ClientSession() as other:
            statuses = []
            for query, headers in (
                (f"state={state}&code=x", cookie),  # used before
                (f"state={state}&code=x", {}),  # another browser
                ("state=made-up&code=x", {"Cookie": "bantline_slack_install=made-up"}),
                ("state=&code=x", {"Cookie": "bantline_slack_install="}),
                ("code=x", {}),
            ):
                async with other.get(f"{url}/slack/oauth_redirect?{query}", headers=headers) as answer:
                    statuses.append(answer.status)
            async with other.get(f"{url}/slack/install", allow_redirects=False) as begun:
                fresh = parse_qs(urlsplit(begun.headers["Location"]).query)["state"][0]
            clock.now += timedelta(minutes=11)
            late = {"Cookie": f"bantline_slack_install={fresh}"}
            async with other.get(f"{url}/slack/oauth_redirect?state={fresh}&code=x", headers=late) as answer:
                statuses.append(answer.status)
        assert statuses == [400] * 6
        assert len(installed(bench)) == 1


async def test_a_code_slack_does_not_know_installs_nothing(
    make_services: Callable[..., Services], clock: Clock
) -> None:
    async with by_link(make_services, clock) as (bench, url), aiohttp.ClientSession() as browser:
        async with browser.get(f"{url}/slack/install", allow_redirects=False) as begun:
            state = parse_qs(urlsplit(begun.headers["Location"]).query)["state"][0]
        cookie = {"Cookie": f"bantline_slack_install={state}"}
        async with browser.get(f"{url}/slack/oauth_redirect?state={state}&code=guess", headers=cookie) as answer:
            assert answer.status == 502
        assert installed(bench) == []


async def test_removing_the_app_takes_its_token_out_of_the_database(
    make_services: Callable[..., Services], clock: Clock
) -> None:
    async with by_link(make_services, clock) as (bench, url):
        await install(url)
        await bench.person("yuki").slash("/lead", "mine")
        bench.workspace.uninstall()
        await bench.server.settled()
        assert [row.bot_token for row in installed(bench)] == [""]
        assert await Workspaces(bench.services).token() is None
        await install(url)
        await bench.person("yuki").slash("/lead", "mine")
        assert installed(bench)[0].bot_token.startswith("xoxb-installed-")


async def test_what_another_process_hears_of_the_app_is_known_here_within_a_minute(
    make_services: Callable[..., Services], clock: Clock
) -> None:
    async with by_link(make_services, clock, TEAM, SISTER) as (bench, _):
        await installs_itself_in_the_sister(bench)
        minutes = [0.0]
        here, there = Workspaces(bench.services, ticks=lambda: minutes[0] * 60), Workspaces(bench.services)

        async def token() -> str | None:
            found = await here.find(SISTER)
            return found.bot_token if found else None

        assert await token() == "xoxb-sister"
        await there.forget(SISTER)
        minutes[0] += 1
        assert await token() is None
        await there.keep({"team_id": SISTER, "bot_token": "xoxb-anew"})
        assert await token() == "xoxb-anew"
        await there.keep({"team_id": SISTER, "bot_token": "xoxb-newest"})
        minutes[0] += 1
        assert await token() == "xoxb-newest"


@pytest.mark.parametrize("page", ["/slack/install", "/slack/oauth_redirect"])
async def test_the_pages_are_not_there_with_a_token_in_the_settings(bench: Bench, page: str) -> None:
    assert bench.door.installing is None, page


async def test_a_home_is_drawn_by_the_workspace_it_was_opened_in_whoever_caused_the_change(
    make_services: Callable[..., Services], clock: Clock
) -> None:
    async with by_link(make_services, clock, TEAM, SISTER) as (bench, url):
        await install(url)
        await installs_itself_in_the_sister(bench)
        sora = bench.workspace.add_user("sora", real_name="空 美咲", locale="ja-JP", team_id=SISTER)
        bench.person("sora").opens_home()
        await bench.person("sora").waits_for_home("対応待ちのリードはありません。")
        lead_id = await bench.has_lead(company="空き")
        await bench.person("sora").waits_for_home("空き")
        await bench.person("yuki").clicks("担当する", on=bench.card(lead_id))
        await bench.settle()
        assert "空き" not in all_words((await bench.person("sora").waits_for_home("対応待ち")).blocks)
        assert [call.error for call in bench.workspace.calls if call.args.get("user_id") == sora.id] == [None] * 3


async def test_where_the_app_was_removed_no_home_is_drawn_any_more(
    make_services: Callable[..., Services], clock: Clock
) -> None:
    async with by_link(make_services, clock, TEAM, SISTER) as (bench, url):
        await install(url)
        await installs_itself_in_the_sister(bench)
        sora = bench.workspace.add_user("sora", real_name="空 美咲", locale="ja-JP", team_id=SISTER)
        bench.person("sora").opens_home()
        await bench.person("sora").waits_for_home("対応待ちのリードはありません。")
        bench.person("yuki").opens_home()
        await bench.person("yuki").waits_for_home("対応待ちのリードはありません。")

        await bench.services.store.run(lambda tx: forget_workspace(tx, SISTER))
        before = len(bench.workspace.calls)
        await bench.has_lead(company="空き")
        await bench.person("yuki").waits_for_home("空き")
        await bench.settle()
        drawn = [call.args["user_id"] for call in bench.workspace.calls[before:] if call.method == "views.publish"]
        assert set(drawn) == {YUKI}, f"and none for {sora.id}"
