"""What a manager sees on Home beside a rep's own list: who is late, what each rep carries, what nobody has."""

from bot.sandbox.driver import all_words, pressable_labels
from tests.desk import KEN, YUKI, Bench


async def test_a_manager_sees_who_is_late_and_what_each_rep_carries_and_a_rep_does_not(bench: Bench) -> None:
    for name in ("yuki", "ken"):
        bench.person(name).opens_home()
    await bench.settle()
    await bench.has_lead(company="遅れ", owner=YUKI)
    bench.clock.advance(hours=4)
    await bench.has_lead(company="余裕", owner=YUKI)
    await bench.has_lead(company="別の", owner=KEN)
    megumi = bench.person("megumi")
    megumi.opens_home()
    home = await megumi.waits_for_home("チームの状況")
    words = all_words(home.blocks)
    assert "山田 由紀：対応待ち 2件（うち期限超過 1件）" in words
    assert "Ken Miller：対応待ち 1件（うち期限超過 0件）" in words
    late = words[words.index("期限超過・まもなく期限のリード") :]
    assert "遅れ 山田" in late
    assert "主担当：山田 由紀さん" in late
    assert "余裕" not in late
    yuki = bench.person("yuki")
    yuki.opens_home()
    assert "チームの状況" not in all_words((await yuki.waits_for_home("遅れ")).blocks)


async def test_a_late_lead_that_nobody_has_stands_once_on_a_managers_home_with_all_they_may_do(bench: Bench) -> None:
    for name in ("yuki", "ken"):
        bench.person(name).opens_home()
    await bench.settle()
    await bench.has_lead(company="空き")
    await bench.has_lead(company="遅れ", owner=YUKI)
    bench.clock.advance(hours=4)
    await bench.settle()
    megumi = bench.person("megumi")
    megumi.opens_home()
    home = await megumi.waits_for_home("遅れ 山田")
    words = all_words(home.blocks)
    assert words.count("空き 山田") == 1
    assert words.index("担当者未定のリード") < words.index("空き 山田") < words.index("チームの状況")
    assert pressable_labels(home.blocks) == ["担当する", "担当を変更", "担当を変更"]


async def test_a_manager_under_whose_list_of_nobodys_leads_nothing_else_is_late_reads_no_empty_list(
    bench: Bench,
) -> None:
    await bench.has_lead(company="空き")
    bench.clock.advance(hours=4)
    await bench.settle()
    megumi = bench.person("megumi")
    megumi.opens_home()
    home = await megumi.waits_for_home("担当者未定：対応待ち 1件（うち期限超過 1件）")
    assert "期限超過・まもなく期限のリード" not in all_words(home.blocks)
