"""The one browser front end: the engine's twin, what draws items and cases, and their host pages.

`documents` makes what a page needs (assets, payloads, mounts); `widget` hosts the same in notebooks
and Voila. The browser's files stand beside this one and are joined, never built.
"""
