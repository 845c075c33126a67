# Mounts a filesystem that answers nothing but its mount, as a network
# filesystem whose server has died, and runs a command beside it. To be run in a
# mount namespace of its own. Arguments: the folder, the command.
import ctypes, os, struct, subprocess, sys, threading

folder, command = sys.argv[1], sys.argv[2:]
device = os.open("/dev/fuse", os.O_RDWR | os.O_CLOEXEC)
options = f"fd={device},rootmode=40000,user_id=0,group_id=0,allow_other".encode()
libc = ctypes.CDLL(None, use_errno=True)
if libc.mount(b"dead:/export", folder.encode(), b"fuse.nfs", 0, options) != 0:
    sys.exit(f"cannot mount: {os.strerror(ctypes.get_errno())}")


def serve():
    # linux/fuse.h: the first request is FUSE_INIT. Later ones are not even
    # read: who waits for their answers can be killed, as with NFS.
    _, _, unique = struct.unpack_from("<IIQ", os.read(device, 1 << 20))
    body = struct.pack("<IIIIHHIIHHI28x", 7, 31, 65536, 0, 12, 9, 65536, 1, 32, 0, 0)
    os.write(device, struct.pack("<IiQ", 16 + len(body), 0, unique) + body)


threading.Thread(target=serve, daemon=True).start()
status = subprocess.run(command).returncode
os._exit(status)
