"""QTI 3.0 (1EdTech Question and Test Interoperability): items to and from other systems.

`item` writes one item, `scoring` its response processing, `package` the content package; `opened`
reads strangers' files, `parse` their items, `drafts` makes our YAML of them.
"""
