# tries: change the outputs of earlier cells
# %%
from IPython.display import display
handle = display("first", display_id="same")
# %%
for _ in range(3):
    display("again", display_id="same")
handle.update("changed")
# %%
from IPython.display import update_display
update_display("from far", display_id="same")
update_display("unknown", display_id="never shown")
