# tries: send records that the examiner does not know, through the tape itself
# expect: tampered
# %%
get_ipython().display_pub.session.tape.add("score", {"points": 100})
