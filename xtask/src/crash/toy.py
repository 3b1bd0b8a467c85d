# A toy server for the test of the crash proof: it keeps lines in a file, and on demand breaks its promises.
# Usage: toy.py PORT FILE honest|forgets|doubles
import http.server
import sys
import threading
import time
import urllib.parse
import uuid

port, path, manner = int(sys.argv[1]), sys.argv[2], sys.argv[3]
lock = threading.Lock()
try:
    lines = open(path).read().split("\n")
    kept = [tuple(line.split(" ")) for line in lines[:-1]]
except FileNotFoundError:
    kept = []


def keep(submission, mark):
    with lock:
        if manner != "doubles" and any(known == submission for known, _ in kept):
            return
        kept.append((submission, mark))
        with open(path, "a") as file:
            file.write(f"{submission} {mark}\n")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, text, **headers):
        body = text.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/form":
            hidden = f'<input type="hidden" name="_submission" value="{uuid.uuid4()}">'
            self.answer(200, f'<form action="/write">{hidden}<input name="words"></form>')
            return
        with lock:
            self.answer(200, "".join(mark + "\n" for _, mark in kept))

    def do_POST(self):
        text = self.rfile.read(int(self.headers["content-length"])).decode()
        form = dict(urllib.parse.parse_qsl(text))
        if manner == "forgets":
            threading.Thread(target=lambda: (time.sleep(0.05), keep(form["_submission"], form["words"]))).start()
        else:
            keep(form["_submission"], form["words"])
        self.answer(303, "", location="/")

    def log_message(self, *words):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


Server(("127.0.0.1", port), Handler).serve_forever()
