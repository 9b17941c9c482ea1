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

matrix:          ## engine tests and proofs on newer engines (root)
	./test matrix
