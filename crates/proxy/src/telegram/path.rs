//! What a path asks for, and whether this front passes it on. Pure: owns the allow list of methods and the rule for file paths.

/// A path of the front, taken apart. Nothing here is trusted yet.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked<'a> {
    /// What stands where a bot token stands.
    pub(super) token: &'a str,
    /// What it asks for.
    pub(super) target: Target<'a>,
}

/// Method call or file download.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target<'a> {
    /// `/bot<token>/<method>`.
    Method(&'a str),
    /// `/file/bot<token>/<path>`.
    File(&'a str),
}

/// What happens to a method.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Passed on under this spelling, so that no odd letter case of the instance's reaches Telegram.
    Pass(&'static str),
    /// The long poll.
    Poll,
    /// Refused, with the description to give.
    Refuse(&'static str),
    /// Not known here.
    Unknown,
}

/// What the bot's owner may do through OpenClaw: all that release 2026.9.6 calls, and its neighbours that read or that send and change the
/// bot's own messages, topics and profile. Left out: payments, gifts, stories, business accounts, moderation of other people.
const ALLOWED: &[&str] = &[
    "getMe",
    "getWebhookInfo",
    "deleteWebhook",
    "getFile",
    "getChat",
    "getChatMember",
    "getChatMemberCount",
    "getChatAdministrators",
    "getUserProfilePhotos",
    "getStickerSet",
    "getCustomEmojiStickers",
    "getForumTopicIconStickers",
    "getMyCommands",
    "setMyCommands",
    "deleteMyCommands",
    "getMyName",
    "setMyName",
    "getMyDescription",
    "setMyDescription",
    "getMyShortDescription",
    "setMyShortDescription",
    "getChatMenuButton",
    "setChatMenuButton",
    "sendMessage",
    "sendMessageDraft",
    "sendRichMessage",
    "sendRichMessageDraft",
    "sendChatAction",
    "sendPhoto",
    "sendDocument",
    "sendAudio",
    "sendVideo",
    "sendVoice",
    "sendVideoNote",
    "sendAnimation",
    "sendSticker",
    "sendMediaGroup",
    "sendLocation",
    "sendVenue",
    "sendContact",
    "sendPoll",
    "sendDice",
    "stopPoll",
    "forwardMessage",
    "copyMessage",
    "editMessageText",
    "editMessageCaption",
    "editMessageMedia",
    "editMessageReplyMarkup",
    "deleteMessage",
    "deleteMessages",
    "deleteBusinessMessages",
    "setMessageReaction",
    "pinChatMessage",
    "unpinChatMessage",
    "unpinAllChatMessages",
    "answerCallbackQuery",
    "answerInlineQuery",
    "createForumTopic",
    "editForumTopic",
    "closeForumTopic",
    "reopenForumTopic",
    "deleteForumTopic",
];

/// Would end polling or move the bot to another server: the front holds the poll, so these are not the instance's to call.
const REFUSED: &[(&str, &str)] = &[
    (
        "setWebhook",
        "Bad Request: webhooks are not available here; fetch updates with getUpdates",
    ),
    (
        "logOut",
        "Bad Request: logOut is not available here; disconnect the channel in the console",
    ),
    (
        "close",
        "Bad Request: close is not available here; disconnect the channel in the console",
    ),
];

/// Longest file path; Telegram's are near 40 characters.
const MAX_FILE_PATH: usize = 512;

/// Takes a path apart; `None` for anything that is not of the front.
pub(super) fn parse(path: &str) -> Option<Asked<'_>> {
    let rest = path.strip_prefix("/telegram/")?;
    if let Some(rest) = rest.strip_prefix("file/bot") {
        let (token, file) = rest.split_once('/')?;
        let target = Target::File(file);
        return Some(Asked { token, target });
    }
    let (token, method) = rest.strip_prefix("bot")?.split_once('/')?;
    let target = Target::Method(method);
    Some(Asked { token, target })
}

/// What happens to this method. Telegram takes any letter case, so we compare in any.
pub(super) fn judge(method: &str) -> Verdict {
    let same = |name: &&str| name.eq_ignore_ascii_case(method);
    if same(&"getUpdates") {
        return Verdict::Poll;
    }
    if let Some(name) = ALLOWED.iter().copied().find(same) {
        return Verdict::Pass(name);
    }
    let refused = REFUSED.iter().find(|(name, _)| same(name));
    refused.map_or(Verdict::Unknown, |(_, why)| Verdict::Refuse(why))
}

/// Whether a file path stays below the bot's own files: plain segments, no way up, no query, nothing smuggled in by percent-encoding.
pub(super) fn is_plain_file(path: &str) -> bool {
    path.len() <= MAX_FILE_PATH && path.split('/').all(is_plain_segment)
}

fn is_plain_segment(segment: &str) -> bool {
    if segment.is_empty() || segment == "." || segment == ".." {
        return false;
    }
    let mut bytes = segment.bytes();
    while let Some(byte) = bytes.next() {
        let fine = match byte {
            b'%' => is_harmless(bytes.next(), bytes.next()),
            b'.' | b'_' | b'-' | b'~' | b'(' | b')' => true,
            other => other.is_ascii_alphanumeric(),
        };
        if !fine {
            return false;
        }
    }
    true
}

/// Percent-encoded letters of other alphabets and a few signs that file names have; never one that means something in a path.
fn is_harmless(high: Option<u8>, low: Option<u8>) -> bool {
    let digit = |byte: Option<u8>| byte.and_then(|b| char::from(b).to_digit(16));
    let (Some(high), Some(low)) = (digit(high), digit(low)) else {
        return false;
    };
    let byte = high * 16 + low;
    byte >= 0x80 || b" ()".iter().any(|sign| u32::from(*sign) == byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_apart() {
        let asked = parse("/telegram/bot1:a/getMe").unwrap();
        assert_eq!(
            (asked.token, asked.target),
            ("1:a", Target::Method("getMe"))
        );
        let asked = parse("/telegram/file/bot1:a/photos/file_0.jpg").unwrap();
        assert_eq!(asked.target, Target::File("photos/file_0.jpg"));
        for foreign in [
            "/telegram/",
            "/telegram/bot1:a",
            "/bot1:a/getMe",
            "/telegram/x/getMe",
        ] {
            assert_eq!(parse(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn methods_pass_by_name_only() {
        assert_eq!(judge("SENDMESSAGE"), Verdict::Pass("sendMessage"));
        assert_eq!(judge("getupdates"), Verdict::Poll);
        for method in ["setWebhook", "SETWEBHOOK", "logout", "close"] {
            assert!(matches!(judge(method), Verdict::Refuse(_)), "{method}");
        }
        for method in [
            "",
            "sendMessage/",
            "test/getMe",
            "banChatMember",
            "sendInvoice",
            "%67etMe",
        ] {
            assert_eq!(judge(method), Verdict::Unknown, "{method}");
        }
    }

    /// Grepped from `dist` of openclaw 2026.9.6: every Bot API method its Telegram channel names.
    #[test]
    fn everything_openclaw_calls_passes() {
        for method in "answerCallbackQuery createForumTopic deleteBusinessMessages deleteMessage deleteMyCommands deleteWebhook \
             editForumTopic editMessageCaption editMessageReplyMarkup editMessageText getChat getChatMember getFile getMe \
             getWebhookInfo pinChatMessage sendChatAction sendLocation sendMediaGroup sendMessage sendPhoto sendPoll \
             sendRichMessage sendSticker sendVenue sendVoice sendDocument sendAudio sendVideo sendVideoNote sendAnimation \
             setMessageReaction setMyCommands unpinChatMessage"
            .split_whitespace()
        {
            assert!(matches!(judge(method), Verdict::Pass(_)), "{method}");
        }
    }

    #[test]
    fn file_paths_cannot_climb() {
        for good in [
            "photos/file_0.jpg",
            "documents/file_1.tar.gz",
            "voice/caf%C3%A9%20(1).oga",
        ] {
            assert!(is_plain_file(good), "{good}");
        }
        for bad in [
            "",
            "/",
            "/etc/passwd",
            "..",
            "a/../b",
            "a/..",
            "a//b",
            "a/./b",
            "%2e%2e/x",
            "a%2Fb",
            "a%5cb",
            "a%00",
            "a%3Fb",
            "a%",
            "a%zz",
            "a\\b",
            "a?b",
            "a#b",
            "a:b",
            "a@b",
            &"a".repeat(513),
        ] {
            assert!(!is_plain_file(bad), "{bad}");
        }
    }
}
