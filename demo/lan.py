"""``make serve-lan``: a made-up county for real phones in the same network, by https with an authority of one's own.

Farms lie where the made-up county has them: the claims of a phone elsewhere go to people, with the distance.
"""

import argparse
import asyncio
import socket
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import segno

from demo.certificates import Authority, authority, server_context
from demo.run import Demo
from demo.secure_line import certificate_door, secure_line

KEPT = Path("var") / "lan"
HTTPS_PORT, DOOR_PORT = 8443, 8480


def main() -> int:
    """Serve until Ctrl-C."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--address", default=None, help="this computer's address in the network")
    chosen = asked.parse_args()
    address = chosen.address or own_address()
    by = authority(KEPT)
    with tempfile.TemporaryDirectory(prefix="flashclaim-lan-") as folder:
        demo = Demo(Path(folder))
        demo.environment["FLASHCLAIM_PUBLIC_URL"] = f"https://{address}:{HTTPS_PORT}"
        try:
            print("starting …", file=sys.stderr)
            demo.start()
            asyncio.run(_serve(demo, by, address))
        except KeyboardInterrupt:
            print("stopping", file=sys.stderr)
        finally:
            demo.stop()
    return 0


def own_address() -> str:
    """The address under which others in the network reach this computer."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        # Nothing is sent: the system only says which of its addresses it would use.
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])


async def _serve(demo: Demo, by: Authority, address: str) -> None:
    context = server_context(by, address, KEPT)
    inner = urlsplit(demo.server).port or 80
    async with (
        secure_line(address, HTTPS_PORT, inner, context),
        certificate_door(address, DOOR_PORT, by.for_phones),
    ):
        card = demo.policy("pig", 0)["card"]
        _say(
            f"http://{address}:{DOOR_PORT}/", "1. once, with the phone: install this certificate and trust it"
        )
        _say(f"https://{address}:{HTTPS_PORT}/f#card={card}", "2. then open the farmer's page")
        print(f"codes and messages: {demo.folder / 'worker.log'}   Ctrl-C stops")
        await asyncio.Event().wait()


def _say(link: str, what: str) -> None:
    print(f"\n{what}\n{link}", flush=True)
    segno.make(link, error="m").terminal(compact=True)


if __name__ == "__main__":
    sys.exit(main())
