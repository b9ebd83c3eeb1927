// Sends one file with tus-js-client. Reads {url, token, file, ...options} as JSON on stdin, writes what happened as JSON.
import { readFileSync } from 'node:fs'
import { Upload } from 'tus-js-client'

const { url, token, file, ending, ...options } = JSON.parse(readFileSync(0, 'utf8'))
const requests = []

function tell(outcome) {
  process.stdout.write(JSON.stringify({ requests, ...outcome }))
}

const upload = new Upload(readFileSync(file), {
  uploadUrl: url,
  headers: { Authorization: `Bearer ${token}` },
  ...options,
  onAfterResponse: (request, response) => requests.push([request.getMethod(), response.getStatus()]),
  onChunkComplete: (_size, accepted) => {
    if (ending !== undefined && accepted >= ending) {
      upload.abort(true).then(() => tell({ ended: true, accepted }))
    }
  },
  onSuccess: () => tell({ done: true }),
  onError: (error) =>
    tell({
      done: false,
      status: error.originalResponse?.getStatus() ?? null,
      body: error.originalResponse?.getBody() ?? '',
      message: String(error),
    }),
})
upload.start()
