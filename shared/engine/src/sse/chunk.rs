//! Parses a `chat.completion.chunk` of OpenAI, OpenRouter, vLLM, SGLang and DeepSeek.

use serde::Deserialize;
use serde_json::Value;

use super::{ModelEvent, Usage};

/// The longest error message for the log, in characters.
const ERROR_CHARS_MAX: usize = 500;

#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Option<Vec<Choice>>,
    #[serde(default)]
    usage: Option<Value>,
    #[serde(default)]
    error: Option<Value>,
    #[serde(default)]
    object: Option<Value>,
    #[serde(default)]
    message: Option<Value>,
    #[serde(default)]
    code: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    delta: Option<Delta>,
    #[serde(default)]
    finish_reason: Option<Value>,
}

/// The fields are values, not strings, so that a field of another type does not fail the whole chunk.
#[derive(Deserialize)]
struct Delta {
    #[serde(default)]
    content: Option<Value>,
    #[serde(default)]
    refusal: Option<Value>,
    #[serde(default)]
    reasoning_content: Option<Value>,
    #[serde(default)]
    reasoning: Option<Value>,
    #[serde(default)]
    reasoning_text: Option<Value>,
}

/// Appends the events of a chunk.
pub(super) fn parse(data: &[u8], events: &mut Vec<ModelEvent>) {
    // Some proxies send keep-alives such as `data: ping` or an empty `data:`.
    if data.first() != Some(&b'{') {
        return;
    }
    let Ok(chunk) = serde_json::from_str::<Chunk>(&String::from_utf8_lossy(data)) else {
        events.push(ModelEvent::Error {
            message: "an event of the stream is not a chunk".to_owned(),
            status: None,
        });
        return;
    };
    if let Some(choice) = chunk.choices.and_then(|choices| choices.into_iter().next()) {
        read_choice(choice, events);
    }
    if let Some(usage) = chunk.usage.as_ref().and_then(usage) {
        events.push(ModelEvent::Usage(usage));
    }
    match chunk.error {
        Some(Value::Null) | None => {
            if chunk.object.as_ref().and_then(Value::as_str) == Some("error") {
                events.push(error(chunk.message.as_ref(), chunk.code.as_ref()));
            }
        }
        Some(Value::Object(fields)) => {
            events.push(error(
                fields.get("message"),
                fields.get("code").or(fields.get("status")),
            ));
        }
        Some(other) => events.push(error(Some(&other), None)),
    }
}

fn read_choice(choice: Choice, events: &mut Vec<ModelEvent>) {
    if let Some(delta) = choice.delta {
        // One provider sends the same reasoning in two fields; the first non-empty one is used.
        let reasoning = [delta.reasoning_content, delta.reasoning, delta.reasoning_text]
            .into_iter()
            .filter_map(text)
            .next();
        events.extend(reasoning.map(ModelEvent::Reasoning));
        events.extend(
            delta
                .content
                .and_then(|content| text(Some(content)))
                .map(ModelEvent::Text),
        );
        events.extend(text(delta.refusal).map(ModelEvent::Refusal));
    }
    if let Some(Value::String(reason)) = choice.finish_reason
        && !reason.is_empty()
    {
        events.push(ModelEvent::Finish(reason));
    }
}

/// A string, or the `text` of a list of typed items, without NUL, which Postgres text cannot hold.
fn text(value: Option<Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) if text.contains('\0') => text.replace('\0', ""),
        Value::String(text) => text,
        Value::Array(items) => items
            .iter()
            .filter_map(|item| item.get("text")?.as_str())
            .collect(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn usage(value: &Value) -> Option<Usage> {
    let fields = value.as_object()?;
    let count = |name| {
        fields
            .get(name)
            .and_then(Value::as_u64)
            .map_or(0, |count| u32::try_from(count).unwrap_or(u32::MAX))
    };
    let (prompt_tokens, completion_tokens) = (count("prompt_tokens"), count("completion_tokens"));
    let sum = prompt_tokens.saturating_add(completion_tokens);
    Some(Usage {
        prompt_tokens,
        completion_tokens,
        total_tokens: count("total_tokens").max(sum),
    })
}

fn error(message: Option<&Value>, code: Option<&Value>) -> ModelEvent {
    let as_text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        other => Some(other.to_string()),
    };
    let message = message.and_then(as_text).or_else(|| code.and_then(as_text));
    let status = code.and_then(|code| code.as_u64().or_else(|| code.as_str()?.parse().ok()));
    ModelEvent::Error {
        message: message.map_or_else(
            || "no reason given".to_owned(),
            |message| message.replace('\0', "").chars().take(ERROR_CHARS_MAX).collect(),
        ),
        status: status.and_then(|code| u16::try_from(code).ok()),
    }
}
