"""Trains the model on a shard of prepare.py until a given time, or goes on from a checkpoint.

The learning rate rises over the first updates and then falls in a straight line to zero at the end of the time, and the
last part sees the general sources alone: whatever the machine gave, training ends settled. The file `--until` holds the
end as a time in ISO 8601 and is read again every minute. A run that was stopped goes on with `--checkpoint OUT`.
"""

import argparse
import dataclasses
import datetime
import os
import pathlib
import queue
import threading
import time

import numpy as np
import torch

from export import weights_of
from model import END, Model


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shard", help="what prepare.py wrote")
    parser.add_argument("--out", required=True, help="the checkpoint to write")
    parser.add_argument("--checkpoint", help="go on from this checkpoint, or start from the weights of this folder that export.py wrote")
    parser.add_argument("--until", required=True, type=pathlib.Path, help="a file with the time of the end, such as 2026-01-31T18:30:00Z")
    parser.add_argument("--vocabulary-size", type=int, required=True, help="pieces and two: end of sentence, padding")
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--inner", type=int, default=1024)
    parser.add_argument("--heads", type=int, default=4)
    parser.add_argument("--encoder", type=int, default=4, help="layers")
    parser.add_argument("--decoder", type=int, default=2, help="layers")
    parser.add_argument("--rate", type=float, default=4e-4, help="the highest learning rate")
    parser.add_argument("--warmup", type=int, default=100, help="updates over which the rate rises")
    parser.add_argument("--tokens", type=int, default=3000, help="tokens of one side in a batch, padding included")
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--smoothing", type=float, default=0.1, help="of the labels")
    parser.add_argument("--general-from", type=float, default=0.85, help="the part of the time after which only general sources are read")
    parser.add_argument("--save-minutes", type=float, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bf16", action="store_true", help="matrix products in bfloat16")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


class Shard:
    """The pairs of token ids, and batches of pairs of like length in random order."""

    def __init__(self, path, padding, tokens):
        self.arrays = dict(np.load(path))
        self.padding, self.tokens = padding, tokens
        lengths = [np.diff(self.arrays[side + "_offsets"]) for side in ("source", "target")]
        self.lengths = np.maximum(*lengths) + 1
        self.order_by = np.stack(lengths)

    def batches(self, random, general):
        """One pass over the data, or over the general sources."""
        chosen = np.flatnonzero(self.arrays["general"]) if general else np.arange(len(self.lengths))
        source, target = self.order_by[:, chosen] + random.random((2, len(chosen)))
        chosen = chosen[np.lexsort((source, np.floor(target)))]
        cuts, start, longest = [], 0, 0
        for at, index in enumerate(chosen):
            longest = max(longest, self.lengths[index])
            if longest * (at + 1 - start) > self.tokens:
                cuts.append(chosen[start:at])
                start, longest = at, self.lengths[index]
        cuts.append(chosen[start:])
        for at in random.permutation(len(cuts)):
            yield self.batch(cuts[at])

    def batch(self, indices):
        """Source, what the decoder reads (it starts with the padding) and what it has to answer."""
        source = [np.append(self.row("source", i), END) for i in indices]
        target = [self.row("target", i) for i in indices]
        return (
            self.padded(source),
            self.padded([np.insert(row, 0, self.padding) for row in target]),
            self.padded([np.append(row, END) for row in target]),
        )

    def row(self, side, index):
        start, end = self.arrays[side + "_offsets"][index : index + 2]
        return self.arrays[side][start:end].astype(np.int64)

    def padded(self, rows):
        table = np.full((len(rows), max(map(len, rows))), self.padding, np.int64)
        for i, row in enumerate(rows):
            table[i, : len(row)] = row
        return torch.from_numpy(table)


def ahead(items, depth=8):
    """Makes the next batches in a thread, so that the training does not wait for them."""
    made = queue.Queue(depth)

    def fill():
        for item in items:
            made.put(item)
        made.put(None)

    threading.Thread(target=fill, daemon=True).start()
    while (item := made.get()) is not None:
        yield item


@dataclasses.dataclass
class Progress:
    """How far the training is: the part of its time that has passed."""

    until: pathlib.Path
    started: float
    step: int = 0

    def part(self):
        end = datetime.datetime.fromisoformat(self.until.read_text().strip()).timestamp()
        return (time.time() - self.started) / max(1.0, end - self.started)

    def rate(self, highest, warmup):
        return highest * min(1.0, (self.step + 1) / warmup) * max(0.0, 1.0 - self.part())


class Training:
    def __init__(self, options):
        self.options = options
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.model = Model(
            options.vocabulary_size, options.width, options.inner, options.heads, options.encoder, options.decoder, options.dropout
        ).to(self.device)
        self.optimiser = torch.optim.AdamW(
            self.model.parameters(), lr=options.rate, betas=(0.9, 0.98), eps=1e-9, weight_decay=1e-4, fused=True
        )
        self.progress = Progress(options.until, time.time())
        self.average = {name: value.detach().clone() for name, value in self.model.state_dict().items()}
        if options.checkpoint:
            checkpoint = pathlib.Path(options.checkpoint)
            self.load({"ema": weights_of(checkpoint)} if checkpoint.is_dir() else torch.load(checkpoint, map_location=self.device))

    def load(self, checkpoint):
        self.average = {name: value.float() for name, value in checkpoint["ema"].items()}
        self.model.load_state_dict(checkpoint.get("model", self.average))
        self.model.clear_padding()
        if "optimiser" in checkpoint:
            self.optimiser.load_state_dict(checkpoint["optimiser"])
            self.progress.step, self.progress.started = checkpoint["step"], checkpoint["started"]

    def save(self):
        """Writes the checkpoint beside itself first, so that a stop leaves the last whole one."""
        shape = ("vocabulary_size", "width", "inner", "heads", "encoder", "decoder")
        state = {
            "ema": self.average,
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "step": self.progress.step,
            "started": self.progress.started,
            "shape": {name: getattr(self.options, name) for name in shape},
        }
        torch.save(state, self.options.out + ".part")
        os.replace(self.options.out + ".part", self.options.out)

    def update(self, source, read, answers):
        """One step; returns the summed loss and the count of answers."""
        source, read, answers = source.to(self.device), read.to(self.device), answers.to(self.device)
        rate = self.progress.rate(self.options.rate, self.options.warmup)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        counted = answers != self.model.padding
        with torch.autocast(self.device, torch.bfloat16, enabled=self.options.bf16):
            states = self.model(source, read)
        count = int(counted.sum())
        loss = self.model.loss(states[counted], answers[counted], self.options.smoothing)
        self.optimiser.zero_grad(set_to_none=True)
        (loss / count).backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.model.clear_padding()
        self.progress.step += 1
        if self.progress.step % 5 == 0:
            self.take_average()
        return loss.item(), count

    @torch.no_grad()
    def take_average(self):
        """A running average over the last few hundred updates: steadier than the last weights."""
        step = self.progress.step
        decay = min(0.995, (step + 1) / (step + 50)) ** 5
        for name, value in self.model.state_dict().items():
            self.average[name].lerp_(value, 1 - decay)

    def run(self, shard):
        self.model.train()
        saved = logged = time.time()
        loss = tokens = 0
        while (part := self.progress.part()) < 1:
            general = part >= self.options.general_from
            random = np.random.default_rng((self.options.seed, self.progress.step))
            for batch in ahead(shard.batches(random, general)):
                batch_loss, batch_tokens = self.update(*batch)
                loss, tokens = loss + batch_loss, tokens + batch_tokens
                now, part = time.time(), self.progress.part()
                if now - logged > 60:
                    print(
                        f"{part:.1%} step {self.progress.step} loss {loss / tokens:.3f} {tokens / (now - logged):.0f} tokens/s"
                        f"{' general' if general else ''}",
                        flush=True,
                    )
                    logged, loss, tokens = now, 0, 0
                if now - saved > self.options.save_minutes * 60:
                    self.save()
                    saved = time.time()
                if part >= 1 or (part >= self.options.general_from) != general:
                    break
        self.save()


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    training = Training(options)
    parameters = sum(parameter.numel() for parameter in training.model.parameters())
    print(f"{parameters} parameters on {training.device}", flush=True)
    training.run(Shard(options.shard, options.vocabulary_size - 1, options.tokens))


if __name__ == "__main__":
    main()
