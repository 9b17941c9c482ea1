# The whole of ./test.
. tests/cold/scenarios/lib.sh
./test </dev/null
