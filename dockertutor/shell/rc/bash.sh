# The learner's bash: their own start-up file first, then a short prompt and the tutor's marks (see shell/marks.py).
[ -r ~/.bashrc ] && . ~/.bashrc

# Nothing below may reach the environment of a program, whatever "set -a" or an export in a start-up file says.
__dockertutor_allexport=
case $- in *a*) __dockertutor_allexport=1; set +a ;; esac
__dockertutor_users=("${PROMPT_COMMAND[@]}")
declare +x PROMPT_COMMAND PS0 PS1 PS2

# The history of a lesson is its own: every line is kept whole, and nothing is written to the learner's file.
unset HISTFILE HISTTIMEFORMAT
HISTCONTROL= HISTIGNORE=
shopt -s cmdhist lithist promptvars
set -o history
history -c
bind 'set enable-active-region off' 'set enable-bracketed-paste on' 'set bell-style none' 2>/dev/null
bind 'set enable-bracketed-paste on' 2>/dev/null

[ -n '@BIN@' ] && PATH='@BIN@':$PATH
@DOCKER@

__dockertutor_line() {
    local line
    line=$(builtin history 1)
    builtin printf '%s' "${line#*[0-9][ \*] }"
}

__dockertutor_prompt() {
    local status=$? number command
    if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)); then
        number=$(builtin history 1) # the prompt's own count stays behind the first line in bash 5.3
        number=${number#"${number%%[0-9]*}"} number=${number%%[!0-9]*}
        if [[ $__dockertutor_ran == 1 ]]; then
            builtin printf '\e]7717;@NONCE@;D;%s;@NONCE@\a' "$status"
        elif ((number > __dockertutor_number)); then # bash could not read the line, and so never began it
            builtin printf '\e]7717;@NONCE@;C;%s;@NONCE@\a' "$(__dockertutor_line)"
            builtin printf '\e]7717;@NONCE@;D;%s;@NONCE@\a' "$status"
        fi
        __dockertutor_ran=0 __dockertutor_number=$number
    fi
    __dockertutor_go
    for command in "${__dockertutor_users[@]}"; do
        builtin eval "$command"
    done
    PS1='\[\e[94m\]$\[\e[0m\] ' PS2='\[\e[94m\]>\[\e[0m\] '
    builtin printf '\e]7717;@NONCE@;P;%s;@NONCE@\a' "$status"
}

# Go to the folder that the tutor has written down: before each prompt, and at a key that no keyboard has.
__dockertutor_go() {
    local where
    [[ -s '@FOLDER@/where' ]] || return 0
    IFS= builtin read -r where <'@FOLDER@/where' && builtin cd -- "$where"
    : >|'@FOLDER@/where'
}
for __dockertutor_none in emacs vi-insert vi-command; do
    bind -m "$__dockertutor_none" -x '"\e[7717~":__dockertutor_go' 2>/dev/null
done

unset PROMPT_COMMAND __dockertutor_none
PROMPT_COMMAND=__dockertutor_prompt
__dockertutor_ran=0 __dockertutor_number=1000000
# An array's index is arithmetic: the last word of PS0 notes that a command ran, and shows nothing.
PS0='\e]7717;@NONCE@;C;$(__dockertutor_line);@NONCE@\a${__dockertutor_none[__dockertutor_ran=1]:+}'
[ -n "$__dockertutor_allexport" ] && set -a
unset __dockertutor_allexport
