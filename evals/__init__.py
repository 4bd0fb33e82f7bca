"""The evidence: golden questions in, figures and a report out."""
