#compdef @PROGRAMS@
# zsh completion for jetpack: every candidate comes from the programs.
_jetpack() {
	local line word about
	local -a candidates
	for line in ${(f)"$(${words[1]} --complete "${(@)words[2,CURRENT]}" 2>/dev/null)"}; do
		word=${line%%$'\t'*} about=${line#*$'\t'}
		if [[ $word == :files ]]; then
			_files
		elif [[ $about == $line ]]; then
			candidates+=("${word//:/\\:}")
		else
			candidates+=("${word//:/\\:}:$about")
		fi
	done
	_describe -t jetpack jetpack candidates
}
compdef _jetpack @PROGRAMS@
