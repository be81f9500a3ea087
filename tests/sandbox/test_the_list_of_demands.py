"""What a strict stand-in has to demand, and the test that shows it does: nothing on the list goes without one."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent

DEMANDS = {
    "token kinds": "the_app_token_cannot_post_and_the_bot_token_cannot_open_a_socket",
    "a token that is missing, unknown or revoked": "a_call_without_a_good_token_is_refused",
    "scopes per method": "a_missing_scope_is_named_with_what_is_there",
    "scopes per kind of channel": "history_needs_the_scope_of_that_kind_of_channel",
    "unknown_method": "a_method_slack_does_not_know_is_refused",
    "membership": "the_app_posts_only_where_it_is_a_member",
    "is_archived": "an_archived_channel_takes_neither_posts_nor_edits",
    "cant_update_message": "the_app_edits_and_deletes_only_its_own_messages",
    "triggers: 3 seconds, once": "a_trigger_opens_one_view_within_three_seconds",
    "push_limit_reached": "views_stack_three_deep",
    "hash_conflict of a modal": "an_update_with_an_old_hash_conflicts",
    "hash_conflict of Home": "home_knows_hash_conflicts_too",
    "duplicate_external_id": "an_external_id_names_one_open_view",
    "view_too_large": "a_view_above_250_kilobytes_is_too_large",
    "response_url: 5 posts in 30 minutes": "a_response_url_works_five_times_in_thirty_minutes",
    "Block Kit limits of messages": "a_block_limit_holds_exactly",
    "Block Kit limits of views": "a_view_limit_holds_exactly",
    "Block Kit limits of what an external select offers": "a_limit_of_what_an_external_select_offers_holds_exactly",
    "Slack's own error shape": "refused_blocks_come_back_with_a_pointer_and_nothing_was_posted",
    "blocks.validate": "the_validator_method_lists_pointer_code_and_message",
    "slack_sdk's models as a second opinion": "slack_s_own_models_agree_where_they_look",
    "all the text of one message": "all_the_text_of_one_message_has_a_limit_too",
    "rate limits per channel, with Retry-After": "posting_faster_than_the_channel_takes_is_429_with_seconds_to_wait",
    "rate limits per method": "a_method_of_tier_three_takes_fifty_calls_a_minute",
    "scheduling limits": "scheduled_messages_have_limits_and_with_metadata_never_come",
    "the v0 signature": "every_request_is_signed_as_slack_signs",
    "redelivery at 0, 1 and 5 minutes": "an_event_that_fails_comes_again_at_once_after_a_minute_and_after_five",
    "X-Slack-No-Retry": "an_answer_with_no_retry_ends_it",
    "3 seconds to acknowledge": "an_app_that_is_too_slow_has_not_answered",
    "redelivery over Socket Mode": "an_event_without_acknowledgement_comes_again_with_its_attempt",
    "one connection for each envelope": "each_envelope_goes_to_one_connection_only",
    "ten connections": "there_are_never_more_than_ten_connections",
    "refresh_requested": "an_app_told_to_reconnect_opens_a_new_connection_and_goes_on",
    "a connection that breaks": "an_app_whose_connection_was_cut_comes_back",
    "ping and pong": "the_pong_carries_the_ping_s_own_words",
    "duplicates": "a_payload_can_be_delivered_several_times",
    "out of order": "events_can_be_delivered_out_of_order",
    "echo of the app's own posts": "the_app_hears_its_own_posts_edits_and_deletions",
    "thread_broadcast": "a_reply_sent_to_the_channel_arrives_as_a_broadcast",
    "app_home_opened.tab": "opening_home_tells_the_tab_and_shows_what_is_published",
    "containers of messages and views": "a_press_in_a_view",
    "ephemeral messages": "an_ephemeral_message_can_neither_be_edited_nor_read_back",
    "text as Slack writes it": "what_a_person_typed_is_told_as_slack_writes_it",
    "chat.update with text alone": "an_edit_with_text_alone_removes_the_blocks_and_marks_the_message",
    "metadata only when asked for": "metadata_comes_back_only_when_it_is_asked_for",
    "deactivated people": "a_direct_message_reaches_a_person_but_no_bot_and_nobody_deactivated",
    "arguments by query, form and JSON": "arguments_come_by_query_by_form_and_by_json",
    "faults on demand": "a_method_fails_as_often_as_it_was_told",
    "an answer that is lost": "a_dropped_call_did_nothing_and_an_accepted_one_did",
    "a history that lags": "history_can_lag_behind_an_accepted_post",
    "a clock to set, ids that repeat": "the_same_run_gives_the_same_ids_and_times",
    "OAuth: a code works once": "a_code_becomes_a_token_once_and_only_for_the_app_it_was_given_to",
    "people who change": "the_app_hears_who_changed_and_who_left_a_group",
    "the app removed": "an_app_that_is_removed_hears_it_and_its_tokens_are_dead",
}


@pytest.mark.parametrize("demand", DEMANDS)
def test_the_demand_has_its_test(demand: str) -> None:
    source = "".join(path.read_text("utf-8") for path in HERE.glob("test_*.py"))
    assert f"def test_{DEMANDS[demand]}(" in source
