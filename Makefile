.PHONY: lint test bench proofs matrix cold

lint:            ## style, types, import rules
	./test lint

test:            ## everything
	./test

proofs:          ## every exercise on two private engines
	./test proofs

# `make bench` takes all figures, `make bench FIGURES="start judge"` some. The peers come with the tests' environment.
bench:           ## the figures, side by side with peers
	DOCKERTUTOR_LOCK=$(CURDIR)/requirements-dev.lock DOCKERTUTOR_VENV=$(CURDIR)/.venv-test ./run --yes --only-python
	.venv-test/bin/python -m bench $(FIGURES)

cold:            ## fresh Debian 12 and 13: ./run to the first ticks, then ./test (root, about an hour)
	./test cold

# Debian 13's engine (26.1) and forky's (28.5), each with its own client (buildx, Compose v2), with the one that comes
# first on the PATH, and with Debian's here; a table closes it. The roots are made on first use and kept.
matrix:          ## engine tests and proofs on newer engines, with other clients (root, ~15 minutes a pair)
	./test matrix
