# One line a target; the work is in scripts/.
.PHONY: demo test check serve serve-lan bench chaos chaos-phone fuzz fuzz-photos docs clean

demo:    ; @scripts/demo $(if $(PHOTOS),--photos "$(PHOTOS)")
serve:   ; @scripts/demo --serve $(if $(PHOTOS),--photos "$(PHOTOS)")
serve-lan: ; @scripts/serve_lan $(if $(ADDRESS),--address "$(ADDRESS)")
test:    ; @VISION="$(VISION)" scripts/test $(TESTS)
check:   ; @scripts/check
bench:   ; @scripts/bench
fuzz-photos: ; @scripts/fuzz_photos $(if $(PHOTOS),--photos "$(PHOTOS)") $(if $(SEED),--seed "$(SEED)")
chaos:   ; @scripts/chaos $(if $(KILLS),--kills "$(KILLS)") $(if $(SEED),--seed "$(SEED)") $(if $(DATABASE),--database "$(DATABASE)")
chaos-phone: ; @scripts/chaos_phone $(if $(CUTS),--cuts "$(CUTS)") $(if $(SEED),--seed "$(SEED)") $(if $(MINUTES),--minutes "$(MINUTES)")
fuzz:    ; @scripts/fuzz $(if $(CASES),--cases "$(CASES)") $(if $(SEED),--seed "$(SEED)") $(if $(DATABASE),--database "$(DATABASE)")
docs:    ; @scripts/install server,dev && .venv/bin/python scripts/generate_docs.py
clean:   ; rm -rf .venv demo/out var dist build
