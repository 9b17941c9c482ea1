# A window of the learner's own: their own start-up file first, then the way to the tutor's engine.
[ -r ~/.bashrc ] && . ~/.bashrc
[ -n '@BIN@' ] && PATH='@BIN@':$PATH
@DOCKER@
