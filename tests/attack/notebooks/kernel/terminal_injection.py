# tries: type into the trainer's terminal
# %%
import fcntl, os, termios
for fd in (0, 1, 2):
    try:
        fcntl.ioctl(fd, termios.TIOCSTI, b"\n")
        print("ESCAPED")
    except OSError as error:
        print(error)
try:
    os.open("/dev/tty", os.O_RDWR)
    print("ESCAPED")
except OSError as error:
    print(error)
parent, child = os.openpty()
try:
    fcntl.ioctl(child, termios.TIOCSTI, b"x")
    print("ESCAPED")
except OSError as error:
    print(error)
