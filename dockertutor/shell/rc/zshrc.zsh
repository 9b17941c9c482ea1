# The learner's zsh: their own start-up file first, then a short prompt and the tutor's marks (see shell/marks.py).
ZDOTDIR=$__dockertutor_zdotdir
unset __dockertutor_zdotdir
[[ -r $ZDOTDIR/.zshrc ]] && source "$ZDOTDIR/.zshrc"
[[ $ZDOTDIR == $HOME ]] && unset ZDOTDIR

unset HISTFILE
unsetopt hist_ignore_space hist_ignore_dups hist_ignore_all_dups hist_no_functions hist_no_store share_history
setopt interactive_comments
zle_highlight+=(paste:none)
PROMPT_EOL_MARK=''
[[ -n '@BIN@' ]] && path=('@BIN@' $path)
@DOCKER@

__dockertutor_preexec() {
    builtin printf '\e]7717;@NONCE@;C;%s;@NONCE@\a' "${1:-$3}"
    __dockertutor_ran=1
}

__dockertutor_precmd() {
    local ended=$?
    if [[ $__dockertutor_ran == 1 ]]; then
        builtin printf '\e]7717;@NONCE@;D;%s;@NONCE@\a' $ended
    elif [[ -n $__dockertutor_number ]] && ((HISTCMD > __dockertutor_number)); then # zsh could not read the line
        builtin printf '\e]7717;@NONCE@;C;%s;@NONCE@\a' "$history[$((HISTCMD - 1))]"
        builtin printf '\e]7717;@NONCE@;D;%s;@NONCE@\a' $ended
    fi
    __dockertutor_ran=0 __dockertutor_number=$HISTCMD
    return $ended
}

__dockertutor_last() {
    local ended=$?
    __dockertutor_go
    PROMPT='%F{12}$%f ' PROMPT2='%F{12}>%f ' RPROMPT=
    builtin printf '\e]7717;@NONCE@;P;%s;@NONCE@\a' $ended
}

# Go to the folder that the tutor has written down: before each prompt, and at a key that no keyboard has.
__dockertutor_go() {
    local where
    [[ -s '@FOLDER@/where' ]] || return 0
    IFS= builtin read -r where <'@FOLDER@/where' && builtin cd -q -- "$where"
    : >|'@FOLDER@/where'
}
zle -N __dockertutor_go
for __dockertutor_map in emacs viins vicmd; do bindkey -M $__dockertutor_map '\e[7717~' __dockertutor_go; done
unset __dockertutor_map

zmodload zsh/parameter
typeset +x -g __dockertutor_ran=0 __dockertutor_number=
preexec_functions=($preexec_functions __dockertutor_preexec)
precmd_functions=(__dockertutor_precmd $precmd_functions __dockertutor_last)
