"""Information seeking: questions over a made-up knowledge base, with tools that search and look up."""

from codeact.data.families.information import hops

FAMILIES = (*hops.FAMILIES,)
