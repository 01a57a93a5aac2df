"""Information seeking: questions over a made-up knowledge base, with tools that search and look up."""

from codeact.data.families.information import hops, searching, several, unseen

FAMILIES = (*hops.FAMILIES, *several.FAMILIES, *searching.FAMILIES, *unseen.FAMILIES)
