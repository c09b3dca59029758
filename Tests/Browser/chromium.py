"""A headless Chromium, driven over the DevTools protocol with nothing but Python's standard library.

    with Browser() as browser:
        page = browser.open("file:///path/to/report.html", width=1600)
        page.evaluate("document.title")

Protocol: https://chromedevtools.github.io/devtools-protocol/; WebSocket: RFC 6455.
"""

import base64
import json
import os
import pathlib
import re
import select
import shutil
import socket
import struct
import subprocess
import tempfile
import time

NAMES = ["chromium", "chromium-browser", "google-chrome"]
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


class BrowserError(Exception):
    """The browser did not do what it was asked."""


def find():
    """The path of a Chromium, or None."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    return MAC if pathlib.Path(MAC).exists() else None


class WebSocket:
    """Text messages over one connection to this machine; enough of RFC 6455 for that."""

    def __init__(self, url):
        host, port, path = re.fullmatch(r"ws://([^:/]+):(\d+)(/.*)", url).groups()
        self.socket = socket.create_connection((host, int(port)), timeout=30)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((
            f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self.fill()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        if not head.startswith(b"HTTP/1.1 101"):
            raise BrowserError(f"no WebSocket: {head[:80]!r}")

    def fill(self):
        data = self.socket.recv(1 << 20)
        if not data:
            raise BrowserError("the browser closed the connection")
        self.buffer += data

    def take(self, count):
        while len(self.buffer) < count:
            self.fill()
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def send(self, text):
        data = text.encode()
        length = len(data)
        if length < 126:
            head = struct.pack("!BB", 0x81, 0x80 | length)
        elif length < 1 << 16:
            head = struct.pack("!BBH", 0x81, 0xFE, length)
        else:
            head = struct.pack("!BBQ", 0x81, 0xFF, length)
        # A mask of zeros is a mask: the rule is there for proxies, and there is none.
        self.socket.sendall(head + bytes(4) + data)

    def receive(self):
        """The next message, its fragments put together."""
        message = b""
        while True:
            first, second = self.take(2)
            length = second & 0x7F
            if length == 126:
                (length,) = struct.unpack("!H", self.take(2))
            elif length == 127:
                (length,) = struct.unpack("!Q", self.take(8))
            data = self.take(length)
            kind = first & 0x0F
            if kind == 8:
                raise BrowserError("the browser closed the connection")
            if kind in (9, 10):
                continue
            message += data
            if first & 0x80:
                return message.decode()

    def is_waiting(self, seconds):
        """Whether a message comes within so many seconds."""
        return bool(self.buffer) or bool(select.select([self.socket], [], [], seconds)[0])


class Browser:
    """A browser with a profile of its own, until the end of the `with`."""

    def __init__(self):
        path = find()
        if not path:
            raise BrowserError(f"no browser: expected one of {', '.join(NAMES)} on the PATH")
        self.profile = tempfile.mkdtemp()
        options = ["--headless=new", "--remote-debugging-port=0", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
                   "--disable-extensions", "--disable-background-networking", f"--user-data-dir={self.profile}"]
        # Chromium's sandbox does not work for root, as in containers.
        if os.getuid() == 0:
            options += ["--no-sandbox", "--disable-dev-shm-usage"]
        self.log = open(pathlib.Path(self.profile) / "log", "w+", encoding="utf-8", errors="replace")
        self.process = subprocess.Popen([path, *options, "about:blank"], stdout=self.log, stderr=self.log)
        self.socket = WebSocket(self.find_url())
        self.last_id = 0
        self.pages = {}

    def find_url(self):
        """Chromium says in its log where it listens."""
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            self.log.seek(0)
            if found := re.search(r"DevTools listening on (ws://\S+)", self.log.read()):
                return found[1]
            time.sleep(0.05)
        self.log.seek(0)
        raise BrowserError(f"the browser did not start: {self.log.read()[-500:]}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, session=None, **parameters):
        """The result of one command; what happens meanwhile goes to the pages."""
        self.last_id += 1
        message = {"id": self.last_id, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(self.socket.receive())
            if answer.get("id") == self.last_id:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.note(answer)

    def note(self, event):
        if page := self.pages.get(event.get("sessionId")):
            page.note(event["method"], event["params"])

    def wait(self, seconds):
        """Lets time pass, and takes note of what happens."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and self.socket.is_waiting(left):
            self.note(json.loads(self.socket.receive()))

    def open(self, url, width=1200, height=900, scheme="light"):
        """A new page, loaded, in a window of this size and colour scheme."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = self.pages[session] = Page(self, session, target)
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.call(f"{domain}.enable")
        page.resize(width, height)
        page.set_scheme(scheme)
        page.call("Page.navigate", url=url)
        page.wait_until("document.readyState === 'complete'")
        # What a script does right after the load.
        self.wait(0.2)
        return page


class Page:
    """One page, what it has asked for and what has gone wrong in it."""

    def __init__(self, browser, session, target):
        self.browser = browser
        self.session = session
        self.target = target
        self.errors = []
        self.requests = []

    def note(self, method, parameters):
        if method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
            self.errors.append(" ".join(str(a.get("value", a.get("description"))) for a in parameters["args"]))
        elif method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
            self.errors.append(parameters["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])

    def call(self, method, **parameters):
        return self.browser.call(method, session=self.session, **parameters)

    def evaluate(self, expression):
        """The value of a JavaScript expression, promises waited for."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise BrowserError(f"{expression[:80]}: {details.get('exception', {}).get('description', details['text'])}")
        return result["result"].get("value")

    def wait_until(self, expression, seconds=15):
        end = time.monotonic() + seconds
        while not self.evaluate(expression):
            if time.monotonic() > end:
                raise BrowserError(f"waited {seconds} s for {expression}")
            self.browser.wait(0.05)

    def resize(self, width, height=900):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=width < 600)

    def set_scheme(self, scheme):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def box(self, selector):
        """Where the first such element is in the window, scrolled to."""
        return self.evaluate(f"""(() => {{
            const element = document.querySelector({json.dumps(selector)});
            if (!element) return null;
            element.scrollIntoView({{block: "center", behavior: "instant"}});
            const box = element.getBoundingClientRect();
            return {{x: box.x, y: box.y, width: box.width, height: box.height}};
        }})()""")

    def move(self, x, y):
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        self.browser.wait(0.05)

    def click(self, x, y):
        self.move(x, y)
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
        self.browser.wait(0.05)

    def press(self, key, code=None):
        """One key on what has the focus, such as ArrowRight."""
        codes = {"ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "Enter": 13, " ": 32, "Tab": 9}
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=code or key,
                      windowsVirtualKeyCode=codes.get(key, 0), nativeVirtualKeyCode=codes.get(key, 0))
        self.browser.wait(0.05)

    def screenshot(self, path, whole=True):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))

    def close(self):
        self.browser.call("Target.closeTarget", targetId=self.target)
        self.browser.pages.pop(self.session, None)
