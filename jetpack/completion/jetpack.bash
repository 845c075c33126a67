# bash completion for jetpack: every candidate comes from the programs.
_jetpack() {
	local IFS=$'\n' rest=${COMP_LINE:0:COMP_POINT} current=${COMP_WORDS[COMP_CWORD]} quote='' line word i
	# bash takes "=" and ":" for words of their own; options and keys hold them.
	local -a words=()
	for ((i = 0; i <= COMP_CWORD; i++)); do
		if [[ $i -gt 1 && $rest != [[:space:]]* ]]; then
			words[-1]+=${COMP_WORDS[i]}
		else
			words+=("${COMP_WORDS[i]}")
		fi
		rest=${rest#"${rest%%[![:space:]]*}"}
		rest=${rest#"${COMP_WORDS[i]}"}
	done
	# What is typed replaces the current word only, or follows "=" and ":".
	[[ $current == *[!=:]* ]] || current=
	local typed=${words[-1]}
	local before=${typed%"$current"}
	[[ $typed == [\"\']* ]] && quote=${typed:0:1} typed=${typed:1}
	[[ $quote ]] || typed=${typed//\\/} before=${before//\\/}
	words[-1]=$typed
	COMPREPLY=()
	while read -r line; do
		word=${line%%$'\t'*}
		if [[ $word == :files ]]; then
			compopt -o filenames 2>/dev/null
			mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "${current#[\"\']}")
			continue
		fi
		[[ $word == *. ]] && compopt -o nospace 2>/dev/null
		word=${word#"$before"}
		[[ $quote ]] || printf -v word %q "$word"
		COMPREPLY+=("$word")
	done < <("${words[0]}" --complete "${words[@]:1}" 2>/dev/null)
}
complete -F _jetpack @PROGRAMS@
