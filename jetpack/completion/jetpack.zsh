#compdef @PROGRAMS@
# zsh completion for jetpack: every candidate comes from the programs.
_jetpack() {
	local line word about
	local -a candidates after
	for line in ${(f)"$(${words[1]} --complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)"}; do
		word=${line%%$'\t'*} about=${line#*$'\t'}
		if [[ $word == :files ]]; then
			[[ ${words[CURRENT]} == --*=* ]] && compset -P '*='
			_files
			continue
		fi
		[[ $word == *. ]] && after=(-S '')
		if [[ $about == $line ]]; then
			candidates+=("${word//:/\\:}")
		else
			candidates+=("${word//:/\\:}:$about")
		fi
	done
	_describe -t jetpack jetpack candidates "${after[@]}"
}
# Read as the function itself, from a folder of $fpath, it begins at once.
if [[ ${funcstack[1]} == _jetpack ]]; then
	_jetpack
else
	compdef _jetpack @PROGRAMS@
fi
