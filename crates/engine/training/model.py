"""The model: a Transformer with the same arithmetic as the published OPUS-MT (Marian) models, and its loss."""

import math

import numpy as np
import torch
import torch.nn.functional as functional
from torch import nn

END, UNKNOWN = 0, 1  # the ids of published models; the last id is the padding
POSITIONS = 512


def sinusoids(count, width):
    """Fixed position embeddings: all sines, then all cosines."""
    angles = np.arange(count)[:, None] / np.power(10000, 2 * (np.arange(width)[None] // 2) / width)
    table = np.zeros((count, width), np.float32)
    table[:, : width // 2] = np.sin(angles[:, 0::2])
    table[:, width // 2 :] = np.cos(angles[:, 1::2])
    return torch.from_numpy(table)


def linear(inputs, outputs):
    layer = nn.Linear(inputs, outputs)
    nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.o = (linear(width, width) for _ in range(4))

    def forward(self, x, memory, mask=None, causal=False):
        q, k, v = (
            projection(side).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for projection, side in ((self.q, x), (self.k, memory), (self.v, memory))
        )
        mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=causal)
        return self.o(mixed.transpose(1, 2).flatten(2))


class Layer(nn.Module):
    """One layer of the encoder, or with `cross` of the decoder; normalised after each part, as Marian does."""

    def __init__(self, width, heads, inner, cross, dropout):
        super().__init__()
        self.sa, self.n1 = Attention(width, heads), nn.LayerNorm(width)
        self.ca, self.n2 = (Attention(width, heads), nn.LayerNorm(width)) if cross else (None, None)
        self.f1, self.f2, self.n3 = linear(width, inner), linear(inner, width), nn.LayerNorm(width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, mask, memory=None):
        if self.ca is None:
            x = self.n1(x + self.dropout(self.sa(x, x, mask)))
        else:
            x = self.n1(x + self.dropout(self.sa(x, x, causal=True)))
            x = self.n2(x + self.dropout(self.ca(x, memory, mask)))
        return self.n3(x + self.dropout(self.f2(functional.silu(self.f1(x)))))


class Model(nn.Module):
    def __init__(self, vocabulary, width, inner, heads, encoder, decoder, dropout):
        super().__init__()
        self.width, self.padding = width, vocabulary - 1
        self.emb = nn.Embedding(vocabulary, width)
        nn.init.normal_(self.emb.weight, std=width**-0.5)
        self.register_buffer("positions", sinusoids(POSITIONS, width), persistent=False)
        self.enc = nn.ModuleList(Layer(width, heads, inner, False, dropout) for _ in range(encoder))
        self.dec = nn.ModuleList(Layer(width, heads, inner, True, dropout) for _ in range(decoder))
        self.bias = nn.Parameter(torch.zeros(vocabulary))
        self.dropout = nn.Dropout(dropout)
        self.clear_padding()

    @torch.no_grad()
    def clear_padding(self):
        """Decoding starts from the padding's embedding, which is zero, and never predicts it."""
        self.emb.weight[self.padding].zero_()
        self.bias[self.padding].zero_()

    def embed(self, ids):
        return self.dropout(self.emb(ids) * math.sqrt(self.width) + self.positions[: ids.shape[1]])

    def forward(self, source, target):
        """The states of the decoder, from which `loss` predicts."""
        mask = (source != self.padding)[:, None, None, :]
        memory = self.embed(source)
        for layer in self.enc:
            memory = layer(memory, mask)
        x = self.embed(target)
        for layer in self.dec:
            x = layer(x, mask, memory)
        return x

    def loss(self, states, answers, smoothing):
        """The summed cross-entropy of all but the padding's column, which is the last."""
        return SmoothedLoss.apply(states, self.emb.weight, self.bias, answers, smoothing)


class SmoothedLoss(torch.autograd.Function):
    """Label-smoothed cross-entropy whose gradients are taken a block at a time, so that no table of all logits is kept."""

    BLOCK = 512

    @staticmethod
    def forward(ctx, states, embeddings, bias, answers, smoothing):
        states, table, offset = states.float(), embeddings[:-1], bias[:-1]
        classes = table.shape[0]
        d_states, d_embeddings, d_bias = torch.empty_like(states), torch.zeros_like(embeddings), torch.zeros_like(bias)
        total = states.new_zeros(())
        with torch.autocast(states.device.type, enabled=False):
            for at in range(0, len(states), SmoothedLoss.BLOCK):
                x, y = states[at : at + SmoothedLoss.BLOCK], answers[at : at + SmoothedLoss.BLOCK, None]
                logits = torch.addmm(offset, x, table.T)
                norm = logits.logsumexp(1, keepdim=True)
                total += (norm - (1 - smoothing) * logits.gather(1, y) - smoothing * logits.mean(1, keepdim=True)).sum()
                error = logits.sub_(norm).exp_().sub_(smoothing / classes)
                error.scatter_add_(1, y, torch.full_like(norm, smoothing - 1))
                torch.mm(error, table, out=d_states[at : at + SmoothedLoss.BLOCK])
                d_embeddings[:-1].addmm_(error.T, x)
                d_bias[:-1] += error.sum(0)
        ctx.save_for_backward(d_states, d_embeddings, d_bias)
        return total

    @staticmethod
    def backward(ctx, scale):
        d_states, d_embeddings, d_bias = ctx.saved_tensors
        return d_states * scale, d_embeddings * scale, d_bias * scale, None, None
