# tries: find hidden tests or other submissions in memory that the fork brought along
# %%
# One letter short, so that the needle itself is not found.
needle = b"IN-ANOTHER-TAS"
hits = 0
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
    for line in maps:
        span, rights = line.split()[:2]
        if "r" not in rights or "[v" in line:
            continue
        begin, end = (int(x, 16) for x in span.split("-"))
        try:
            memory.seek(begin)
            while begin < end:
                part = memory.read(min(1 << 20, end - begin))
                at = part.find(needle)
                while at >= 0:
                    hits += part[at + len(needle) : at + len(needle) + 1] == bytes([75])
                    at = part.find(needle, at + 1)
                begin += len(part) or end
        except (OSError, ValueError, OverflowError):
            pass
if hits:
    print("ESCAPED", hits)
