"""The course's conclusions, each with an experiment that runs on other seeds and other data than the notebook.

    core    what a claim is, a draw of seeds and data, and how a claim is replicated
    nb01 …  the claims of each notebook and of its exercises
    prose   which sentences have to name a claim

`make replicate` runs them all and writes docs/evidence.md. See "To claim something" in CONTRIBUTING.md.
"""
