# tries: read what is secret in /etc
# %%
for name in ("shadow", "gshadow", "sudoers", "machine-id", "ssh/ssh_host_ed25519_key", "environment", "fstab"):
    try:
        print("ESCAPED", open(f"/etc/{name}").read()[:100])
    except OSError:
        pass
