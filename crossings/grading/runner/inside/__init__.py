"""What runs inside the sandbox. These files are shown to it read-only, by themselves.

Nothing here may import the rest of the package: in the sandbox there is no rest.

    zygote.py   the warm parent: imports once, then forks one child a notebook and watches it
    confine.py  the child locks itself: system.py, landlock.py, filter.py are its tools
    kernel.py   the child runs cells as ipykernel would; tape.py keeps what they put out
    wire.py     frames of JSON between the sandbox and the examiner
"""
