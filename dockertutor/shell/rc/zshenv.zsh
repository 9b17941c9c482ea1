# zsh reads its start-up files from here; the learner's own are read from where they are.
ZDOTDIR=@ZDOTDIR@
[[ -r $ZDOTDIR/.zshenv ]] && source "$ZDOTDIR/.zshenv"
typeset +x -g __dockertutor_zdotdir=${ZDOTDIR:-$HOME}
ZDOTDIR=@FOLDER@
