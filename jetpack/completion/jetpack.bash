# bash completion for jetpack: every candidate comes from the programs.
_jetpack() {
	local IFS=$'\n' line word i
	# bash takes "=" for a word of its own; the programs want --option=value whole.
	local -a words=()
	for ((i = 1; i <= COMP_CWORD; i++)); do
		if [[ ${COMP_WORDS[i]} == = && ${#words[@]} -gt 0 ]]; then
			words[-1]+==
		elif [[ ${#words[@]} -gt 0 && ${words[-1]} == --*= ]]; then
			words[-1]+=${COMP_WORDS[i]}
		else
			words+=("${COMP_WORDS[i]}")
		fi
	done
	COMPREPLY=()
	for line in $("${COMP_WORDS[0]}" --complete "${words[@]}" 2>/dev/null); do
		word=${line%%$'\t'*}
		if [[ $word == :files ]]; then
			compopt -o filenames 2>/dev/null
			COMPREPLY+=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]#=}"))
			continue
		fi
		[[ ${words[-1]} == --*=* ]] && word=${word#*=}
		COMPREPLY+=("$word")
	done
}
complete -F _jetpack @PROGRAMS@
