"""Write the shipped model: Hugging Face's Qwen3 names in F16, its configuration, and test vectors.

Usage: python export.py CHECKPOINT OUT_DIR
"""
import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from attempts import Settings
from data import PROMPT, encode, load_tokenizer
from model import Config, Model

CHAT_TEMPLATE = (
    "{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}"
    "{%- endfor %}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
)


def to_hf(model: Model) -> dict[str, torch.Tensor]:
    """Float16 tensors under Hugging Face's names."""
    c = model.c
    q, kv = c.heads * c.head_dim, c.kv_heads * c.head_dim
    out = {"model.embed_tokens.weight": model.embed, "model.norm.weight": model.norm}
    for i, b in enumerate(model.blocks):
        wq, wk, wv = b.qkv.split([q, kv, kv])
        gate, up = b.up.chunk(2)
        names = {
            "input_layernorm": b.n1, "post_attention_layernorm": b.n2, "self_attn.q_norm": b.qn,
            "self_attn.k_norm": b.kn, "self_attn.q_proj": wq, "self_attn.k_proj": wk, "self_attn.v_proj": wv,
            "self_attn.o_proj": b.o, "mlp.gate_proj": gate, "mlp.up_proj": up, "mlp.down_proj": b.down,
        }
        out |= {f"model.layers.{i}.{n}.weight": w for n, w in names.items()}
    return {n: w.detach().to(torch.float16).contiguous() for n, w in out.items()}


def from_hf(folder: Path) -> Model:
    """The model of an exported folder, its F16 weights widened to float32."""
    h = json.loads((folder / "config.json").read_text())
    c = Config(
        vocab=h["vocab_size"], width=h["hidden_size"], layers=h["num_hidden_layers"], heads=h["num_attention_heads"],
        kv_heads=h["num_key_value_heads"], head_dim=h["head_dim"], ffn=h["intermediate_size"],
        theta=h["rope_theta"], max_positions=h["max_position_embeddings"], eps=h["rms_norm_eps"],
    )
    model, t = Model(c), {n: w.float() for n, w in load_file(folder / "model.safetensors").items()}
    with torch.no_grad():
        model.embed.copy_(t["model.embed_tokens.weight"])
        model.norm.copy_(t["model.norm.weight"])
        for i, b in enumerate(model.blocks):
            w = lambda n: t[f"model.layers.{i}.{n}.weight"]  # noqa: E731
            b.qkv.copy_(torch.cat([w("self_attn.q_proj"), w("self_attn.k_proj"), w("self_attn.v_proj")]))
            b.up.copy_(torch.cat([w("mlp.gate_proj"), w("mlp.up_proj")]))
            b.o.copy_(w("self_attn.o_proj")), b.down.copy_(w("mlp.down_proj"))
            b.n1.copy_(w("input_layernorm")), b.n2.copy_(w("post_attention_layernorm"))
            b.qn.copy_(w("self_attn.q_norm")), b.kn.copy_(w("self_attn.k_norm"))
    return model


@torch.no_grad()
def logprobs(model: Model, ids: list[int]) -> list[float]:
    """Natural-log probability of each token given those before it, float32; one fewer than the ids."""
    p = model.logits(model.states(torch.tensor([ids]), torch.float32)).log_softmax(-1)[0, :-1]
    return p[torch.arange(len(ids) - 1), torch.tensor(ids[1:])].tolist()


def vectors(model: Model, tok: Tokenizer, data: Path) -> dict:
    """Reference values for the engine and for other tokenisers."""
    sequences, texts = [], []
    for pool in ("solve2", "solve0", "verify1", "hint2", "reflect2"):
        with (data / f"{pool}.jsonl").open() as f:
            row = json.loads(f.readline())
        text = PROMPT.format(row["user"]) + row["assistant"] + "<|im_end|>"
        texts += [text, row["assistant"]]
        ids = encode(tok, [text])[0]
        sequences.append({"name": pool, "ids": ids, "logprobs": [round(x, 6) for x in logprobs(model, ids)]})
    solution = texts[1].split("\n\n")
    texts += ["\n\n".join(solution[:2]), "\n\n".join(solution[:2]) + "\n\n", "$\n\n", "}$\n\n", ".\n\n", "=\\boxed{66}$",
              "Häagen — naïve 漢字 12,345.6\r\n\ttab", "  two  spaces ", "don't"]
    return {
        "about": "Natural-log probabilities of ids[1:] given the ids before, float32 over the F16 weights; "
        "text to ids without added special tokens.",
        "sequences": sequences,
        "texts": [{"text": t, "ids": i} for t, i in zip(texts, encode(tok, texts))],
    }


def main() -> None:
    checkpoint, out = Path(sys.argv[1]), Path(sys.argv[2])
    here = Path(__file__).resolve().parent
    tok = load_tokenizer(out)
    c = Config(vocab=(tok.get_vocab_size() + 31) // 32 * 32)
    model = Model(c)
    model.load_state_dict(torch.load(checkpoint)["model"])
    save_file(to_hf(model), out / "model.safetensors", metadata={"format": "pt"})
    ids = {t: tok.token_to_id(t) for t in ("<|endoftext|>", "<|im_start|>", "<|im_end|>")}
    s = Settings()

    def write(name: str, value: dict) -> None:
        (out / name).write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")

    write("config.json", {
        "architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "vocab_size": c.vocab, "hidden_size": c.width,
        "intermediate_size": c.ffn, "num_hidden_layers": c.layers, "num_attention_heads": c.heads,
        "num_key_value_heads": c.kv_heads, "head_dim": c.head_dim, "hidden_act": "silu", "rms_norm_eps": c.eps,
        "rope_theta": c.theta, "rope_scaling": None, "max_position_embeddings": c.max_positions,
        "attention_bias": False, "attention_dropout": 0.0, "tie_word_embeddings": True, "use_sliding_window": False,
        "sliding_window": None, "max_window_layers": c.layers, "initializer_range": 0.02, "use_cache": True,
        "bos_token_id": None, "eos_token_id": ids["<|im_end|>"], "pad_token_id": ids["<|endoftext|>"],
        "dtype": "float16", "torch_dtype": "float16",
    })
    write("tokenizer_config.json", {
        "tokenizer_class": "Qwen2Tokenizer", "add_bos_token": False, "add_prefix_space": False, "bos_token": None,
        "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>", "unk_token": None, "errors": "replace",
        "split_special_tokens": False, "clean_up_tokenization_spaces": False, "model_max_length": c.max_positions,
        "additional_special_tokens": ["<|im_start|>", "<|im_end|>"],
        "added_tokens_decoder": {
            str(i): {"content": t, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False,
                     "special": True} for t, i in ids.items()
        },
        "chat_template": CHAT_TEMPLATE,
    })
    write("generation_config.json", {
        "do_sample": True, "temperature": s.temperature, "top_p": s.top_p, "top_k": 0,
        "eos_token_id": [ids["<|im_end|>"], ids["<|endoftext|>"]], "pad_token_id": ids["<|endoftext|>"],
    })
    back = from_hf(out)
    (out / "vectors.json").write_text(json.dumps(vectors(back, tok, here / ".work" / "data"), ensure_ascii=False) + "\n")
    print(sum(p.numel() for p in back.parameters()), "parameters;",
          sum(f.stat().st_size for f in out.iterdir()) // 1000, "kB")


if __name__ == "__main__":
    main()
