"""Every kind of message that Telegram knows, as the bot gets it."""

from __future__ import annotations

from typing import Any, Final

from tests.bot_api import Json
from tests.bot_api.validation import Schema

FILE = {"file_id": "f", "file_unique_id": "f"}
SIZE = {"width": 2, "height": 2}
PHOTO = [{**FILE, **SIZE}]
PLACE = {"latitude": 1.0, "longitude": 2.0}
PERSON = {"id": 7, "is_bot": False, "first_name": "Somebody"}
CHAT = {"id": 8, "type": "private", "first_name": "Somebody"}

ANSWERED: Final[dict[str, tuple[Json, str]]] = {
    "voice": ({"voice": {**FILE, "duration": 2}}, "can't listen"),
    "audio": ({"audio": {**FILE, "duration": 2}}, "can't listen"),
    "video_note": ({"video_note": {**FILE, "duration": 2, "length": 9}}, "can't listen"),
    "photo": ({"photo": PHOTO}, "can't see pictures"),
    "video": ({"video": {**FILE, **SIZE, "duration": 2}}, "can't see pictures"),
    "animation": (
        {"animation": {**FILE, **SIZE, "duration": 2}, "document": FILE},
        "can't see pictures",
    ),
    "paid_media": (
        {"paid_media": {"star_count": 1, "paid_media": [{"type": "photo", "photo": PHOTO}]}},
        "can't see pictures",
    ),
    "document": ({"document": FILE}, "can't open files"),
    "sticker": (
        {
            "sticker": {
                **FILE,
                **SIZE,
                "type": "regular",
                "is_animated": False,
                "is_video": False,
            }
        },
        "only understand words",
    ),
    "location": ({"location": PLACE}, "country's name"),
    "venue": (
        {"venue": {"location": PLACE, "title": "x", "address": "x"}, "location": PLACE},
        "country's name",
    ),
    "contact": ({"contact": {"phone_number": "1", "first_name": "x"}}, "anybody's number"),
    "poll": (
        {
            "poll": {
                "id": "1",
                "question": "does ldn help?",
                "options": [],
                "total_voter_count": 0,
                "is_closed": False,
                "is_anonymous": True,
                "type": "regular",
                "allows_multiple_answers": False,
                "allows_revoting": False,
                "members_only": False,
            }
        },
        "can't vote",
    ),
    "dice": ({"dice": {"emoji": "🎲", "value": 3}}, "Nice throw"),
    "story": ({"story": {"id": 1, "chat": CHAT}}, "can't see stories"),
    "game": ({"game": {"title": "x", "description": "x", "photo": PHOTO}}, "can't play games"),
    "checklist": (
        {"checklist": {"title": "x", "tasks": [{"id": 1, "text": "x"}]}},
        "lists to tick off",
    ),
    "live_photo": ({"live_photo": {**FILE, **SIZE, "duration": 2}}, "can't see pictures"),
    "rich_message": ({"rich_message": {"blocks": []}}, "as plain text"),
    "invoice": (
        {
            "invoice": {
                "title": "x",
                "description": "x",
                "start_parameter": "x",
                "currency": "XTR",
                "total_amount": 1,
            }
        },
        "can only read words",
    ),
    "giveaway": (
        {"giveaway": {"chats": [CHAT], "winners_selection_date": 1, "winner_count": 1}},
        "can only read words",
    ),
    "giveaway_winners": (
        {
            "giveaway_winners": {
                "chat": CHAT,
                "giveaway_message_id": 1,
                "winners_selection_date": 1,
                "winner_count": 1,
                "winners": [PERSON],
            }
        },
        "can only read words",
    ),
    "hologram_of_the_future": ({"hologram_of_the_future": {}}, "can only read words"),
}
"""What people send without words for the bot, by its field, and what a part of the answer is."""

_STICKER = {**FILE, **SIZE, "type": "regular", "is_animated": False, "is_video": False}
_PAID = {
    "currency": "XTR",
    "total_amount": 1,
    "invoice_payload": "x",
    "telegram_payment_charge_id": "x",
}
_GIFT = {"gift": {"id": "1", "sticker": _STICKER, "star_count": 1}}
_UNIQUE_GIFT = {
    "gift_id": "1",
    "base_name": "x",
    "name": "x",
    "number": 1,
    "model": {"name": "x", "sticker": _STICKER, "rarity_per_mille": 1},
    "symbol": {"name": "x", "sticker": _STICKER, "rarity_per_mille": 1},
    "backdrop": {
        "name": "x",
        "colors": {"center_color": 1, "edge_color": 1, "symbol_color": 1, "text_color": 1},
        "rarity_per_mille": 1,
    },
}
_POLL_OPTION = {"option_persistent_id": "1", "option_text": "does ldn help?"}
_PASSPORT = {"data": [], "credentials": {"data": "x", "hash": "x", "secret": "x"}}

NOTICES: Final[dict[str, Any]] = {
    "new_chat_members": [PERSON],
    "left_chat_member": PERSON,
    "chat_owner_left": {},
    "chat_owner_changed": {"new_owner": PERSON},
    "new_chat_title": "does ldn help?",
    "new_chat_photo": PHOTO,
    "delete_chat_photo": True,
    "group_chat_created": True,
    "supergroup_chat_created": True,
    "channel_chat_created": True,
    "message_auto_delete_timer_changed": {"message_auto_delete_time": 86400},
    "migrate_to_chat_id": -9,
    "migrate_from_chat_id": -9,
    "pinned_message": {"message_id": 1, "date": 0, "chat": CHAT},
    "successful_payment": {**_PAID, "provider_payment_charge_id": "x"},
    "refunded_payment": _PAID,
    "users_shared": {"request_id": 1, "users": [{"user_id": 7}]},
    "chat_shared": {"request_id": 1, "chat_id": 8},
    "gift": _GIFT,
    "unique_gift": {"gift": _UNIQUE_GIFT, "origin": "upgrade"},
    "gift_upgrade_sent": _GIFT,
    "connected_website": "example.org",
    "write_access_allowed": {},
    "passport_data": _PASSPORT,
    "proximity_alert_triggered": {"traveler": PERSON, "watcher": PERSON, "distance": 1},
    "boost_added": {"boost_count": 1},
    "chat_background_set": {"type": {"type": "chat_theme", "theme_name": "x"}},
    "checklist_tasks_done": {"marked_as_done_task_ids": [1]},
    "checklist_tasks_added": {"tasks": [{"id": 1, "text": "x"}]},
    "direct_message_price_changed": {"are_direct_messages_enabled": False},
    "forum_topic_created": {"name": "x", "icon_color": 1},
    "forum_topic_edited": {},
    "forum_topic_closed": {},
    "forum_topic_reopened": {},
    "general_forum_topic_hidden": {},
    "general_forum_topic_unhidden": {},
    "giveaway_created": {},
    "giveaway_completed": {"winner_count": 1},
    "managed_bot_created": {"bot": {**PERSON, "is_bot": True}},
    "paid_message_price_changed": {"paid_message_star_count": 1},
    "poll_option_added": _POLL_OPTION,
    "poll_option_deleted": _POLL_OPTION,
    "suggested_post_approved": {"send_date": 1},
    "suggested_post_approval_failed": {"price": {"currency": "XTR", "amount": 5}},
    "suggested_post_declined": {},
    "suggested_post_paid": {"currency": "XTR"},
    "suggested_post_refunded": {"reason": "post_deleted"},
    "video_chat_scheduled": {"start_date": 1},
    "video_chat_started": {},
    "video_chat_ended": {"duration": 1},
    "video_chat_participants_invited": {"users": [PERSON]},
    "web_app_data": {"data": "x", "button_text": "x"},
}
"""What Telegram tells about a chat in the form of a message: no answer."""

WORDS: Final = {"text", "caption"}
"""What is read."""

DETAILS: Final = {
    "message_id", "message_thread_id", "direct_messages_topic", "from", "sender_chat",
    "sender_boost_count", "sender_business_bot", "sender_tag", "date", "guest_query_id",
    "business_connection_id", "chat", "forward_origin", "is_topic_message",
    "is_automatic_forward", "reply_to_message", "external_reply", "quote", "reply_to_story",
    "reply_to_checklist_task_id", "reply_to_poll_option_id", "via_bot", "guest_bot_caller_user",
    "guest_bot_caller_chat", "edit_date", "has_protected_content", "is_from_offline",
    "is_paid_post", "media_group_id", "author_signature", "paid_star_count", "entities",
    "link_preview_options", "suggested_post_info", "effect_id", "caption_entities",
    "show_caption_above_media", "has_media_spoiler", "reply_markup",
}  # fmt: skip
"""What only comes with one of the others."""


def fields_of_messages() -> set[str]:
    """The fields of a message in the published Bot API."""
    fields = Schema().types["Message"]
    assert isinstance(fields, dict)
    return set(fields)
