//! Detects model servers on this machine by their default ports.

use std::thread;

use serde_json::Value;

use crate::probe;

/// Name and default port. All implement OpenAI's API under `/v1`.
const SERVERS: [(&str, u16); 3] = [("Ollama", 11_434), ("LM Studio", 1_234), ("llama.cpp", 8_080)];

/// A running model server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalModel {
    pub server: &'static str,
    pub port: u16,
    /// The selected model.
    pub name: String,
}

impl LocalModel {
    /// The value of `MODEL_BASE_URL`.
    pub fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }
}

/// The first server that responds and has a chat model. `wanted` selects one of its models.
pub fn find(wanted: Option<&str>) -> Option<LocalModel> {
    // Probed in parallel, so that timeouts do not add up.
    let probes = SERVERS.map(|(server, port)| {
        (
            server,
            port,
            thread::spawn(move || probe::json(port, "/v1/models")),
        )
    });
    probes.into_iter().find_map(|(server, port, answer)| {
        let name = choose(&answer.join().ok()??, wanted)?;
        Some(LocalModel { server, port, name })
    })
}

/// A model in the response of `GET /v1/models`: the wanted one, or the first that is not for embeddings.
fn choose(list: &Value, wanted: Option<&str>) -> Option<String> {
    let ids = list.get("data")?.as_array()?.iter();
    let mut ids = ids.filter_map(|model| model.get("id")?.as_str());
    let chosen = match wanted {
        Some(wanted) => ids.find(|id| *id == wanted),
        None => ids.find(|id| !id.contains("embed")),
    };
    chosen.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn embedding_models_are_not_selected() {
        let list = json!({"object": "list", "data": [{"id": "nomic-embed-text"}, {"id": "llama3.2:3b"}, {"id": "qwen3"}]});
        assert_eq!(choose(&list, None).as_deref(), Some("llama3.2:3b"));
        assert_eq!(choose(&list, Some("qwen3")).as_deref(), Some("qwen3"));
        assert_eq!(choose(&list, Some("gemma")), None);
    }

    #[test]
    fn other_programs_on_these_ports_are_not_model_servers() {
        for answer in [
            json!({}),
            json!([]),
            json!({"data": "none"}),
            json!({"data": [{"name": "x"}]}),
        ] {
            assert_eq!(choose(&answer, None), None);
        }
    }
}
