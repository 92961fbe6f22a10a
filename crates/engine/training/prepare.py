"""Turns `source TAB German TAB English` lines into the vocabulary and the shard of token ids that train.py reads.

Stops before anything else when a line of an evaluation set is in the data (see leaks.py).
"""

import argparse
import collections
import math
import os
import random
import re

import numpy as np
import sentencepiece

import leaks

# Documentation is most of the data; unfiltered it would teach little else than the names of buttons and functions.
DOCUMENTATION = "msdocs"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", help="the training data: .tsv or .tsv.xz")
    parser.add_argument("--evaluation", nargs="+", required=True, help="folders of the evaluation sets that must not be in the data")
    parser.add_argument("--vocabulary", required=True, help="the SentencePiece model; trained first when the file does not exist")
    parser.add_argument("--out", required=True, help="the shard to write (.npz)")
    parser.add_argument("--size", type=int, default=8000, help="pieces in a newly trained vocabulary")
    parser.add_argument("--weight", nargs="*", default=[], metavar="SOURCE=N", help="repeat a source; sources not named count once, 0 leaves one out")
    parser.add_argument("--documentation", type=int, default=100_000, help="pairs of documentation, those nearest to the general sources")
    parser.add_argument("--longest", type=int, default=120, help="pairs with more tokens on either side are left out")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def words(text):
    return re.findall(r"\w+", text.lower())


def frequencies(texts):
    counts = collections.Counter(word for text in texts for word in words(text))
    total = sum(counts.values())
    return counts, total


def nearest(documentation, general, count, rng):
    """The pairs whose English is most like the general sources: unigram cross-entropy difference (Moore and Lewis, 2010)."""
    sample = rng.sample(documentation, min(len(documentation), 200_000))
    inside, inside_total = frequencies(english for _, english in general)
    outside, outside_total = frequencies(english for _, english in sample)

    def distance(pair):
        found = words(pair[1])
        if len(found) < 6:
            return math.inf
        gain = sum(
            math.log((outside[w] + 1) / (outside_total + 1)) - math.log((inside[w] + 0.1) / (inside_total + 1)) for w in found
        )
        return gain / len(found)

    return sorted(documentation, key=distance)[:count]


def train_vocabulary(path, size, general, documentation, threads, rng):
    """The general sources and as much documentation, or the vocabulary fills with the names of functions."""
    sample = general + rng.sample(documentation, min(len(documentation), len(general)))
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(text for pair in sample for text in pair),
        model_prefix=path.removesuffix(".model"),
        vocab_size=size,
        model_type="unigram",
        character_coverage=0.9999,
        byte_fallback=True,
        bos_id=-1,
        eos_id=-1,
        pad_id=-1,
        unk_id=0,
        num_threads=threads,
        normalization_rule_name="nmt_nfkc",
        input_sentence_size=1_000_000,
        shuffle_input_sentence=True,
        minloglevel=1,
    )


def ids(processor, texts, threads):
    """Ids as in published models: 0 is the end of a sentence, 1 an unknown piece, then the pieces, last the padding."""
    return [[1 if piece == 0 else piece + 1 for piece in pieces] for pieces in processor.encode(texts, num_threads=threads)]


def flat(rows):
    offsets = np.zeros(len(rows) + 1, np.int64)
    offsets[1:] = np.cumsum([len(row) for row in rows])
    return np.concatenate([np.array(row, np.uint16) for row in rows]), offsets


def main():
    options = arguments()
    rng = random.Random(options.seed)
    weights = {name: float(value) for name, value in (entry.split("=") for entry in options.weight)}
    leaks.stop_if_any(options.pairs, options.evaluation)

    sources = collections.defaultdict(list)
    for source, german, english in leaks.pairs(options.pairs):
        if weights.get(source, 1.0) > 0:
            sources[source].append((german, english))
    general = [pair for name, rows in sources.items() if not name.startswith(DOCUMENTATION) for pair in rows]
    documentation = [pair for name, rows in sources.items() if name.startswith(DOCUMENTATION) for pair in rows]
    if not os.path.exists(options.vocabulary):
        train_vocabulary(options.vocabulary, options.size, general, documentation, options.threads, rng)

    chosen = []
    for name, rows in sources.items():
        if not name.startswith(DOCUMENTATION):
            weight = weights.get(name, 1.0)
            chosen += rows * int(weight) + rng.sample(rows, int(len(rows) * (weight % 1)))
    general_count = len(chosen)
    chosen += nearest(documentation, general, options.documentation, rng)

    processor = sentencepiece.SentencePieceProcessor(model_file=options.vocabulary)
    german = ids(processor, [pair[0] for pair in chosen], options.threads)
    english = ids(processor, [pair[1] for pair in chosen], options.threads)
    kept = [
        i for i in range(len(chosen))
        if 0 < len(german[i]) <= options.longest and 0 < len(english[i]) <= options.longest
    ]
    source, source_offsets = flat([german[i] for i in kept])
    target, target_offsets = flat([english[i] for i in kept])
    np.savez(
        options.out,
        source=source,
        source_offsets=source_offsets,
        target=target,
        target_offsets=target_offsets,
        general=np.array([i < general_count for i in kept]),
    )
    for name, rows in sources.items():
        print(f"{name}: {len(rows)} pairs")
    print(f"{len(kept)} pairs chosen, {len(source)} German and {len(target)} English tokens")


if __name__ == "__main__":
    main()
