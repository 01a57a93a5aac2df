"""Information seeking: questions over a made-up knowledge base, with tools that search and look up."""

from codeact.data.families.information import hops, registers, searching, several, unseen

FAMILIES = (*hops.FAMILIES, *registers.FAMILIES, *several.FAMILIES, *searching.FAMILIES, *unseen.FAMILIES)
