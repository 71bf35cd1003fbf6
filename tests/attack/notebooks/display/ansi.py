# tries: control sequences that clear, retitle or write to a terminal
# %%
print("\x1b[2J\x1b[H\x1b]0;title\x07\x1b]52;c;ZWNobw==\x07\x9b31m\x1b[8mhidden\x1b[0m\r\x08\x08overwritten\x00")
raise ValueError("\x1b[2Jcleared\x1b]0;x\x07")
