"""The figures that decide a search's order, in one place, with the measurement that chose them."""

from __future__ import annotations

from dataclasses import dataclass

# Measured on the sample handbook (54 documents, 1,274 passages), int8 MiniLM, the 222 answerable questions of golden's `tune` half,
# follow-ups joined to the question before:                      top1   top3   top5   MRR
#   dense alone                                                  .604   .797   .847   .709
#   BM25 alone                                                   .500   .631   .694   .590
#   both, dense share .6                                         .635   .824   .860   .739
#   both, dense share .7                                         .653   .838   .887   .758
#   both, dense share .8                                         .676   .829   .883   .770
#   both at .7, MaxSim share .4 below a margin of .1             .712   .851   .892   .793   (46 % of the questions are re-ranked)
#   both at .7, MaxSim share .4 below a margin of .2             .703   .860   .896   .790   (74 %)
#   the same without the situation line in what is re-ranked     .671   .829   .892   .768
# A title's words at a quarter of the text's: at 1.0 BM25 alone falls to .459 top1.


@dataclass(frozen=True, kw_only=True)
class Weights:
    """How much each signal counts."""

    dense_share: float = 0.7  # of the fused score; the rest is BM25's
    depth: int = 50  # passages that each leg hands to the fusion
    title_boost: float = 0.25  # of a question word found in the title or headings, against one in the text
    rerank_margin: float = 0.1  # the re-ranker runs when the best fused score leads the second by less
    rerank_candidates: int = 12
    read_closely: int = 6  # that are read word by word even when nothing is re-ranked: their sentences may be quoted
    maxsim_share: float = 0.4  # of the final score, where the re-ranker ran


WEIGHTS = Weights()


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """From which confidence on something is said."""

    answer_from: float = 0.25  # below it the question is refused
    mention_from: float = 0.1  # a refusal names the nearest document only from here on


THRESHOLDS = Thresholds()
