# A window of the learner's own: their own start-up file first, then the way to the tutor's engine.
ZDOTDIR=$__dockertutor_zdotdir
unset __dockertutor_zdotdir
[[ -r $ZDOTDIR/.zshrc ]] && source "$ZDOTDIR/.zshrc"
[[ $ZDOTDIR == $HOME ]] && unset ZDOTDIR
[[ -n '@BIN@' ]] && path=('@BIN@' $path)
@DOCKER@
