# tries: exceptions that most handlers do not catch
# %%
class Odd(BaseException):
    def __str__(self):
        raise KeyboardInterrupt
raise Odd
# %%
raise KeyboardInterrupt
# %%
raise GeneratorExit
# %%
print("the rest is run")
