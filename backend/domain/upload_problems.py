"""Why a part of a photo is refused; docs/uploads.md says what a client does then.

Problem
└── UploadProblem
    ├── WrongTusVersion       a request without Tus-Resumable, or of another version     412
    ├── NotAChunk             another Content-Type than application/offset+octet-stream  415
    ├── UnknownChecksum       Upload-Checksum names another algorithm, or cannot be read 400
    ├── ChecksumMismatch      the line changed a byte                                    460
    ├── OffsetMismatch        the bytes do not go on where the part ends                 409
    ├── UploadLocked          another upload of the same photo is under way              423
    ├── UploadTooLong         more bytes than the manifest announced                     413
    ├── UploadInterrupted     the line broke or fell silent before the end               408
    └── PhotoStays            a photo that has arrived is evidence                       409
"""

from http import HTTPStatus

from backend.domain.problems import Problem

CHECKSUM_MISMATCH = 460
"""tus 1.0, checksum extension: HTTP itself has no such status."""


class UploadProblem(Problem):
    """A request of a resumable upload; the subclass says why it is refused."""


class WrongTusVersion(UploadProblem):
    """The client speaks another protocol, or did not say which."""

    type = "/problems/wrong-tus-version"
    status = HTTPStatus.PRECONDITION_FAILED
    title = "This version of tus is not spoken here"
    next = "Send Tus-Resumable: 1.0.0, or PUT the whole photo."


class NotAChunk(UploadProblem):
    """The body is declared as something else than bytes at an offset."""

    type = "/problems/not-a-chunk"
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    title = "The body is not declared as a part of a photo"
    next = "Send Content-Type: application/offset+octet-stream, or PUT the whole photo."


class UnknownChecksum(UploadProblem):
    """The checksum's algorithm is not one of ours, or the header cannot be read."""

    type = "/problems/unknown-checksum"
    title = "This checksum cannot be used"
    next = (
        "Send Upload-Checksum as an algorithm of Tus-Checksum-Algorithm, a space, and the digest in base64."
    )


class ChecksumMismatch(UploadProblem):
    """The bytes of this request are not those that the client hashed; none of them was kept."""

    type = "/problems/checksum-mismatch"
    status = CHECKSUM_MISMATCH
    title = "The bytes changed on the way"
    next = "Send the same bytes again from the same Upload-Offset: nothing of them was kept."


class OffsetMismatch(UploadProblem):
    """The bytes do not begin where those that have arrived end."""

    type = "/problems/offset-mismatch"
    status = HTTPStatus.CONFLICT
    title = "The upload does not go on there"
    next = "Ask for Upload-Offset with HEAD and send the bytes from there."

    def __init__(self, *, sent: int, current: int) -> None:
        super().__init__(f"the bytes begin at {sent}, {current} bytes have arrived")
        self.sent, self.current = sent, current


class UploadLocked(UploadProblem):
    """Two uploads of one photo would write over each other."""

    type = "/problems/upload-locked"
    status = HTTPStatus.LOCKED
    title = "Another upload of this photo is under way"
    next = "Wait as long as Retry-After says, ask for Upload-Offset with HEAD and go on from there."


class UploadTooLong(UploadProblem):
    """More bytes than the manifest announced for the photo; none of this request was kept."""

    type = "/problems/upload-too-long"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    title = "There are more bytes than were announced"
    next = "Send the announced photo and nothing behind it; Upload-Length of a HEAD says how long it is."

    def __init__(self, *, announced: int) -> None:
        super().__init__(f"the manifest announced {announced} bytes")
        self.announced = announced


class UploadInterrupted(UploadProblem):
    """The line broke or fell silent before the end of the request; what had arrived is kept."""

    type = "/problems/upload-interrupted"
    status = HTTPStatus.REQUEST_TIMEOUT
    title = "The upload stopped before its end"
    next = "Ask for Upload-Offset with HEAD and send the rest from there."


class PhotoStays(UploadProblem):
    """A photo that has arrived is evidence and is not taken back."""

    type = "/problems/photo-stays"
    status = HTTPStatus.CONFLICT
    title = "The photo has arrived and stays"
    next = "Nothing is left to end; to show something else, announce another photo as evidence."
