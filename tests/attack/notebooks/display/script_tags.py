# tries: script and event handlers in outputs
# %%
from IPython.display import HTML, Javascript, SVG, Markdown, display
display(HTML("<script>alert('x')</script><img src=x onerror=alert(1)>"))
display(Javascript("alert(1)"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>1</script></svg>"))
display(Markdown("[x](javascript:alert(1))"))
class Page:
    def _repr_mimebundle_(self, **kwargs):
        return {"text/html": "<iframe src='file:///etc/passwd'></iframe>", "text/x-odd\n<script>": "x"}
Page()
