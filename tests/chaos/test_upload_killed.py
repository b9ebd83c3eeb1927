"""The API is killed (-9) while it receives a part: what had arrived counts, and the photo becomes whole."""

from pathlib import Path

import pytest

from tests.backend.api.uploading import Line, Upload
from tests.chaos.processes import Site, a_site, free_port, people_of
from tests.journeys.pictures import a_photo


@pytest.mark.slow
def test_what_a_killed_api_had_received_is_not_sent_again(tmp_path: Path) -> None:
    with a_site(tmp_path) as (site, county):
        api = site.start_api()
        with (
            people_of(site, county) as people,
            Upload.announce(people, a_photo()) as upload,
            Line(upload, 0) as line,
        ):
            line.send(upload.photo[:15_000])
            upload.wait_for(15_000)

            api.kill()
            site.start_api()
            offset = upload.offset()
            rest = upload.send(offset)

            assert offset == 15_000
            assert rest.status_code == 204
            assert upload.original() == upload.photo
            assert '"level":"error"' not in api.logged.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_silent_line_does_not_hold_up_a_stop_and_its_bytes_stay(tmp_path: Path) -> None:
    with a_site(tmp_path) as (site, county):
        api = site.start_api()
        with (
            people_of(site, county) as people,
            Upload.announce(people, a_photo()) as upload,
            Line(upload, 0) as line,
        ):
            line.send(upload.photo[:5000])
            upload.wait_for(5000)

            api.stop()
            answered = line.status()

            parts = list((tmp_path / "uploads").iterdir())
            assert answered == 408
            assert [part.stat().st_size for part in parts] == [5000]
            # Who had to be cancelled after the grace leaves a traceback.
            assert "Traceback" not in api.logged.read_text(encoding="utf-8")


@pytest.mark.slow
def test_another_process_waits_for_a_live_upload_and_goes_on_with_a_dead_ones(tmp_path: Path) -> None:
    with a_site(tmp_path) as (site, county):
        first = site.start_api()
        with (
            people_of(site, county) as people,
            Upload.announce(people, a_photo()) as upload,
            Line(upload, 0) as line,
        ):
            beside = Site(tmp_path, free_port(), site.environment, site.running)
            beside.start_api()
            line.send(upload.photo[:5000])
            upload.wait_for(5000)
            other_url = upload.url.replace(site.url, beside.url)

            with Line(upload, 5000, url=other_url) as other:
                sent = 5000
                while not other.has_answer():
                    line.send(upload.photo[sent : sent + 100])
                    sent += 100
                while_moving = other.status()
            upload.wait_for(sent)
            first.kill()
            upload.url = other_url
            rest = upload.send(sent)

            assert (while_moving, rest.status_code) == (423, 204)
            upload.world.url = beside.url
            assert upload.offset() == len(upload.photo)
