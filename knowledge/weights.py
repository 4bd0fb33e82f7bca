"""The figures that decide a search's order, in one place, with the measurement that chose them."""

from __future__ import annotations

from dataclasses import dataclass

# Measured on the sample handbook (54 documents, 1,274 passages), int8 MiniLM, the 223 answerable questions of golden's `tune` half, and
# on three sets beside it, so that nothing fits the sample handbook alone: 201 questions on 263 pages of benefits PDFs, 100 on 232 chunks
# of product documents, 188 on 13,408 passages of cloud documents (the last turn of conversations, as it stands). docs/retrieval.md has
# the table that `ibid eval --ablate` makes; the lines here chose the figures below.
#                                                    handbook               PDFs           product        cloud
#                                                    top1 top3 top5 MRR     hit@3 MRR      recall@3 MRR   recall@5 MRR
#   both at .7, to .45 in reach, MaxSim .45 of 8     .807 .919 .937 .863    .841  .750     .746  .896     .336  .390
#   the same, a section's words at .1                .816 .924 .942 .869    .846  .752     .741  .912     .344  .398
#   a section's words at .25, its cosine at .3       .821 .924 .937 .871    .861  .754     .741  .917     .356  .419
#   the same, to .5 in reach, MaxSim of 7            .825 .924 .937 .874    .856  .747     .751  .917     .368  .421
#   the same, MaxSim of 6                            .821 .919 .933 .871    .861  .749     .751  .917     .369  .419
#   the same, nothing re-ranked                      .726 .870 .915 .808    .846  .754     .763  .912     .369  .383
# Where a section's words count by its best passage alone, or by all of them in full, two of the four sets gain less or lose. What a
# section's index of its own would add in BM25 is less than its passages' scores give. k1 and b of BM25, a document's mean vector, the
# passages beside, and the question without the glossary change single questions in both directions.
# Decisive by the margin, and not re-ranked, are 16 % of the handbook's searches, 5 % of the PDFs' and 22 % of the product documents'; to
# re-rank those as well changes no MRR, and takes one point of recall@3 from the product documents.
# The glossary's first entries were written with misses of this half in view, so its gain here is too large: see the other half.
# A title's words count a quarter of the text's: at 1.0, before there was a glossary, BM25 alone lost 4 points of top1.


@dataclass(frozen=True, kw_only=True)
class Stages:
    """Which stages a search goes through. `ibid eval --ablate` switches each by itself and prints what it is worth."""

    dense: bool = True
    keyword: bool = True
    lexicon: bool = True  # misspelt words are put right, and abbreviations that documents explain are searched as well
    glossary: bool = True
    countries: bool = True  # a question that names a country is not answered from documents that are for others
    titles: bool = True  # BM25 reads titles and headings too
    sections: bool = True
    rerank: bool = True
    outside: bool = True  # an operator's re-ranker, where there is one, before the built-in one
    diverse: bool = False  # MMR: a question or two more among the first five of the handbook and the PDFs, fewer of the product's


@dataclass(frozen=True, kw_only=True)
class Weights:
    """How much each signal counts."""

    dense_share: float = 0.7  # of the fused score; the rest is BM25's
    dense_share_in_reach: float = 0.5  # the same where a passage has all the words of the question
    reach_from: float = 0.7  # from this reach on the share goes down, to the lower one at a reach of 1
    depth: int = 50  # passages that each leg hands to the fusion
    section_depth: int = 150  # passages whose words count for their section
    section_share: float = 0.25  # of the fused score, for the words of a passage's section
    section_cosine: float = 0.3  # of the mean of a section's windows, added to a passage's own cosine
    title_boost: float = 0.25  # of a question word found in the title or headings, against one in the text
    rerank_margin: float = 0.2  # the re-ranker runs when the best fused score leads the second by less
    rerank_candidates: int = 7
    read_closely: int = 6  # that are read word by word even when nothing is re-ranked: their sentences may be quoted
    maxsim_share: float = 0.45  # of the final score, where the re-ranker ran
    outside_candidates: int = 20  # that a re-ranker of the operator's is given
    outside_share: float = 0.8  # of the final score for it; not measured: no such model is built in
    stages: Stages = Stages()


WEIGHTS = Weights()


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """From which confidence on something is said."""

    # On the same half: from .25 on 39 % of what nothing readable answers is refused, and 5 % of what is answerable; at .30 it is
    # 49 % and 10 %, at .33 58 % and 14 %, at .40 73 % and 20 %.
    answer_from: float = 0.25  # below it no quote answers the question
    # A model that reads what was found can say itself that it does not answer. From .08 on 98 % of what is answerable reaches it.
    model_from: float = 0.08
    mention_from: float = 0.15  # a refusal names the nearest document only from here on
    # A question in a thread that seems to stand alone is joined with the one before it when alone it finds less than this. On the
    # half's follow-ups, and on as many complete questions put behind an unrelated one, the right clause was among the first five for
    # 89 % and 90 %; by the words alone it was 75 % and 97 %, by always joining 91 % and 55 %. On the cloud documents' conversations
    # recall@5 is .360 without what was asked before, .280 by always joining, and so decided .364 at .25 and .30, .367 here, .358 at .4.
    alone_from: float = 0.33


THRESHOLDS = Thresholds()
