.PHONY: lint test bench proofs matrix cold

lint:            ## style, types, import rules
	./test lint

test:            ## everything
	./test

proofs:          ## every exercise on two private engines
	./test proofs

bench:           ## the figures, side by side with peers
	./run --yes --only-python
	.venv/bin/python -m bench

cold:            ## fresh Debian 12 and 13: ./run to the first ticks, then ./test (root, about an hour)
	./test cold

# Debian 13's engine (26.1) and forky's (28.5), each with its own client (buildx, Compose v2), with the one that comes
# first on the PATH, and with Debian's here; a table closes it. The roots are made on first use and kept.
matrix:          ## engine tests and proofs on newer engines, with other clients (root, ~15 minutes a pair)
	./test matrix
