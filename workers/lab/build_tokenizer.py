"""Build the lab's tokenizer: byte-level BPE with Qwen2's pre-tokeniser and digits one by one.

Every word of the lab's world is one token, with and without its leading space where both occur. No merge joins
punctuation and a newline: a continuation begins right behind a finished paragraph (no newline yet), so the text up
to there must have the same tokens whether or not a newline follows.

Usage: python build_tokenizer.py DATA_DIR OUT_DIR
"""
import json
import re
import sys
from collections import Counter
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

QWEN2_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
ROLES = "user\nassistant\nsystem\n"


def byte_alphabet() -> dict[int, str]:
    """GPT-2's printable stand-in for each of the 256 bytes."""
    keep = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table = {b: chr(b) for b in keep}
    extra = 0
    for b in range(256):
        if b not in table:
            table[b] = chr(256 + extra)
            extra += 1
    return table


def learn_merges(pieces: list[str]) -> list[tuple[str, str]]:
    """Merge the commonest pair of the distinct pieces until each piece is one symbol; ties in text order."""
    words = [list(p) for p in pieces]
    merges: list[tuple[str, str]] = []
    while True:
        pairs = Counter(pair for w in words for pair in zip(w, w[1:]))
        if not pairs:
            return merges
        best = min(pairs, key=lambda p: (-pairs[p], p))
        merges.append(best)
        for w in words:
            i = 0
            while i < len(w) - 1:
                if (w[i], w[i + 1]) == best:
                    w[i : i + 2] = [w[i] + w[i + 1]]
                else:
                    i += 1


def build(texts: list[str]) -> Tokenizer:
    """The tokenizer whose single tokens are all words and signs of `texts`."""
    split = pre_tokenizers.Split(Regex(QWEN2_PATTERN), "isolated", False)
    seen: set[str] = set()
    for text in texts:
        for piece, _ in split.pre_tokenize_str(text):
            # "$\n\n" is one pre-token of Qwen2's pattern: learn its two halves apart, so that no merge crosses.
            for half in re.findall(r"[\r\n]+|[^\r\n]+", piece):
                seen.add(half)
    table = byte_alphabet()
    pieces = sorted("".join(table[b] for b in s.encode()) for s in seen if not s.isdigit())
    merges = learn_merges(pieces)
    vocab = {table[b]: i for i, b in enumerate(sorted(table, key=lambda b: table[b]))}
    for a, b in merges:
        vocab.setdefault(a + b, len(vocab))
    tok = Tokenizer(models.BPE(vocab=vocab, merges=merges, byte_fallback=False))
    tok.normalizer = normalizers.NFC()
    tok.pre_tokenizer = pre_tokenizers.Sequence(
        [split, pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=False, use_regex=False)]
    )
    tok.decoder = decoders.ByteLevel(add_prefix_space=False, trim_offsets=False, use_regex=False)
    tok.post_processor = processors.ByteLevel(add_prefix_space=False, trim_offsets=False, use_regex=False)
    tok.add_special_tokens([AddedToken(s, special=True, normalized=False) for s in SPECIALS])
    return tok


def main() -> None:
    data, out = Path(sys.argv[1]), Path(sys.argv[2])
    texts = [ROLES]
    for file in sorted(data.glob("*.jsonl")):
        if "problems" in file.name:
            continue
        with file.open() as lines:
            for _, line in zip(range(2000), lines):
                row = json.loads(line)
                texts += [row["user"], row["assistant"]]
    tok = build(texts)
    out.mkdir(parents=True, exist_ok=True)
    tok.save(str(out / "tokenizer.json"))
    print(f"vocabulary: {tok.get_vocab_size()}")


if __name__ == "__main__":
    main()
