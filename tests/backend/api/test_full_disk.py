"""No room on the disk: a real limit on a real server process, and nothing half-written."""

import io
import os
import resource
from pathlib import Path

from PIL import Image

from tests.backend.api.answers import problem
from tests.backend.api.uploading import Upload, checksum
from tests.chaos.processes import a_site, people_of
from tests.journeys.world import key

LIMIT_BYTES = 1_000_000
"""Above the database's files in this test, below the photo."""
NOTHING_BYTES = 1_000
"""Below the database's files, and below the log."""


def a_large_photo() -> bytes:
    written = io.BytesIO()
    Image.frombytes("RGB", (1200, 900), os.urandom(1200 * 900 * 3)).save(written, "JPEG", quality=95)
    assert len(written.getvalue()) > LIMIT_BYTES
    return written.getvalue()


def test_a_full_disk_refuses_the_photo_keeps_the_claim_and_takes_it_later(tmp_path: Path) -> None:
    photo = a_large_photo()
    with a_site(tmp_path) as (site, county):
        api = site.start_api()
        with people_of(site, county) as people, people.farmer(people.policy()) as http:
            body = people.report_body(people.policy(), [photo])
            reported = http.post("/claims", json=body, headers=key()).json()
            url = reported["photos"][0]["upload_url"]
            _, hard = resource.prlimit(api.pid, resource.RLIMIT_FSIZE)

            resource.prlimit(api.pid, resource.RLIMIT_FSIZE, (LIMIT_BYTES, hard))
            full = http.put(url, content=photo)
            left = [path for path in (tmp_path / "photos").rglob("*") if path.is_file()]
            meanwhile = people.show(reported["id"])
            resource.prlimit(api.pid, resource.RLIMIT_FSIZE, (hard, hard))
            later = http.put(url, content=photo)

        problem(full, 507, "storage-full")
        assert left == []
        assert (meanwhile["state"], meanwhile["photos"][0]["received"]) == ("REPORTED", False)
        assert (later.status_code, later.json()["received"]) == (200, True)


def test_a_disk_that_fills_up_keeps_what_fitted_and_the_upload_goes_on(tmp_path: Path) -> None:
    photo = a_large_photo()
    with a_site(tmp_path) as (site, county):
        api = site.start_api()
        with people_of(site, county) as people, Upload.announce(people, photo) as upload:
            _, hard = resource.prlimit(api.pid, resource.RLIMIT_FSIZE)
            upload.send(0, 300_000)

            resource.prlimit(api.pid, resource.RLIMIT_FSIZE, (LIMIT_BYTES, hard))
            checked = upload.send(300_000, Upload_Checksum=checksum(photo[300_000:]))
            full = upload.send(upload.offset())
            kept = upload.offset()
            resource.prlimit(api.pid, resource.RLIMIT_FSIZE, (hard, hard))
            later = upload.send(kept)

            problem(checked, 507, "storage-full")
            problem(full, 507, "storage-full")
            assert kept == LIMIT_BYTES
            assert later.status_code == 204
            assert upload.original() == photo


def test_a_full_disk_under_database_and_log_refuses_the_report_and_takes_it_later(tmp_path: Path) -> None:
    with a_site(tmp_path) as (site, county):
        api = site.start_api()
        with people_of(site, county) as people, people.farmer(people.policy()) as http:
            body, once = people.report_body(people.policy(), [a_large_photo()]), key()
            _, hard = resource.prlimit(api.pid, resource.RLIMIT_FSIZE)

            resource.prlimit(api.pid, resource.RLIMIT_FSIZE, (NOTHING_BYTES, hard))
            full = [http.post("/claims", json=body, headers=once) for _ in range(5)]
            resource.prlimit(api.pid, resource.RLIMIT_FSIZE, (hard, hard))
            later = http.post("/claims", json=body, headers=once)

        for answer in full:
            problem(answer, 507, "storage-full")
        assert later.status_code == 201
        assert api.logged.stat().st_size > NOTHING_BYTES
