"""Niêm yết: the notice of a procedure on paper, and sets of notices for a whole office.

``content`` gathers what a notice says, ``sheet`` and ``parts`` lay it out, ``sets`` finds what an
office handles, ``making`` writes a set slice by slice in the worker.
"""
