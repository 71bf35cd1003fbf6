"""The tools of those who write: start a case, module or item; see it while writing; schemas.

`new` writes files that work at once and teach; `preview` serves a page and draws it again at each
save; `schema` exports the models as JSON Schemas, by which editors complete and check.
"""
