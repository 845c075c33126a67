"""Real Python's answers, for documents that come in on stdin.

Each line is the base64 of a text, a space, and the base64 of a dotted key.
Each answer is a line of fields in base64: "refused" alone, or "ok", str(), the
JSON, and the str() of what the key finds ("-" if nothing).
The first line is one digit for each code point: 1 printable, 2 not even
assigned, 0 neither.
"""
import base64, json, re, sys, unicodedata

if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)


def refuse(constant):
    raise ValueError(constant)


def show(value):
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff]", "\ufffd", value)
    return str(value)


def find(value, segments):
    if not segments:
        return [value]
    if isinstance(value, dict):
        for n in range(len(segments), 0, -1):
            name = ".".join(segments[:n])
            if name in value:
                found = find(value[name], segments[n:])
                if found:
                    return found
    if isinstance(value, list) and re.fullmatch("0|[1-9][0-9]*", segments[0]):
        if int(segments[0]) < len(value):
            return find(value[int(segments[0])], segments[1:])
    return []


def answer(text, key):
    try:
        value = json.loads(text.decode("utf-8-sig"), parse_constant=refuse)
    except ValueError:
        return ["refused"]
    found = find(value, key.decode("utf-8", "surrogatepass").split("."))
    return ["ok", show(value), json.dumps(value, indent=4, sort_keys=True), show(found[0]) if found else "-"]


def encode(field):
    return base64.b64encode(field.encode("utf-8", "surrogatepass"))


def kind(c):
    return "1" if c.isprintable() else "2" if unicodedata.category(c) == "Cn" else "0"


out = sys.stdout.buffer
out.write("".join(kind(chr(c)) for c in range(0x110000)).encode() + b"\n")
for line in sys.stdin.buffer:
    text, key = (base64.b64decode(field) for field in line.rstrip(b"\n").split(b" "))
    out.write(b" ".join(encode(field) for field in answer(text, key)) + b"\n")
    out.flush()
